"""The Kubernetes clusters, who administers them, and what a tier may use of the one that hosts it."""

from typing import Annotated, Literal

from pydantic import Field

from stacks.fields import Cidr, ClusterVersion, LogRetentionDays, NotNegative, Positive, PrincipalArn
from stacks.models.base import Model


class Access(Model):
    """Who gets in, besides whom the account's own IAM policies let in."""

    cluster_admins: tuple[PrincipalArn, ...]
    """ARNs of roles and users that may become the clusters' administrator."""


class Cluster(Model):
    """One EKS cluster in Auto Mode."""

    version: ClusterVersion
    """Kubernetes minor version, in standard support."""
    public_access_cidrs: tuple[Cidr, ...]
    """From where the API may be reached over the internet; empty: only from inside the VPC."""
    zonal_shift: bool
    """Whether AWS moves traffic away from a failing zone."""
    log_retention_days: LogRetentionDays
    """How long control-plane logs are kept."""


class Nodes(Model):
    """What the nodes of a tier may be, and how many."""

    instance_categories: tuple[Annotated[str, Field(pattern=r"^[a-z]+$")], ...]
    """Kinds of instance, by the first letters of their type: c, m, r."""
    architectures: tuple[Literal["amd64", "arm64"], ...]
    """Which images run: those of every architecture that is named here must exist."""
    capacity_types: tuple[Literal["on-demand", "spot"], ...]
    """`spot` is cheaper and can be taken away with two minutes' notice."""
    cpu_limit: Positive
    """vCPUs of all the tier's nodes together; past it no node is added."""
    memory_limit_gib: Positive
    """Memory of all the tier's nodes together; past it no node is added."""
    volume_gib: Annotated[int, Field(ge=20, le=16384)]
    """Size of each node's data volume."""


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
