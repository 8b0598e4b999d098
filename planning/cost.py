"""What a stack costs in a month, by tier, as far as its prices are known. What has no price is listed, and never counts as zero."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from planning import charges, node_charges
from planning.billed import Resource
from planning.charges import Stack, Usage
from planning.prices import HOURS_PER_MONTH, Price, Prices

NOT_COUNTED = (
    "data transfer between zones, between regions and to the internet",
    "load balancers and volumes that the clusters' controllers make",
    "the root volume of each node, and spot prices: nodes are priced on demand",
    "requests to KMS, Secrets Manager, SNS, SSM and ECR",
    "what a KMS key costs more once it is rotated",
    "logs that are kept after the month in which they came in",
    "backups, snapshots, CPU credits, Enhanced Monitoring, and the secret that RDS manages",
    "volume tiers, free tiers, discounts, Savings Plans, support and taxes",
)
"""What a bill of AWS has beside this one; nothing that a stack says would tell how much."""

_RULES: Mapping[str, charges.Rule] = {**charges.RULES, node_charges.NODE_POOL: node_charges.nodes}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One charge for one resource."""

    tier: str
    resource: str
    what: str
    quantity: Decimal
    price: Price

    @property
    def usd_per_month(self) -> Decimal:
        return self.quantity * self.price.usd


@dataclass(frozen=True, kw_only=True)
class Unpriced:
    """A charge that is missing from the total, and why."""

    tier: str
    resource: str
    what: str
    reason: str


@dataclass(frozen=True)
class Bill:
    """A month of a stack, in US dollars."""

    lines: Sequence[Line]
    unpriced: Sequence[Unpriced]

    @property
    def usd_per_month(self) -> Decimal:
        return sum((line.usd_per_month for line in self.lines), Decimal(0))

    @property
    def usd_per_hour(self) -> Decimal:
        return self.usd_per_month / HOURS_PER_MONTH

    @property
    def tiers(self) -> Mapping[str, Decimal]:
        """US dollars per month of every tier that has anything to pay, those included of which no price is known."""
        names = sorted({each.tier for each in (*self.lines, *self.unpriced)})
        return {name: sum((line.usd_per_month for line in self.lines if line.tier == name), Decimal(0)) for name in names}


def of(resources: Sequence[Resource], prices: Prices, usage: Usage) -> Bill:
    """The bill of these resources at these prices of their region."""
    stack = Stack(resources, usage)
    found = [each for resource in sorted(resources, key=lambda each: each.urn) for each in _of_one(resource, stack, prices)]
    return Bill([each for each in found if isinstance(each, Line)], [each for each in found if isinstance(each, Unpriced)])


def _of_one(resource: Resource, stack: Stack, prices: Prices) -> Iterator[Line | Unpriced]:
    rule = _RULES.get(resource.type)
    if rule is None:
        if not resource.type.startswith(charges.FREE):
            reason = "nothing here knows how AWS bills it"
            yield Unpriced(tier=resource.tier, resource=resource.name, what=resource.type, reason=reason)
        return
    for charge in rule(resource, stack):
        price = prices.get(charge.price)
        if price is None:
            reason = f"no price of `{charge.price}`"
        elif charge.quantity is None:
            reason = "how many is not known before it is made"
        else:
            yield Line(tier=resource.tier, resource=resource.name, what=charge.what, quantity=charge.quantity, price=price)
            continue
        yield Unpriced(tier=resource.tier, resource=resource.name, what=charge.what, reason=reason)
