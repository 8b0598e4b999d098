"""One environment: everything that can be set."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from planning.names import LONGEST_CLUSTER
from stacks.fields import Account, ImageName, PolicyName, Region, Retirement, TagValue, different
from stacks.models.base import Model
from stacks.models.ci import Ci
from stacks.models.clusters import Access, Cluster
from stacks.models.feature_store import FeatureStore
from stacks.models.network import Network
from stacks.models.operations import Backup, Observability
from stacks.models.serving import Serving
from stacks.models.training import Training
from stacks.models.usage import Usage

Classification = Literal["public", "internal", "confidential", "pii"]


class Settings(Model):
    """One environment. Frozen, complete and checked: nothing below reads configuration."""

    kind: Literal["platform"] = "platform"
    """`platform`: an environment with all tiers. `tenant`: a team's slice of one."""
    environment: str
    """The stack's name; a stack file does not say it."""
    profile: str
    """Which column of stacks/profiles.yaml supplies what the stack file leaves out."""
    account: Account
    """The AWS account, 12 digits in quotes. Credentials of any other are refused."""
    region: Region
    """The AWS region."""
    owner: TagValue
    """The team that answers for the environment: the tag `owner`."""
    cost_centre: TagValue
    """Who pays: the tag `cost-centre`."""
    data_classification: Classification
    """The most sensitive data that it may hold: the tag `data-classification`."""
    destroyable: bool
    """Whether `pulumi destroy` may take the data with it. If not, it is refused, by Pulumi and by AWS."""
    audit_retention_days: Annotated[int, Field(ge=1, le=3653)]
    """How long the VPC's flow logs and the buckets' access logs are kept."""
    retiring: Retirement | None = None
    """Only scripts/retire.py sets it, for one update: it takes the protections off, and final snapshots end with it."""
    expires: date | None = None
    """The day after which scripts/slice.py may delete it: the tag `ml-platform/expires`. Only with the profile `preview`."""
    boundary: PolicyName | None = None
    """The permissions boundary of the account that the roles carry, by its name; without it, they carry one of the environment's own. For
    who may make roles and no boundary, as CI for a pull request. Only with the profile `preview`."""
    network: Network
    access: Access
    clusters: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=LONGEST_CLUSTER)], Cluster], Field(min_length=1)]
    """EKS clusters by name: lower-case letters, digits and hyphens."""
    feature_store: FeatureStore
    serving: Serving
    training: Training
    images: Annotated[tuple[ImageName, ...], AfterValidator(different)]
    """Programs whose images the environment keeps: each has a repository in ECR."""
    ci: Ci | None = None
    """Without it, nothing on GitHub can become a role of the environment."""
    observability: Observability = Observability()
    backup: Backup = Backup()
    usage: Usage = Usage(node_hours_per_month={})
