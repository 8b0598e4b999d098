"""What can only be seen by looking at all stack files: ranges, names and accounts that belong to another one.

Both sides are taken as they were written, so that a file that is wrong in another way as well is told everything at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, cast

from planning import cache, feast_projects
from planning.names import Names
from stacks.problems import Problem, shown, suggestion

MOST_TENANTS = (cache.MOST_USERS - 1) // len(cache.ROLES) - feast_projects.MOST
"""A tenant has a reader and a writer in the platform's user group, beside those of the platform's own projects and the user `default`."""

_CLASSES = ("public", "internal", "confidential", "pii")


@dataclass(frozen=True)
class StackFile:
    """The settings of one stack as they were written, nothing supplied; they may be wrong in themselves."""

    stack: str
    given: Mapping[str, Any]

    @property
    def source(self) -> str:
        return f"stacks/Pulumi.{self.stack}.yaml"

    @property
    def kind(self) -> object:
        return self.given.get("kind", "platform")

    def text(self, *path: str) -> str:
        """The text at a path; empty where there is none."""
        here: object = self.given
        for key in path:
            here = cast("Mapping[str, object]", here).get(key) if isinstance(here, Mapping) else None
        return here if isinstance(here, str) else ""

    def range(self, key: str) -> IPv4Network | None:
        """A range of the network; None where none is written, or what is no range."""
        try:
            return IPv4Network(self.text("network", key))
        except ValueError:
            return None

    def names(self, key: str) -> list[str]:
        """The names in a mapping or a list of the settings."""
        value = self.given.get(key)
        return [each for each in cast("list[object]", value) if isinstance(each, str)] if isinstance(value, (Mapping, list)) else []


def problems(own: StackFile, others: tuple[StackFile, ...]) -> Iterator[Problem]:
    """Everything in which a stack file collides with one of the others. `own` has what its profile supplies."""
    if own.kind == "tenant":
        yield from _of_tenant(own, others)
        return
    for other in others:
        if other.kind == "platform":
            yield from _range(own, other)
            yield from _names(own, other)
    yield from _principals(own, others)


def _range(own: StackFile, other: StackFile) -> Iterator[Problem]:
    taken = other.range("cidr")
    for key in ("cidr", "service_cidr"):
        mine = own.range(key)
        if mine is not None and taken is not None and mine.overlaps(taken):
            expected = f"a range apart from {taken}, the VPC of {other.source}"
            yield Problem(f"network.{key}", shown(str(mine)), expected, "choose a free range: scripts/new_stack.py knows the next one")


def _names(own: StackFile, other: StackFile) -> Iterator[Problem]:
    account, ours, theirs = own.text("account"), own.stack, other.stack
    if account and other.text("account") == account and (ours.startswith(f"{theirs}-") or theirs.startswith(f"{ours}-")):
        shorter = min(ours, theirs, key=len)
        pattern = Names(environment=shorter, account=account).any_cluster
        expected = f"a name apart from {pattern}, which the roles of {shorter} may use in the same account"
        yield Problem("the stack's name", shown(ours), expected, "rename the stack, or give it an account of its own")


def _principals(own: StackFile, others: tuple[StackFile, ...]) -> Iterator[Problem]:
    accounts = {other.text("account"): other.stack for other in others}
    for path, arn in _listed(own.given.get("access")):
        account = arn.split(":")[4] if isinstance(arn, str) and arn.count(":") > 4 else ""
        if account and account != own.text("account") and account in accounts:
            expected = f"a principal of account {own.text('account')}; {account} is the account of {accounts[account]}"
            yield Problem(f"access.{path}", shown(arn), expected, "name a role of this environment's account")


def _listed(access: object) -> Iterator[tuple[str, object]]:
    """Every element of every list below `access`, with the path to it."""
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(access, Mapping):
        pairs = cast("Mapping[object, object]", access).items()
    elif isinstance(access, list):
        pairs = enumerate(cast("list[object]", access))
    for key, value in pairs:
        if isinstance(value, (Mapping, list)):
            yield from ((f"{key}.{path}", each) for path, each in _listed(cast("object", value)))
        else:
            yield str(key), value


def _of_tenant(own: StackFile, others: tuple[StackFile, ...]) -> Iterator[Problem]:
    platforms, name = {other.stack: other for other in others if other.kind == "platform"}, own.text("platform")
    if not name:
        return
    platform = platforms.get(name)
    if platform is None:
        expected = f"one of the platform stacks: {', '.join(platforms) or 'there is none'}"
        yield Problem("platform", shown(name), expected, suggestion(name, platforms))
        return
    for key in ("account", "region"):
        mine, theirs = own.text(key), platform.text(key)
        if mine and mine != theirs:
            yield Problem(key, shown(mine), f"{shown(theirs)}, that of {name}", "a tenant is where its platform is: correct it")
    mine, limit = own.text("data_classification"), platform.text("data_classification")
    if mine in _CLASSES and limit in _CLASSES and _CLASSES.index(mine) > _CLASSES.index(limit):
        expected = f"at most {limit}, that of {name}"
        yield Problem("data_classification", shown(mine), expected, "lower it, or move to another platform")
    yield from _team(own, platform)
    beside = [other for other in others if other.kind == "tenant" and other.text("platform") == name]
    if len(beside) >= MOST_TENANTS:
        expected = f"at most {MOST_TENANTS} on one platform (100 users in a user group of ElastiCache)"
        yield Problem("platform", f"{len(beside) + 1} tenants of {name}", expected, "use another platform")
    for other in beside:
        yield from _beside(own, other)


def _team(own: StackFile, platform: StackFile) -> Iterator[Problem]:
    team, access = own.text("team"), platform.given.get("access")
    teams = cast("Mapping[str, object]", access).get("teams") if isinstance(access, Mapping) else None
    known = [str(each) for each in cast("Mapping[object, object]", teams)] if isinstance(teams, Mapping) else []
    if team and team not in known:
        expected = f"one of access.teams of {platform.source}: {', '.join(known) or 'there is none'}"
        yield Problem("team", shown(team), expected, suggestion(team, known) if known else f"add it to {platform.source}, or remove team")


def _beside(own: StackFile, other: StackFile) -> Iterator[Problem]:
    for name in own.names("namespaces"):
        if name in other.names("namespaces"):
            yield Problem(f"namespaces.{name}", shown(name), f"a name apart from namespaces.{name} of {other.source}", "rename one of them")
    mine, theirs = own.text("feast_project"), other.text("feast_project")
    if mine and theirs and (mine.endswith(theirs) or theirs.endswith(mine)):
        expected = f"a name that neither ends with {shown(theirs)} ({other.source}) nor is the end of it: Feast's keys end with the project"
        yield Problem("feast_project", shown(mine), expected, "rename one of them")
