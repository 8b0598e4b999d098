"""Feast's online store, in ElastiCache for Valkey: the cache, and who may read and write which features in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.cache import DELIVERED_LOGS, Cache, CacheArgs
from components.cache_users import CacheUser, CacheUsers, CacheUsersArgs
from components.credentials import Credentials, CredentialsArgs
from planning import cache, feast_projects
from tiers.feature_store_args import FeatureStoreArgs

PURPOSE = "online-store"


@dataclass(frozen=True, kw_only=True)
class OnlineStore:
    host: pulumi.Output[str]
    port: pulumi.Output[int]
    user_group: pulumi.Output[str]
    """The id of the group of its users."""
    secrets: Mapping[str, Mapping[cache.Role, pulumi.Output[str]]]
    """Names of the secrets with `username` and `password`, by the project's name in the stack file and by what its user may do."""


def online_store(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> OnlineStore:
    """Makes the cache, with a writer and a reader for each project."""
    names = args.place.environment.names
    secrets: dict[str, dict[cache.Role, pulumi.Output[str]]] = {}
    users: dict[str, CacheUser] = {}
    for project, in_feast in feast_projects.projects(args.feature_store.projects).items():
        secrets[project] = {}
        for role in cache.ROLES:
            credentials = _credentials(args, f"{project}-{role}", child)
            secrets[project][role] = credentials.secret
            users[names.cache_user(f"{project}-{role}")] = CacheUser(access=cache.access(role, in_feast), passwords=credentials.passwords)
    group = CacheUsers(
        PURPOSE, CacheUsersArgs(group=names.replication_group(PURPOSE), nobody=names.cache_user("default"), users=users), child
    ).group
    made = Cache(PURPOSE, _cache(args, group), child)
    return OnlineStore(host=made.host, port=made.port, user_group=group, secrets=secrets)


def _credentials(args: FeatureStoreArgs, user: str, child: pulumi.ResourceOptions) -> Credentials:
    environment = args.place.environment
    return Credentials(
        f"{PURPOSE}-{user}",
        CredentialsArgs(
            secret=environment.names.secret(PURPOSE, user),
            key_arn=args.place.key_arn,
            username=environment.names.cache_user(user),
            generation=args.feature_store.credentials_generation,
            # No host: a cache is made with its users, and is not there before them.
            fields={},
            recovery_window_days=environment.secret_recovery_days,
        ),
        child,
    )


def _cache(args: FeatureStoreArgs, user_group: pulumi.Output[str]) -> CacheArgs:
    environment, settings = args.place.environment, args.feature_store.online_store
    replication_group = environment.names.replication_group(PURPOSE)
    return CacheArgs(
        replication_group=replication_group,
        description=f"Online features of {environment.names.deployment}",
        version=settings.version,
        node_type=settings.node_type,
        shards=settings.shards,
        replicas=settings.replicas,
        eviction=settings.eviction,
        user_group=user_group,
        vpc_id=args.vpc_id,
        subnet_ids=args.data_subnet_ids,
        clients=args.online_store_clients,
        key_arn=args.place.key_arn,
        snapshot_retention_days=settings.snapshot_retention_days,
        snapshot_window=settings.snapshot_window,
        maintenance_window=settings.maintenance_window,
        log_groups={log: environment.names.cache_log_group(PURPOSE, log) for log in DELIVERED_LOGS},
        log_key_arn=args.place.log_key_arn,
        log_retention_days=settings.log_retention_days,
        alarm_topic_arn=args.alarm_topic_arn,
        apply_immediately=environment.destroyable,
        protected=environment.protected,
        final_snapshot=environment.final_snapshot(replication_group),
    )
