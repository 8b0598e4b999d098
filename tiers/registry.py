"""Feast's registry and other metadata, in RDS MySQL."""

import pulumi

from components.mysql import EXPORTED_LOGS, Mysql, MysqlArgs
from components.role import ManagedRole, ManagedRoleArgs
from planning import mysql
from planning.documents import trust
from tiers.feature_store_args import FeatureStoreArgs

REGISTRY_DATABASE = "registry"


def registry(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> Mysql:
    """Makes the database server, and what it is watched with."""
    monitored = args.feature_store.registry.monitoring_interval_seconds > 0
    return Mysql("registry", _args(args, _monitoring_role(args, child) if monitored else None), child)


def _monitoring_role(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    environment = args.place.environment
    return ManagedRole(
        "registry-monitoring",
        ManagedRoleArgs(
            role=environment.names.role("registry-monitoring"),
            boundary_arn=args.place.boundary_arn,
            description="What RDS writes the metrics of the registry's operating system as",
            trust=trust.database_monitoring(environment.region, environment.account, environment.names.database("registry")),
            # https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonRDSEnhancedMonitoringRole.html
            managed_policies=("service-role/AmazonRDSEnhancedMonitoringRole",),
        ),
        child,
    ).arn


def _args(args: FeatureStoreArgs, monitoring_role_arn: pulumi.Output[str] | None) -> MysqlArgs:
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
        parameters=mysql.parameters(settings.instance_class),
        monitoring_interval_seconds=settings.monitoring_interval_seconds,
        monitoring_role_arn=monitoring_role_arn,
        insights=None if settings.insights == "none" else settings.insights,
        events_topic_arn=args.alarm_topic_arn,
        log_groups={log: environment.names.database_log_group("registry", log) for log in EXPORTED_LOGS},
        log_key_arn=args.place.log_key_arn,
        log_retention_days=settings.log_retention_days,
        apply_immediately=environment.destroyable,
        protected=environment.protected,
        final_snapshot=environment.final_snapshot(identifier),
    )
