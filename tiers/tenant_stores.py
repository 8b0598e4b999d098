"""What a tenant has in the platform's registry and online store: a database and users of both, each with its secret."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

import contract
from components.cache_members import CacheMembers, CacheMembersArgs
from components.cache_users import CacheUser
from components.credentials import Credentials, CredentialsArgs
from components.database_job import DatabaseJob, DatabaseJobArgs
from planning import cache, database_image, databases, tenant_databases
from planning.tenants import TenantNames
from tiers.databases import ADMIN
from tiers.publication import Fields


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A tenant's part of a feature store."""

    names: TenantNames
    project: str
    """In Feast."""
    foundation: contract.Foundation
    feature_store: contract.FeatureStore
    generation: int
    """Of its passwords."""
    recovery_window_days: int
    retiring: bool
    """Whether its database and the users of it are to be removed."""

    def credentials(
        self, name: str, secret: str, username: str, fields: Mapping[str, str | int], opts: pulumi.ResourceOptions
    ) -> Credentials:
        args = CredentialsArgs(
            secret=secret,
            key_arn=self.foundation.key_arns["features"],
            username=username,
            generation=self.generation,
            fields=fields,
            recovery_window_days=self.recovery_window_days,
        )
        return Credentials(name, args, opts)


def stores(args: Slice, child: pulumi.ResourceOptions, inside: pulumi.ResourceOptions) -> Fields:
    """Makes them, objects of the cluster `inside` it, and returns what the contract says of them (contract.Tenant)."""
    return {
        "database": tenant_databases.database(args.names.tenant),
        "registry_secrets": _database(args, child, inside),
        "online_store_secrets": _cache_users(args, child),
    }


def _cache_users(args: Slice, child: pulumi.ResourceOptions) -> Mapping[str, pulumi.Output[str]]:
    credentials: dict[cache.Role, Credentials] = {
        role: args.credentials(f"online-store-{role}", args.names.online_store_secret(role), args.names.cache_user(role), {}, child)
        for role in cache.ROLES
    }
    users = {
        args.names.cache_user(role): CacheUser(access=cache.access(role, args.project), passwords=each.passwords)
        for role, each in credentials.items()
    }
    CacheMembers("online-store", CacheMembersArgs(group=args.feature_store.online_store_user_group, users=users), child)
    return {str(role): each.secret for role, each in credentials.items()}


def _database(args: Slice, child: pulumi.ResourceOptions, inside: pulumi.ResourceOptions) -> Mapping[str, pulumi.Output[str]]:
    store, tenant = args.feature_store, args.names.tenant
    fields = {"host": store.registry_host, "port": store.registry_port, "dbname": tenant_databases.database(tenant)}
    secrets: dict[databases.Right, pulumi.Output[str]] = {
        right: args.credentials(
            f"registry-{right}", args.names.registry_secret(right), tenant_databases.user(tenant, right), fields, child
        ).secret
        for right in tenant_databases.RIGHTS
    }
    statements = tenant_databases.removal(tenant) if args.retiring else tenant_databases.statements(tenant)
    DatabaseJob(
        f"{tenant}-database",
        DatabaseJobArgs(
            # Where the platform's own runs, and as whom: docs/decisions/0017-who-makes-a-tenants-database.md.
            namespace=store.namespace,
            service_account=ADMIN,
            node_pool=store.node_pool,
            priority_class=store.priority_class,
            image=f"{args.foundation.repositories[database_image.IMAGE]}:{database_image.tag()}",
            ca_bundle=database_image.CA_BUNDLE,
            script=database_image.script(),
            statements=[statement.as_data() for statement in statements],
            users={}
            if args.retiring
            else {tenant_databases.user(tenant, right): _user(args, right, secret) for right, secret in secrets.items()},
            clauses=databases.CLAUSES,
            host=store.registry_host,
            port=store.registry_port,
            master_secret=store.registry_master_secret_arn,
        ),
        inside,
    )
    return {str(right): secret for right, secret in secrets.items()}


def _user(args: Slice, right: databases.Right, secret: pulumi.Output[str]) -> dict[str, pulumi.Input[str | int]]:
    return {
        "authentication": "password",
        "database": tenant_databases.database(args.names.tenant),
        "secret": secret,
        # So that the Job runs again when there is another password.
        "generation": args.generation,
    }
