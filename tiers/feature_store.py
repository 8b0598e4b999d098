"""The feature store: a registry in MySQL, an online store in Valkey, an offline store in S3, and the materializer's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.cache import Cache, CacheArgs
from components.mysql import EXPORTED_LOGS, Mysql, MysqlArgs
from planning.documents.buckets import Access
from planning.priorities import BATCH
from stacks import models, pools
from tiers.data_bucket import data_bucket
from tiers.publication import Fields, publish
from tiers.workspace import Place, WorkspaceArgs, workspace

REGISTRY_DATABASE = "registry"


@dataclass(frozen=True, kw_only=True)
class FeatureStoreArgs:
    place: Place
    feature_store: models.FeatureStore
    registry_clients: Mapping[str, pulumi.Input[str]]
    online_store_clients: Mapping[str, pulumi.Input[str]]
    """Security groups of the nodes that may connect, by their cluster's name in the stack file."""
    vpc_id: pulumi.Input[str]
    data_subnet_ids: Sequence[pulumi.Input[str]]


class FeatureStore(pulumi.ComponentResource):
    """Everything Feast runs on. Only nodes of the clusters that were named reach the registry and the online store."""

    published: Fields

    def __init__(self, name: str, args: FeatureStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:FeatureStore", name, None, opts)
        child, names = pulumi.ResourceOptions(parent=self), args.place.environment.names
        registry = Mysql("registry", _registry(args), child)
        online_store = Cache("online-store", _online_store(args), child)
        offline_bucket = data_bucket("offline-features", args.place, child)
        materializer = WorkspaceArgs(
            place=args.place,
            tier=args.feature_store,
            pools=pools.feature_store(args.feature_store),
            priority=BATCH,
            service_account="materializer",
            access=[Access(bucket=names.bucket("offline-features"), read=True)],
        )
        self.published = publish(
            "feature_store",
            names.environment,
            {
                **workspace("feature-store", materializer, child),
                "registry_host": registry.host,
                "registry_port": registry.port,
                "registry_database": REGISTRY_DATABASE,
                "online_store_host": online_store.host,
                "online_store_port": online_store.port,
                "offline_bucket": offline_bucket,
            },
            child,
        )
        self.register_outputs(dict(self.published))


def _registry(args: FeatureStoreArgs) -> MysqlArgs:
    environment, registry = args.place.environment, args.feature_store.registry
    identifier = environment.names.database("registry")
    return MysqlArgs(
        identifier=identifier,
        database=REGISTRY_DATABASE,
        version=registry.version,
        instance_class=registry.instance_class,
        storage_gib=registry.storage_gib,
        storage_limit_gib=registry.storage_limit_gib,
        vpc_id=args.vpc_id,
        subnet_ids=args.data_subnet_ids,
        clients=args.registry_clients,
        key_arn=args.place.key_arn,
        multi_az=registry.multi_az,
        backup_retention_days=registry.backup_retention_days,
        backup_window=registry.backup_window,
        maintenance_window=registry.maintenance_window,
        log_groups={log: environment.names.database_log_group("registry", log) for log in EXPORTED_LOGS},
        log_key_arn=args.place.log_key_arn,
        log_retention_days=registry.log_retention_days,
        apply_immediately=environment.destroyable,
        protected=environment.protected,
        final_snapshot=environment.final_snapshot(identifier),
    )


def _online_store(args: FeatureStoreArgs) -> CacheArgs:
    environment, online_store = args.place.environment, args.feature_store.online_store
    replication_group = environment.names.replication_group("online-store")
    return CacheArgs(
        replication_group=replication_group,
        description=f"Online features of {environment.names.deployment}",
        version=online_store.version,
        node_type=online_store.node_type,
        replicas=online_store.replicas,
        vpc_id=args.vpc_id,
        subnet_ids=args.data_subnet_ids,
        clients=args.online_store_clients,
        key_arn=args.place.key_arn,
        snapshot_retention_days=online_store.snapshot_retention_days,
        snapshot_window=online_store.snapshot_window,
        maintenance_window=online_store.maintenance_window,
        apply_immediately=environment.destroyable,
        protected=environment.protected,
        final_snapshot=environment.final_snapshot(replication_group),
    )
