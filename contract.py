"""What the platform publishes, and where: written by the tiers, read by tenants, scripts and tests.

Each section is a stack output of its name and an SSM parameter that holds it as JSON. No section holds a secret. The namespaces of the
tiers have those that concern them in a ConfigMap.
A tenant's stack publishes one, `tenant`, below its platform's parameters; its namespaces have it in a ConfigMap, and `feature_store.json`.
The stack output `kubeconfigs` has, besides, a kubeconfig for each cluster (by its name in the stack file).
"""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

CONFIG_MAP = "ml-platform-contract"
"""The ConfigMap in each tier's namespace: `feature_store.json` in all of them, and the tier's own section."""


class Section(BaseModel):
    """One part of the contract. A reader gets one with `Section.model_validate_json(parameter)`."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Foundation(Section):
    repositories: Mapping[str, str]
    """Where images are pushed to and pulled from, by their names in the stack file. Tags are never moved."""
    alarm_topic_arn: str
    key_arns: Mapping[str, str]
    """KMS keys by domain: features, models, clusters, logs."""
    boundary_arn: str
    """The permissions boundary that every role of the environment must carry."""
    profile: str
    """The environment's profile in its stack file."""
    destroyable: bool
    """Whether what the environment holds is worth nothing once it is gone."""


class Network(Section):
    """Subnet ids are in the order of the zones."""

    vpc_id: str
    cidr: str
    zones: tuple[str, ...]
    public_subnet_ids: tuple[str, ...]
    private_subnet_ids: tuple[str, ...]
    data_subnet_ids: tuple[str, ...]
    private_cidrs: tuple[str, ...]
    """Where nodes and pods are."""
    data_cidrs: tuple[str, ...]
    """Where the registry and the online store are."""


class Cluster(Section):
    """Besides its administrator, a cluster lets in the roles ENVIRONMENT-cluster-deployer, -cluster-viewer and -team-NAME."""

    cluster: str
    arn: str
    version: str
    endpoint: str
    certificate_authority: str
    """Base64 of PEM."""
    service_cidr: str
    admin_role_arn: str


class Clusters(Section):
    clusters: Mapping[str, Cluster]
    """By their names in the stack file."""


class Workspace(Section):
    """Where the pods of a tier run, and as whom."""

    cluster: str
    node_pool: str
    """The value of the label `ml-platform/node-pool` on its nodes, and of the taint of that key where there is one. Also the name of
    its NodePool; where nodes are static there is one for each zone, called after it and the zone."""
    namespace: str
    service_account: str
    role_arn: str
    priority_class: str
    """What its pods say, so that real-time work goes first: without one they come after all others."""


class FeastProject(Section):
    """A project of the feature store. Its MySQL users are DATABASE_ddl, who makes tables, DATABASE_dml, who writes their rows, and
    DATABASE_ro, who reads them. In the online store it has a writer and a reader: after its name in the stack file their secrets are
    called NAME-writer and NAME-reader."""

    project: str
    """What Feast is to call it: the users of the online store reach the keys of this name and no others."""
    database: str


