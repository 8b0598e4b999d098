"""What every tier knows of the environment it is part of."""

from collections.abc import Mapping
from dataclasses import dataclass

from planning.names import PROJECT, Names
from stacks.models import Settings


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Where an environment is, what its things are called and tagged, and whether they may be lost."""

    account: str
    region: str
    names: Names
    tags: Mapping[str, str]
    destroyable: bool

    @staticmethod
    def of(settings: Settings) -> "Environment":
        names = Names(environment=settings.environment, account=settings.account)
        tags = {
            "environment": settings.environment,
            "owner": settings.owner,
            "cost-centre": settings.cost_centre,
            "data-classification": settings.data_classification,
            "project": PROJECT,
            "deployment": names.deployment,
        }
        return Environment(account=settings.account, region=settings.region, names=names, tags=tags, destroyable=settings.destroyable)
