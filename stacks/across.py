"""What can only be seen by looking at all stack files: ranges, names and accounts that belong to another one."""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any, Protocol, cast

from planning.names import Names
from planning.subnets import overlap
from stacks.models import Settings, Tenant
from stacks.problems import Problem, shown, suggestion

MOST_TENANTS = 49
"""A tenant has a reader and a writer, and a user group of ElastiCache holds 100 users, the platform's own two among them:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html, read November 2026."""


class StackFile(Protocol):
    """A stack file as it was written; it may be wrong in itself."""

    @property
    def stack(self) -> str: ...
    @property
    def given(self) -> Mapping[str, Any]: ...


def problems(settings: Settings | Tenant, others: tuple[StackFile, ...]) -> Iterator[Problem]:
    """Everything in which a stack file collides with one of the others."""
    if isinstance(settings, Tenant):
        yield from _of_tenant(settings, others)
        return
    for other in others:
        if _kind(other) == "platform":
            yield from _range(settings, other)
            yield from _names(settings, other)
    yield from _principals(settings, others)


def _range(settings: Settings, other: StackFile) -> Iterator[Problem]:
    theirs = _text(_at(other.given, "network", "cidr"))
    try:
        taken = str(IPv4Network(theirs))
    except ValueError:
        return  # It is wrong in itself, and refused for it where it is used.
    for key in ("cidr", "service_cidr"):
        own = cast("str", getattr(settings.network, key))
        if overlap(own, taken):
            expected = f"a range apart from {taken}, the VPC of stacks/Pulumi.{other.stack}.yaml"
            yield Problem(f"network.{key}", shown(own), expected, "choose a free range: scripts/new_stack.py knows the next one")


def _names(settings: Settings, other: StackFile) -> Iterator[Problem]:
    if _text(other.given.get("account")) != settings.account:
        return
    ours, theirs = settings.environment, other.stack
    if ours.startswith(f"{theirs}-") or theirs.startswith(f"{ours}-"):
        pattern = Names(environment=min(ours, theirs, key=len), account=settings.account).any_cluster
        expected = f"a name apart from {pattern}, which the roles of {min(ours, theirs, key=len)} may use in the same account"
        yield Problem("the stack's name", shown(ours), expected, "rename the stack, or give it an account of its own")


def _principals(settings: Settings, others: tuple[StackFile, ...]) -> Iterator[Problem]:
    accounts = {_text(other.given.get("account")): other.stack for other in others}
    for number, arn in enumerate(settings.access.cluster_admins):
        account = arn.split(":")[4]
        if account != settings.account and account in accounts:
            expected = f"a principal of account {settings.account}; {account} is the account of {accounts[account]}"
            yield Problem(f"access.cluster_admins.{number}", shown(arn), expected, "name a role of this environment's account")


def _of_tenant(tenant: Tenant, others: tuple[StackFile, ...]) -> Iterator[Problem]:
    platforms = {other.stack: other for other in others if _kind(other) == "platform"}
    platform = platforms.get(tenant.platform)
    if platform is None:
        expected = f"one of the platform stacks: {', '.join(platforms) or 'there is none'}"
        yield Problem("platform", shown(tenant.platform), expected, suggestion(tenant.platform, platforms))
        return
    for key in ("account", "region"):
        own, theirs = cast("str", getattr(tenant, key)), _text(platform.given.get(key))
        if own != theirs:
            yield Problem(key, shown(own), f"{shown(theirs)}, that of {tenant.platform}", "a tenant is where its platform is: correct it")
    classes = ("public", "internal", "confidential", "pii")
    limit = _text(platform.given.get("data_classification"))
    if limit in classes and classes.index(tenant.data_classification) > classes.index(limit):
        expected = f"at most {limit}, that of {tenant.platform}"
        yield Problem("data_classification", shown(tenant.data_classification), expected, "lower it, or move to another platform")
    beside = [other for other in others if _kind(other) == "tenant" and other.given.get("platform") == tenant.platform]
    if len(beside) >= MOST_TENANTS:
        expected = f"at most {MOST_TENANTS} on one platform (100 users in a user group of ElastiCache)"
        yield Problem("platform", f"{len(beside) + 1} tenants of {tenant.platform}", expected, "use another platform")
    for other in beside:
        yield from _beside(tenant, other)


def _beside(tenant: Tenant, other: StackFile) -> Iterator[Problem]:
    source = f"stacks/Pulumi.{other.stack}.yaml"
    theirs = other.given.get("namespaces")
    for name in tenant.namespaces:
        if isinstance(theirs, Mapping) and name in theirs:
            yield Problem(f"namespaces.{name}", shown(name), f"a name apart from namespaces.{name} of {source}", "rename one of them")
    project = _text(other.given.get("feast_project"))
    if project and (tenant.feast_project.endswith(project) or project.endswith(tenant.feast_project)):
        expected = f"a name that neither ends with {shown(project)} ({source}) nor is the end of it: Feast's keys end with the project"
        yield Problem("feast_project", shown(tenant.feast_project), expected, "rename one of them")


def _kind(other: StackFile) -> object:
    return other.given.get("kind", "platform")


def _at(given: Mapping[str, Any], *path: str) -> object:
    here: object = given
    for key in path:
        here = cast("Mapping[str, object]", here).get(key) if isinstance(here, Mapping) else None
    return here


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
