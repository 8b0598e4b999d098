"""How a policy document is written down."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

Value: TypeAlias = str | Sequence[str]
Conditions: TypeAlias = Mapping[str, Mapping[str, Value]]
Statement: TypeAlias = Mapping[str, object]


def document(*statements: Statement) -> str:
    """One policy document, as the JSON text that AWS takes. The same statements give the same text."""
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(
    sid: str, actions: Value, *, resources: Value = (), principal: Mapping[str, Value] | None = None, conditions: Conditions | None = None
) -> Statement:
    """A statement that allows. Trust documents have a principal and no resources; permissions have resources and no principal."""
    return _statement("Allow", sid, actions, resources, principal, conditions)


def deny(
    sid: str, actions: Value, *, resources: Value = (), principal: Mapping[str, Value] | None = None, conditions: Conditions | None = None
) -> Statement:
    """A statement that denies, whatever else allows."""
    return _statement("Deny", sid, actions, resources, principal, conditions)


def deny_all_but(sid: str, actions: Value, *, conditions: Conditions, resources: Value = "*") -> Statement:
    """A statement that denies every other action, on everything or on these resources, where the conditions are met."""
    return {"Sid": sid, "Effect": "Deny", "NotAction": actions, "Resource": resources, "Condition": conditions}


def matching(value: str) -> str:
    """The operator that holds a key of the request against a value: a name of ours has no `*`, a pattern has."""
    return "StringLike" if "*" in value else "StringEquals"


def actions_of(statement: Statement) -> Sequence[str]:
    """What a statement that lists its actions lists; none where it says all but some."""
    actions = cast("Value", statement.get("Action", ()))
    return [actions] if isinstance(actions, str) else actions


def _statement(
    effect: str, sid: str, actions: Value, resources: Value, principal: Mapping[str, Value] | None, conditions: Conditions | None
) -> Statement:
    statement: dict[str, object] = {"Sid": sid, "Effect": effect, "Action": actions}
    if principal:
        statement["Principal"] = principal
    if resources:
        statement["Resource"] = resources
    if conditions:
        statement["Condition"] = conditions
    return statement
