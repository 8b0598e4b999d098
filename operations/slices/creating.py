"""Making the environment of a pull request, and bringing it up to date."""

from datetime import date, timedelta

from operations.slices import environments
from operations.slices.environments import Kind
from operations.slices.place import Place
from planning.names import Names
from planning.state import secrets_provider
from scripts.deployed import Refused
from stacks.source import Source, checked, parse

LONGEST_DAYS = 14


def expiry(days: int, today: date) -> date:
    """The last day of an environment that is wanted for some days. Raises Refused."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused(f"got --days {days}; expected 1 to {LONGEST_DAYS}; create it again when it is needed for longer")
    return today + timedelta(days=days)


def create(here: Place, pull_request: int, kind: Kind, expires: date, provider: str | None = None) -> str:
    """Makes the environment, or brings it to what the checkout says now. Returns its stack.

    Raises Refused, StackFileRefused and KeyboardInterrupt; the same again goes on from there.
    """
    stack, backend = environments.stack_of(pull_request), here.backend
    known = backend.has(stack)
    if known:
        _must_be(kind, here, stack)
    written = _checked(here, pull_request, kind, expires)
    if kind == "full":
        _must_be_free(here.platform.region, str(written.given["network"]["cidr"]), here.deployment(stack))
    written.path.write_text(environments.text(written.given), encoding="utf-8")
    if not known:
        names = Names(environment=stack, account=here.platform.account)
        backend.initialise(stack, provider or secrets_provider(names, here.platform.region))
    backend.mark(stack, kind, f"{expires}")
    backend.up(stack)
    return stack


def _checked(here: Place, pull_request: int, kind: Kind, expires: date) -> Source:
    """What the stack file will say. Raises StackFileRefused."""
    settings = environments.settings_of(kind, here.platform, pull_request, expires)
    source = parse(here.stack_file(environments.stack_of(pull_request)), environments.text(settings).encode())
    checked(source)
    return source


def _must_be(kind: Kind, here: Place, stack: str) -> None:
    here.must_be_ours(stack)
    made = here.backend.kind(stack)
    if made not in (None, kind):
        raise Refused(f"{stack} is there, and is {made}: destroy it before it is made {kind}")


def _must_be_free(region: str, cidr: str, deployment: str) -> None:
    """Two pull requests whose numbers share a part of the pool come one after the other."""
    import boto3

    found = boto3.client("ec2", region_name=region).describe_vpcs(Filters=[{"Name": "cidr", "Values": [cidr]}])["Vpcs"]
    tags = [{each["Key"]: each["Value"] for each in vpc.get("Tags", [])} for vpc in found]
    others = [each.get("deployment", "a VPC without the tag `deployment`") for each in tags if each.get("deployment") != deployment]
    if others:
        raise Refused(f"{cidr} is this pull request's range, and {', '.join(others)} has it: destroy that, or take a slice instead")
