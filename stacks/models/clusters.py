"""The Kubernetes clusters, who administers them, and what a tier may use of the one that hosts it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from planning.names import LONGEST_TEAM
from stacks.fields import Cidr, ClusterVersion, LogRetentionDays, NotNegative, Positive, PrincipalArn, different
from stacks.models.base import Model


class Access(Model):
    """Who gets in, besides whom the account's own IAM policies let in."""

    cluster_admins: tuple[PrincipalArn, ...]
    """ARNs of roles and users that may become the clusters' administrator."""
    deployers: tuple[PrincipalArn, ...] = ()
    """ARNs of roles and users that may deploy to the tiers' namespaces, as the role ENVIRONMENT-cluster-deployer."""
    viewers: tuple[PrincipalArn, ...] = ()
    """ARNs of roles and users that may read everything in the clusters but secrets, as the role ENVIRONMENT-cluster-viewer."""
    teams: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=LONGEST_TEAM)], tuple[PrincipalArn, ...]],
        Field(default_factory=dict),
    ]
    """ARNs of the roles and users of each team, by its name: they get in as the role ENVIRONMENT-team-NAME, and may do what the team's
    tenant lets them."""


CapacityType = Literal["on-demand", "spot"]


class Nodes(Model):
    """What nodes may be, and how many."""

    instance_categories: tuple[Annotated[str, Field(pattern=r"^[a-z]+$")], ...]
    """Kinds of instance, by the first letters of their type: c, m, r."""
    architectures: tuple[Literal["amd64", "arm64"], ...]
    """Which images run: those of every architecture that is named here must exist."""
    capacity_types: tuple[CapacityType, ...]
    """`spot` is cheaper and can be taken away with two minutes' notice."""
    cpu_limit: Positive
    """vCPUs of all these nodes together; past it no node is added."""
    memory_limit_gib: Positive
    """Memory of all these nodes together; past it no node is added."""
    volume_gib: Annotated[int, Field(ge=20, le=16384)]
    """Size of each node's data volume."""


class Cluster(Model):
    """One EKS cluster in Auto Mode."""

    version: ClusterVersion
    """Kubernetes minor version, in standard support."""
    public_access_cidrs: tuple[Cidr, ...]
    """From where the API may be reached over the internet; empty: only from inside the VPC."""
    private_access_cidrs: Annotated[tuple[Cidr, ...], AfterValidator(different)] = ()
    """From where else the API may be reached without the internet: ranges of peered VPCs and of a VPN, whose routes are made elsewhere."""
    zonal_shift: bool
    """Whether AWS moves traffic away from a failing zone."""
    log_retention_days: LogRetentionDays
    """How long the logs of the control plane, of containers and of nodes are kept."""
    platform_nodes: Nodes
    """What the nodes of add-ons may be. They take any pod that no tier's nodes are reserved for."""


class Quota(Model):
    """What the pods of a tier's namespace may ask for, all together."""

    cpu: Positive
    """vCPUs."""
    memory_gib: Positive
    """Memory."""
    gpus: NotNegative
    """NVIDIA GPUs."""
    pods: Positive
    """Number of pods."""


class Tier(Model):
    """Where a tier runs."""

    cluster: str
    """Which of `clusters` hosts the tier."""
    nodes: Nodes
    """What its nodes may be."""
    quota: Quota
    """What its pods may ask for."""