class FeatureStore(Workspace):
    """Each user's secret holds `username` and `password` as JSON, those of MySQL users also `host`, `port` and `dbname`.

    Besides `service_account`, the namespace has others, with roles of their own: feature-reader reads the registry and the online store,
    registry-admin makes databases, users and tables, event-writer puts events into the streams.
    """

    role_arns: Mapping[str, str]
    """By service account of the namespace."""
    projects: Mapping[str, FeastProject]
    """By their names in the stack file."""
    registry_host: str
    registry_port: int
    """MySQL 8.4, over TLS only."""
    registry_database: str
    """Made with the server, and nobody's: projects and MLflow have their own."""
    registry_secret_prefix: str
    """What the name of a MySQL user's secret begins with; its user's name follows."""
    registry_master_secret_arn: str
    """That of the master user, which RDS keeps. Of the service accounts only registry-admin reads it."""
    mlflow_database: str
    """MLflow's, with users mlflow_ddl, for `mlflow db upgrade`, and mlflow_dml."""
    online_store_host: str
    online_store_port: int
    """Valkey in cluster mode, over TLS only."""
    online_store_secret_prefix: str
    """What the name of the secret of one of its users begins with; NAME-writer or NAME-reader follows."""
    online_store_user_group: str
    """The id of the group of its users, which those of tenants join."""
    offline_bucket: str
    """Past feature values: of each Feast project below PROJECT/, PROJECT being Feast's own name of it, and fresh ones, as Firehose brings
    them, below feature_events/day=YYYY-MM-DD/. What could not be delivered is below errors/."""
    staging_bucket: str
    """What jobs leave for each other: of each Feast project below PROJECT/, and results of queries below athena/. It goes after days."""
    glue_database: str
    """With the tables `feature_events` and, where decisions are logged, `decisions`: each by the partition `day`."""
    athena_workgroup: str
    """Queries run in it and in no other: it says where results go, how they are encrypted, and how much a query may scan."""
    feature_event_stream: str
    """The Kinesis stream that fresh features are written to, a JSON object each."""
    decision_event_stream: str | None
    """The Kinesis stream that decisions are written to, a JSON object each. None: they are not logged."""
    decision_log_bucket: str | None
    """Where they end, below decisions/day=YYYY-MM-DD/, what could not be delivered below errors/. None: they are not logged."""


class Serving(Workspace):
    models_bucket: str
    release_prefix: str
    """Serving reads models below it, and nothing else of the bucket."""
    replica_cpus: int
    """vCPUs that each model server asks for."""
    replicas_min: int
    replicas_wanted: int
    """Model servers that answer the environment's peak traffic with a zone lost: at least as many when it comes."""
    replicas_max: int


class Training(Workspace):
    datasets_bucket: str
    checkpoints_bucket: str
    models_bucket: str
    candidate_prefix: str
    """Training writes models below it, and nothing else of the bucket."""
    gpu_node_pool: str | None
    """As `node_pool`, for pods that ask for `nvidia.com/gpu`, which is also the key of the taint there. None: there are no GPUs."""


class Tenant(Section):
    """What a tenant has of its platform. Each secret holds `username` and `password` as JSON, those of MySQL users also `host`, `port` and
    `dbname`."""

    platform: str
    """The platform's stack."""
    cluster: str
    namespaces: tuple[str, ...]
    node_pool: str
    """The value of the label `ml-platform/node-pool` on the nodes that its pods may choose, and of the taint of that key where there is
    one."""
    priority_class: str
    """What its pods say unless they are to come after all others."""
    role_arns: Mapping[str, str]
    """By service account."""
    project: str
    """What Feast is to call it. Past features are below PROJECT/ of the platform's offline bucket, and what jobs leave for each other below
    PROJECT/ of its staging bucket."""
    database: str
    """In the platform's registry."""
    registry_secrets: Mapping[str, str]
    """Names of the secrets of its MySQL users: of `ddl`, who makes tables, of `dml`, who writes their rows, and of `ro`, who reads them."""
    online_store_secrets: Mapping[str, str]
    """Names of the secrets of its users in the online store: of its `writer` and its `reader`."""
    expires: str | None
    """The day after which it may be removed, YYYY-MM-DD. None: it stays."""


SECTIONS: Mapping[str, type[Section]] = {
    "foundation": Foundation,
    "network": Network,
    "clusters": Clusters,
    "feature_store": FeatureStore,
    "serving": Serving,
    "training": Training,
}


def parameter_name(environment: str, section: str) -> str:
    """The SSM parameter of a section. Raises KeyError for a section that is not published."""
    if section not in SECTIONS:
        raise KeyError(f"got section `{section}`; expected one of {', '.join(SECTIONS)}; correct the name")
    return f"/ml-platform/{environment}/{section}"


def tenant_parameter_name(platform: str, tenant: str) -> str:
    """The SSM parameter of a tenant's section, among those of its platform."""
    return f"/ml-platform/{platform}/tenants/{tenant}"
