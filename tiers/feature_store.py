"""The feature store: a registry in MySQL, an online store in Valkey, an offline store in S3, streams of events,
and the materializer's place."""

import pulumi

from planning.documents.buckets import Access
from planning.priorities import BATCH
from stacks import pools
from tiers.events import events
from tiers.feature_store_args import FeatureStoreArgs
from tiers.offline_store import OFFLINE, STAGING, offline_store
from tiers.online_store import online_store
from tiers.publication import Fields, publish
from tiers.registry import REGISTRY_DATABASE, registry
from tiers.workspace import WorkspaceArgs, workspace


class FeatureStore(pulumi.ComponentResource):
    """Everything Feast runs on. Only nodes of the clusters that were named reach the registry and the online store."""

    published: Fields

    def __init__(self, name: str, args: FeatureStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:FeatureStore", name, None, opts)
        child, names = pulumi.ResourceOptions(parent=self), args.place.environment.names
        database, cache, store = registry(args, child), online_store(args, child), offline_store(args, child)
        materializer = WorkspaceArgs(
            place=args.place,
            tier=args.feature_store,
            pools=pools.feature_store(args.feature_store),
            priority=BATCH,
            service_account="materializer",
            access=[Access(bucket=names.bucket(OFFLINE), read=True), Access(bucket=names.bucket(STAGING), read=True, write=True)],
        )
        self.published = publish(
            "feature_store",
            names.environment,
            {
                **workspace("feature-store", materializer, child),
                "registry_host": database.host,
                "registry_port": database.port,
                "registry_database": REGISTRY_DATABASE,
                "online_store_host": cache.host,
                "online_store_port": cache.port,
                **store.published,
                **events(args, store, child),
            },
            child,
        )
        self.register_outputs(dict(self.published))
