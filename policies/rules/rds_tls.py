"""Databases on the way: RDS.39, CKV2_AWS_69. MySQL and MariaDB only: other engines have other parameters."""

from collections.abc import Iterator
from typing import Any

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_GROUP = "aws:rds/parameterGroup:ParameterGroup"
_PARAMETER, _ON = "require_secure_transport", ("1", "ON")


def _check(resource: Resource) -> Iterator[Finding]:
    yield from _parameters(resource) if resource.type == _GROUP else _group_of(resource)


def _parameters(resource: Resource) -> Iterator[Finding]:
    family, parameters = resource.properties.get("family"), resource.properties.get("parameters") or []
    if family is not UNKNOWN and not str(family).startswith(("mysql", "mariadb")):
        return
    if family is UNKNOWN or parameters is UNKNOWN or any(_unknown(each) for each in parameters):
        yield Unverified(f"whether {_PARAMETER} is 1 is not known yet.")
    elif not any(each.get("name") == _PARAMETER and each.get("value") in _ON for each in parameters):
        yield Violation(f"parameters do not have {_PARAMETER}: set it to 1. Clients without TLS are let in.")


def _unknown(parameter: Any) -> bool:
    return parameter is UNKNOWN or UNKNOWN in (parameter.get("name"), parameter.get("value"))


def _group_of(resource: Resource) -> Iterator[Finding]:
    name = resource.properties.get("parameterGroupName")
    # One that is not known yet is made in the same update.
    if name is None or (name is not UNKNOWN and name.startswith("default.")):
        shown = "not set" if name is None else repr(name)
        yield Violation(f"parameterGroupName is {shown}: name a group with {_PARAMETER}. RDS's own lets in clients without TLS.")


RULE = ResourceRule(
    name="rds-tls",
    description="A database is reached over TLS only.",
    types=frozenset({_GROUP, "aws:rds/instance:Instance"}),
    check=_check,
)
