"""Acting as a role of CI against the local AWS, so that what is really called is held against what the role's policies list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planning.documents import trust
from planning.documents.statements import document
from tests.local.callers import assumed
from tests.local.conftest import Stack


def as_role(stack: Stack, role: str, policies: Mapping[str, str]) -> Stack:
    """The same stack, reached as a role with these policies: the local AWS refuses every call that they do not list for the thing it names.

    Without their conditions, on tags, on keys and on the boundary, of which it evaluates none: they are tests on the documents.
    """
    iam, name = stack.aws("iam"), f"{stack.name}-{role}-unconditional"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust.people(stack.account, []))
    for purpose, text in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=purpose, PolicyDocument=_unconditional(text))
    return replace(stack, variables={**stack.variables, **assumed(stack, f"arn:aws:iam::{stack.account}:role/{name}")})


def _unconditional(policy: str) -> str:
    statements: list[dict[str, Any]] = json.loads(policy)["Statement"]
    allowing = [each for each in statements if each["Effect"] == "Allow"]
    return document(*({key: value for key, value in each.items() if key != "Condition"} for each in allowing))
