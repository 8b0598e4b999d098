"""Feast's online store, in ElastiCache for Valkey."""

import pulumi

from components.cache import Cache, CacheArgs
from tiers.feature_store_args import FeatureStoreArgs


def online_store(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> Cache:
    """Makes the cache."""
    return Cache("online-store", _args(args), child)


def _args(args: FeatureStoreArgs) -> CacheArgs:
    environment, settings = args.place.environment, args.feature_store.online_store
    replication_group = environment.names.replication_group("online-store")
    return CacheArgs(
        replication_group=replication_group,
        description=f"Online features of {environment.names.deployment}",
        version=settings.version,
        node_type=settings.node_type,
        replicas=settings.replicas,
        vpc_id=args.vpc_id,
        subnet_ids=args.data_subnet_ids,
        clients=args.online_store_clients,
        key_arn=args.place.key_arn,
        snapshot_retention_days=settings.snapshot_retention_days,
        snapshot_window=settings.snapshot_window,
        maintenance_window=settings.maintenance_window,
        apply_immediately=environment.destroyable,
        protected=environment.protected,
        final_snapshot=environment.final_snapshot(replication_group),
    )
