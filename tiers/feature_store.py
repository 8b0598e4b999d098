"""The feature store: a registry in MySQL, an online store in Valkey, an offline store in S3, streams of events,
and the places of those who use them."""

import pulumi

from planning import feast_projects
from planning.databases import database
from planning.documents.buckets import Access
from planning.priorities import BATCH
from stacks import pools
from tiers.databases import ADMIN, make_databases, secrets_of
from tiers.events import DECISION_EVENTS, FEATURE_EVENTS, events
from tiers.feature_store_args import NAMESPACE, FeatureStoreArgs
from tiers.offline_store import OFFLINE, STAGING, offline_store
from tiers.online_store import PURPOSE as ONLINE_STORE
from tiers.online_store import online_store
from tiers.publication import Fields, publish, show_pods
from tiers.registry import REGISTRY_DATABASE, registry
from tiers.workspace import Rights, WorkspaceArgs, workload_role, workspace


class FeatureStore(pulumi.ComponentResource):
    """Everything Feast runs on. Only nodes of the clusters that were named reach the registry and the online store."""

    published: Fields

    def __init__(self, name: str, args: FeatureStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:FeatureStore", name, None, opts)
        child, names = pulumi.ResourceOptions(parent=self), args.place.environment.names
        server, cache, store = registry(args, child), online_store(args, child), offline_store(args, child)
        place = workspace(NAMESPACE, _materializer(args), child)
        databases = make_databases(args, server, place, child)
        roles = {who: workload_role(who, args.place, rights, child, namespace=NAMESPACE).arn for who, rights in _others(args).items()}
        self.published = publish(
            "feature_store",
            names.environment,
            {
                **place,
                "role_arns": {"materializer": place["role_arn"], ADMIN: databases.admin.arn, **roles},
                "projects": {
                    name: {"project": project, "database": database(name)}
                    for name, project in feast_projects.projects(args.feature_store.projects).items()
                },
                "registry_host": server.host,
                "registry_port": server.port,
                "registry_database": REGISTRY_DATABASE,
                "registry_master_secret_arn": server.master_user_secret_arn,
                **databases.published,
                "online_store_host": cache.host,
                "online_store_port": cache.port,
                "online_store_secret_prefix": names.secret(ONLINE_STORE, ""),
                "online_store_user_group": cache.user_group,
                **store.published,
                **events(args, store, child),
            },
            child,
        )
        show_pods(NAMESPACE, place["namespace"], {"feature_store": self.published}, args.place.host.provider, child)
        self.register_outputs(dict(self.published))


def _materializer(args: FeatureStoreArgs) -> WorkspaceArgs:
    names = args.place.environment.names
    return WorkspaceArgs(
        place=args.place,
        tier=args.feature_store,
        pools=pools.feature_store(args.feature_store),
        priority=BATCH,
        service_account="materializer",
        rights=Rights(
            access=[Access(bucket=names.bucket(OFFLINE), read=True), Access(bucket=names.bucket(STAGING), read=True, write=True)],
            secrets=[*secrets_of(args, "dml"), *_cache_secrets(args, "writer")],
        ),
        other_service_accounts=[ADMIN, *_others(args)],
    )


def _others(args: FeatureStoreArgs) -> dict[str, Rights]:
    """What the other service accounts may do, but for the one that makes databases."""
    names, logged = args.place.environment.names, args.feature_store.decision_log.retention_days is not None
    return {
        "feature-reader": Rights(secrets=[*secrets_of(args, "ro"), *_cache_secrets(args, "reader")]),
        "event-writer": Rights(streams=[names.stream(FEATURE_EVENTS), *([names.stream(DECISION_EVENTS)] if logged else [])]),
    }


def _cache_secrets(args: FeatureStoreArgs, right: str) -> list[str]:
    return [args.place.environment.names.secret(ONLINE_STORE, f"{project}-{right}") for project in args.feature_store.projects]
