"""Everything that can be set. Closed: an unknown key, a wrong type or a missing value is refused, never guessed."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from planning import subnets
from planning.names import LONGEST_CLUSTER
from planning.refusal import Refused
from stacks.fields import (
    Account,
    Cidr,
    LogRetentionDays,
    NotNegative,
    Positive,
    PrincipalArn,
    Region,
    Retirement,
    TagValue,
    ValkeyVersion,
    refusal,
)


class Model(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Network(Model):
    cidr: Cidr
    """The VPC's range, /16 to /22: nodes and pods get half of it (planning/subnets.py)."""
    service_cidr: Cidr
    """Addresses of Kubernetes services, in no VPC; the cluster's DNS answers on its tenth."""
    zones: Annotated[int, Field(ge=2, le=subnets.MOST_ZONES)]
    nat_gateways: Literal["one", "per_zone"]
    """`one` is cheaper; `per_zone` keeps the others' way out when a zone is lost."""

    @model_validator(mode="after")
    def _ranges_fit(self) -> "Network":
        try:
            subnets.plan(self.cidr, tuple(str(number) for number in range(self.zones)))
        except Refused as error:
            raise refusal(error.expected, error.remedy, at="cidr") from None
        if subnets.overlap(self.cidr, self.service_cidr):
            raise refusal(f"a range apart from the VPC's {self.cidr}", "choose another range, such as 172.20.0.0/16", at="service_cidr")
        return self


class Access(Model):
    cluster_admins: tuple[PrincipalArn, ...]
    """Who may become the clusters' administrator, besides whom the account's own IAM policies let in."""


class Cluster(Model):
    version: Annotated[str, Field(pattern=r"^1\.\d\d$")]
    public_access_cidrs: tuple[Cidr, ...]
    """From where the API may be reached over the internet; empty: only from inside the VPC."""
    zonal_shift: bool
    log_retention_days: LogRetentionDays


class Registry(Model):
    """Feast's registry and other metadata, in RDS MySQL."""

    version: Literal["8.4"]
    instance_class: Annotated[str, Field(pattern=r"^db\.[a-z0-9]+\.[a-z0-9]+$")]
    storage_gib: Annotated[int, Field(ge=20)]
    storage_limit_gib: Annotated[int, Field(ge=20)]
    """Storage grows by itself up to here."""
    multi_az: bool
    backup_retention_days: Annotated[int, Field(ge=1, le=35)]
    log_retention_days: LogRetentionDays


class OnlineStore(Model):
    """Feast's online store, in ElastiCache for Valkey."""

    version: ValkeyVersion
    node_type: Annotated[str, Field(pattern=r"^cache\.[a-z0-9]+\.[a-z0-9]+$")]
    replicas: Annotated[int, Field(ge=0, le=5)]
    snapshot_retention_days: Annotated[int, Field(ge=0, le=35)]


class Nodes(Model):
    """What the nodes of a tier may be, and how many."""

    instance_categories: tuple[Annotated[str, Field(pattern=r"^[a-z]+$")], ...]
    architectures: tuple[Literal["amd64", "arm64"], ...]
    capacity_types: tuple[Literal["on-demand", "spot"], ...]
    cpu_limit: Positive
    memory_limit_gib: Positive
    volume_gib: Annotated[int, Field(ge=20)]


class Quota(Model):
    """What the pods of a namespace may ask for, all together."""

    cpu: Positive
    memory_gib: Positive
    gpus: NotNegative
    pods: Positive


class Tier(Model):
    cluster: str
    """Which of `clusters` hosts the tier."""
    nodes: Nodes
    quota: Quota


class FeatureStore(Tier):
    registry: Registry
    online_store: OnlineStore


class Settings(Model):
    """One environment. Frozen, complete and checked: nothing below reads configuration."""

    environment: str
    profile: str
    account: Account
    region: Region
    owner: TagValue
    cost_centre: TagValue
    data_classification: Literal["public", "internal", "confidential", "pii"]
    destroyable: bool
    """Whether `pulumi destroy` may take the data with it. If not, it is refused, by Pulumi and by AWS."""
    retiring: Retirement | None = None
    """Only scripts/retire.py sets it, for one update: it takes the protections off, and final snapshots end with it."""
    network: Network
    access: Access
    clusters: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=LONGEST_CLUSTER)], Cluster]
    feature_store: FeatureStore
    serving: Tier
    training: Tier
