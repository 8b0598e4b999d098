"""What the environment of a pull request costs, by what its state has."""

from collections.abc import Mapping, Sequence
from typing import Any

from planning import billed, cost, prices
from planning.charges import Usage
from planning.cost import Bill
from stacks.models import Settings


def bill(resources: Sequence[Mapping[str, Any]], platform: Settings) -> tuple[Bill, str | None]:
    """The bill of what a state has, at the platform's usage; why there is none, where no price of the region is known."""
    known = prices.read()
    if platform.region not in known:
        return Bill([], []), f"{prices.FILE.name} has no prices of {platform.region}; scripts/refresh_prices.py reads them"
    return cost.of(billed.of_state(resources), known[platform.region], Usage(**platform.usage.model_dump())), None
