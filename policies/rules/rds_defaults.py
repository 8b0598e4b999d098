"""What whoever attacks a database tries first: RDS.23, RDS.25.

Advice only: the registry keeps the port, which is in the URL of every client and says nothing that its security group does not.
"""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_USERS = ("admin", "postgres")
_PORTS = {"mysql": 3306, "mariadb": 3306, "postgres": 5432}


def _check(resource: Resource) -> Iterator[Finding]:
    engine, port, user = (resource.properties.get(name) for name in ("engine", "port", "username"))
    if UNKNOWN in (engine, port, user):
        yield Unverified("engine, port or username is not known yet; neither port nor username must be a default.")
    if user in _USERS:
        yield Violation(f"username is {user!r}, which everybody knows: choose another.")
    if port is not UNKNOWN and engine in _PORTS and port in (None, _PORTS[engine]):
        yield Violation(f"port is {_PORTS[engine]}, the default of {engine}: choose another.")


RULE = ResourceRule(
    name="rds-defaults",
    description="A database has neither the default port nor the default administrator of its engine.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
    level="advisory",
)
