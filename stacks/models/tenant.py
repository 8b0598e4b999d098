"""A tenant: a team's, or a pull request's, slice of a platform stack."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from planning.actions import TenantAction
from planning.names import LONGEST_ENVIRONMENT, LONGEST_TEAM
from stacks.fields import Account, FeastProject, KubernetesName, PolicyName, Positive, Region, Retirement, TagValue
from stacks.models.base import Model
from stacks.models.clusters import Quota
from stacks.models.platform import Classification


class Role(Model):
    """What the pods of one service account may do below the tenant's own prefixes and with its own secrets, and nowhere else."""

    namespace: KubernetesName
    """Which of the tenant's `namespaces` the pods run in."""
    actions: Annotated[tuple[TenantAction, ...], Field(min_length=1)]
    """IAM actions, each by its whole name: no wildcards."""


class Tenant(Model):
    """A team's slice of a platform: what it gets there, and nothing of the platform itself."""

    kind: Literal["tenant"]
    """`platform`: an environment with all tiers. `tenant`: a team's slice of one."""
    environment: str
    """The stack's name; a stack file does not say it."""
    platform: Annotated[str, Field(max_length=LONGEST_ENVIRONMENT)]
    """The platform stack that it is a slice of. Account and region are the same."""
    account: Account
    """The AWS account of the platform, 12 digits in quotes."""
    region: Region
    """The AWS region of the platform."""
    owner: TagValue
    """The team: the tag `owner`."""
    cost_centre: TagValue
    """Who pays: the tag `cost-centre`."""
    data_classification: Classification
    """The most sensitive data that it may hold, at most the platform's."""
    feast_project: FeastProject
    """Its project. In Feast digits of the stack's name follow it; it ends the keys of the online store: no project of a platform may end
    with another's name."""
    namespaces: Annotated[dict[KubernetesName, Quota], Field(min_length=1)]
    """Namespaces and what their pods may ask for."""
    roles: Annotated[dict[KubernetesName, Role], Field(default_factory=dict)]
    """Roles by the service account that gets them."""
    team: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=LONGEST_TEAM)] | None = None
    """Whose members deploy to its namespaces: one of the platform's `access.teams`. Without it, the platform's deployers do."""
    credentials_generation: Positive = 1
    """Which generation of passwords its users have: raised by one, they get new ones, and the ones before stay valid."""
    expires: date | None = None
    """The day after which scripts/slice.py may delete it: the tag `ml-platform/expires`. Without it, it stays."""
    boundary: PolicyName | None = None
    """The permissions boundary of the account that the roles carry, by its name; without it, they carry the platform's. For who may make
    roles within that one only, as CI for a pull request. Only with `expires`."""
    retiring: Retirement | None = None
    """Which retirement is under way: its database and users in MySQL are removed, and destroying the stack removes the rest."""
