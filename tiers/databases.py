"""What Feast and MLflow find in the registry's server: databases, users with their secrets, and the Job that makes them."""

from dataclasses import dataclass

import pulumi

from components.credentials import Credentials, CredentialsArgs
from components.database_job import DatabaseJob, DatabaseJobArgs
from components.mysql import Mysql
from components.workload_role import WorkloadRole
from planning import database_image, databases
from planning.documents import workloads
from planning.tenants import any_registry_secret
from tiers.feature_store_args import NAMESPACE, FeatureStoreArgs
from tiers.publication import Fields
from tiers.workspace import Rights, workload_role

OF_REGISTRY = "registry"
ADMIN = "registry-admin"
"""The service account of the Jobs that make databases."""


@dataclass(frozen=True, kw_only=True)
class Databases:
    admin: WorkloadRole
    published: Fields


def make_databases(args: FeatureStoreArgs, server: Mysql, workspace: Fields, child: pulumi.ResourceOptions) -> Databases:
    """Makes them; `workspace` is the tier's place in its cluster."""
    place, settings = args.place, args.feature_store
    environment = place.environment
    users = databases.users(settings.projects)
    secrets = {user.name: _secret(user, args, server, child) for user in users if user.authentication == "password"}
    admin = _admin(args, server, child)
    DatabaseJob(
        "databases",
        DatabaseJobArgs(
            namespace=workspace["namespace"],
            service_account=admin.service_account,
            node_pool=workspace["node_pool"],
            priority_class=workspace["priority_class"],
            image=database_image.uri(
                environment.account, environment.region, environment.names.repository(database_image.IMAGE), database_image.tag()
            ),
            ca_bundle=database_image.CA_BUNDLE,
            script=database_image.script(),
            statements=[statement.as_data() for statement in databases.statements(settings.projects)],
            users={user.name: _described(user, secrets, settings.credentials_generation) for user in users},
            clauses=databases.CLAUSES,
            host=server.host,
            port=server.port,
            master_secret=server.master_user_secret_arn,
        ),
        place.host.inside(child),
    )
    published = {
        "mlflow_database": databases.MLFLOW,
        "registry_secret_prefix": environment.names.secret(OF_REGISTRY, ""),
    }
    return Databases(admin=admin, published=published)


def secrets_of(args: FeatureStoreArgs, right: databases.Right) -> list[str]:
    """The names of the secrets of one kind of user, of every project."""
    names = args.place.environment.names
    return [names.secret(OF_REGISTRY, databases.project_user(project, right)) for project in args.feature_store.projects]


def _secret(user: databases.User, args: FeatureStoreArgs, server: Mysql, child: pulumi.ResourceOptions) -> pulumi.Output[str]:
    environment = args.place.environment
    (database,) = user.databases
    return Credentials(
        f"{OF_REGISTRY}-{user.name}",
        CredentialsArgs(
            secret=environment.names.secret(OF_REGISTRY, user.name),
            key_arn=args.place.key_arn,
            username=user.name,
            generation=args.feature_store.credentials_generation,
            fields={"host": server.host, "port": server.port, "dbname": database},
            recovery_window_days=environment.secret_recovery_days,
        ),
        child,
    ).secret


def _described(user: databases.User, secrets: dict[str, pulumi.Output[str]], generation: int) -> dict[str, pulumi.Input[str | int]]:
    about: dict[str, pulumi.Input[str | int]] = {"authentication": user.authentication, "database": user.databases[0]}
    # The generation, so that the Job runs again when there is another password.
    return {**about, "secret": secrets[user.name], "generation": generation} if user.name in secrets else about


def _admin(args: FeatureStoreArgs, server: Mysql, child: pulumi.ResourceOptions) -> WorkloadRole:
    """The role of the Job, and of whoever changes tables: it makes users, those of tenants too, so it reads
    what their passwords are to be (docs/decisions/0017-who-makes-a-tenants-database.md)."""
    environment = args.place.environment
    users = [user.name for user in databases.users(args.feature_store.projects) if user.authentication == "password"]
    return workload_role(
        ADMIN,
        args.place,
        Rights(
            secrets=[*(environment.names.secret(OF_REGISTRY, user) for user in users), any_registry_secret(environment.names)],
            inline_policies={
                "master": server.master_user_secret_arn.apply(workloads.secret),
                "login": server.resource_id.apply(
                    lambda resource_id: workloads.database_user(
                        environment.region, environment.account, resource_id, databases.REGISTRY_ADMIN
                    )
                ),
            },
        ),
        child,
        namespace=NAMESPACE,
    )
