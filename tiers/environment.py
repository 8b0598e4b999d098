"""What every tier knows of the environment it is part of."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws

from planning.names import EXPIRES_TAG, PROJECT, Names
from stacks.models import Settings, Tenant


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Where an environment is, what its things are called and tagged, and whether they may be lost."""

    account: str
    region: str
    names: Names
    tags: Mapping[str, str]
    destroyable: bool
    """Whether what it holds is worth nothing once it is gone."""
    retiring: str | None
    """Which retirement is under way; None: none."""

    @property
    def protected(self) -> bool:
        """Whether Pulumi and AWS are to refuse the deletion of what holds data."""
        return not self.destroyable and self.retiring is None

    @property
    def secret_recovery_days(self) -> int:
        """How long a deleted secret can be restored. Until then its name is taken: none at all where the environment may be made again."""
        return 0 if self.destroyable else 30

    def final_snapshot(self, of: str) -> str | None:
        """What the last snapshot of a database is called; None where none is to be left.

        Each retirement has names of its own: AWS refuses a name that is taken, by an earlier life of the environment say.
        """
        return None if self.destroyable else "-".join(filter(None, [of, "final", self.retiring]))

    @staticmethod
    def of(settings: Settings) -> "Environment":
        names = Names(environment=settings.environment, account=settings.account)
        return Environment(
            account=settings.account,
            region=settings.region,
            names=names,
            tags=_tags(settings, settings.environment, settings.profile),
            destroyable=settings.destroyable,
            retiring=settings.retiring,
        )


def tags_of_tenant(tenant: Tenant, profile: str) -> Mapping[str, str]:
    """What everything of a tenant is tagged with: the environment and its `profile` are the platform's, the deployment is its own."""
    return _tags(tenant, tenant.platform, profile)


def _tags(stack: Settings | Tenant, environment: str, profile: str) -> Mapping[str, str]:
    return {
        "environment": environment,
        # By it the policy pack knows production.
        "profile": profile,
        "owner": stack.owner,
        "cost-centre": stack.cost_centre,
        "data-classification": stack.data_classification,
        "project": PROJECT,
        "deployment": Names(environment=stack.environment, account=stack.account).deployment,
        **({} if stack.expires is None else {EXPIRES_TAG: stack.expires.isoformat()}),
    }


def provider(name: str, account: str, region: str, tags: Mapping[str, str] | None = None) -> aws.Provider:
    """A way into AWS: refuses credentials of another account, and tags everything it makes."""
    return aws.Provider(
        name,
        region=region,
        allowed_account_ids=[account],
        default_tags=None if tags is None else aws.ProviderDefaultTagsArgs(tags=tags),
    )
