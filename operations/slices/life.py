"""An environment of a pull request from its first `up` to the last thing that is left of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from operations.slices import environments, tagged
from operations.slices.backend import Backend
from operations.slices.environments import Kind
from operations.slices.tagged import Tagged
from planning.names import Names
from planning.state import secrets_provider
from scripts import sweep
from scripts.deployed import Refused, compare_accounts
from scripts.leftovers import KINDS
from stacks.models import Settings
from stacks.source import Source, checked, parse, read

LONGEST_DAYS = 14


@dataclass(frozen=True)
class Place:
    """A project's directory, and the platform whose account and region environments of pull requests are made in."""

    directory: Path
    platform: Settings

    @property
    def stack_files(self) -> Path:
        return stack_files(self.directory)

    @property
    def backend(self) -> Backend:
        return Backend(self.directory)

    def stack_file(self, stack: str) -> Path:
        return self.stack_files / f"Pulumi.{stack}.yaml"


def place(directory: Path, platform: str) -> Place:
    """Raises Refused where there is no such platform or the credentials are of another account, and StackFileRefused."""
    path = stack_files(directory) / f"Pulumi.{platform}.yaml"
    if not path.is_file():
        raise Refused(f"got platform `{platform}`; expected one that has a file {path}; name another with --platform")
    settings = checked(read(path))
    if not isinstance(settings, Settings):
        raise Refused(f"got `{platform}`, a tenant; expected a platform; name the one that it is on with --platform")
    compare_accounts(settings.account, settings.region, f"the stack file of {platform}")
    return Place(directory, settings)


def stack_files(directory: Path) -> Path:
    """Where the project's stack files are. Raises Refused."""
    try:
        about: Any = yaml.safe_load((directory / "Pulumi.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"there is no Pulumi.yaml in {directory}: run this in the project's directory") from None
    return directory / about.get("stackConfigDir", ".")


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
    known = stack in backend.stacks()
    if known:
        _must_be_ours(here, stack, kind)
    written = _checked(here, pull_request, kind, expires)
    if kind == "full":
        _must_be_free(here.platform.region, str(written.given["network"]["cidr"]), _deployment(here, stack))
    written.path.write_text(environments.text(written.given), encoding="utf-8")
    if not known:
        names = Names(environment=stack, account=here.platform.account)
        backend.initialise(stack, provider or secrets_provider(names, here.platform.region))
    backend.mark(stack, kind, f"{expires}")
    backend.up(stack)
    return stack


def destroy(here: Place, stack: str) -> Tagged | None:
    """Deletes everything of an environment, what controllers made for it included, and forgets it. Nothing to delete is no error.

    Returns what AWS lists after that with its tag, which may be there for minutes after it is deleted. Raises Refused and
    KeyboardInterrupt; the same again goes on from there.
    """
    backend = here.backend
    if stack in backend.stacks():
        _must_go(here, stack)
        backend.destroy(stack)
        _sweep(here.platform.region, _deployment(here, stack))
        backend.forget(stack)
    here.stack_file(stack).unlink(missing_ok=True)
    return tagged.by_stack(here.platform.region).get(stack)


def _checked(here: Place, pull_request: int, kind: Kind, expires: date) -> Source:
    """What the stack file will say. Raises StackFileRefused."""
    settings = environments.settings_of(kind, here.platform, pull_request, expires)
    source = parse(here.stack_file(environments.stack_of(pull_request)), environments.text(settings).encode())
    checked(source)
    return source


def _must_be_ours(here: Place, stack: str, kind: Kind) -> None:
    _must_go(here, stack)
    made = here.backend.kind(stack)
    if made not in (None, kind):
        raise Refused(f"{stack} is there, and is {made}: destroy it before it is made {kind}")


def _must_go(here: Place, stack: str) -> None:
    """What has no expiry was not made here, and is not touched."""
    found = here.backend.recorded(stack)
    if others := found.accounts - {here.platform.account}:
        raise Refused(f"{stack} is in account {', '.join(sorted(others))}, and {here.platform.environment} in {here.platform.account}")
    if found.resources and found.expires is None:
        raise Refused(f"{stack} has {found.resources} resources and no expiry: scripts/slice.py did not make it, and does not touch it")


def _must_be_free(region: str, cidr: str, deployment: str) -> None:
    """Two pull requests whose numbers share a part of the pool come one after the other."""
    import boto3

    found = boto3.client("ec2", region_name=region).describe_vpcs(Filters=[{"Name": "cidr", "Values": [cidr]}])["Vpcs"]
    tags = [{each["Key"]: each["Value"] for each in vpc.get("Tags", [])} for vpc in found]
    others = [each.get("deployment", "a VPC without the tag `deployment`") for each in tags if each.get("deployment") != deployment]
    if others:
        raise Refused(f"{cidr} is this pull request's range, and {', '.join(others)} has it: destroy that, or take a slice instead")


def _sweep(region: str, deployment: str) -> None:
    clients = sweep.clients_of(region)
    for kind in KINDS:
        for line in sweep.delete(kind, clients, deployment):
            print(line, flush=True)


def _deployment(here: Place, stack: str) -> str:
    return Names(environment=stack, account=here.platform.account).deployment
