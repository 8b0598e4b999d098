"""What the committed prices leave out of the bills of the stacks that there are."""

import pytest

from planning import cost, prices
from planning.billed import Resource
from planning.charges import Usage
from planning.cost import Bill
from stacks.checking import StackFile, parse
from tests.unit.conftest import platform, stack_file
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import TENANT
from tiers.assembly import assemble

KNOWN = prices.read()

# No public copy quotes it for Ireland; scripts/refresh_prices.py asks AWS for it.
NOT_FOUND = {"no price of `AmazonEKS EKS-Auto:m6i.xlarge-management-hours`"}


def bill(recorded: Recorded, stack: str) -> Bill:
    """At the committed prices, and the usage of the platform `stack`."""
    settings = platform(stack)
    made = [
        Resource(urn=each.urn, type=each.type, parent=each.parent, inputs=each.inputs)
        for each in recorded.registrations
        if not each.type.startswith(("ml-platform:", "pulumi:"))
    ]
    return cost.of(made, KNOWN[settings.region], Usage(**settings.usage.model_dump()))


@pytest.fixture(scope="module")
def tenant(dev: Recorded) -> Recorded:
    published = {each.inputs["name"]: each.inputs["insecureValue"] for each in dev.all("aws:ssm/parameter:Parameter")}
    settings = parse("risk", TENANT, [StackFile("dev", stack_file("dev"))])
    return record(lambda: assemble(settings), stack="risk", parameters=published)


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_what_a_platform_is_billed_for_has_a_price_where_one_was_found(stack: str, request: pytest.FixtureRequest) -> None:
    reasons = {each.reason for each in bill(request.getfixturevalue(stack), stack).unpriced}
    assert {reason for reason in reasons if reason.startswith("no price of")} <= NOT_FOUND


def test_all_that_a_tenant_is_billed_for_has_a_price(tenant: Recorded) -> None:
    found = bill(tenant, "dev")
    assert found.lines
    assert not found.unpriced
