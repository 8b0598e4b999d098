"""Feast's registry and other metadata, in RDS MySQL."""

import pulumi

from components.mysql import EXPORTED_LOGS, Mysql, MysqlArgs
from tiers.feature_store_args import FeatureStoreArgs

REGISTRY_DATABASE = "registry"


def registry(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> Mysql:
    """Makes the database server."""
    return Mysql("registry", _args(args), child)


def _args(args: FeatureStoreArgs) -> MysqlArgs:
    environment, settings = args.place.environment, args.feature_store.registry
    identifier = environment.names.database("registry")
    return MysqlArgs(
        identifier=identifier,
        database=REGISTRY_DATABASE,
        version=settings.version,
        instance_class=settings.instance_class,
        storage_gib=settings.storage_gib,
        storage_limit_gib=settings.storage_limit_gib,
        vpc_id=args.vpc_id,
        subnet_ids=args.data_subnet_ids,
        clients=args.registry_clients,
        key_arn=args.place.key_arn,
        multi_az=settings.multi_az,
        backup_retention_days=settings.backup_retention_days,
        backup_window=settings.backup_window,
        maintenance_window=settings.maintenance_window,
        log_groups={log: environment.names.database_log_group("registry", log) for log in EXPORTED_LOGS},
        log_key_arn=args.place.log_key_arn,
        log_retention_days=settings.log_retention_days,
        apply_immediately=environment.destroyable,
        protected=environment.protected,
        final_snapshot=environment.final_snapshot(identifier),
    )
