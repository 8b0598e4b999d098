"""Acting as a role of CI against the local AWS, so that what is really called is held against what the role's policies list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planning.documents import trust
from planning.documents.statements import Statement, actions_of, allow, document
from tests.local.callers import assumed
from tests.local.conftest import Stack

# For these ministack 1.5.33 finds the thing in every call (extract_resource_arn in core/iam_actions.py); for others it often asks for `*`.
_NAMED = ("iam", "s3", "secretsmanager", "ssm", "sts")


# What our provider asks besides, before it makes what has no name, so that it is not made twice (docs/decisions/0005); and what ministack
# asks for by the names of operations, for which AWS has actions of other names (tests/unit/tiers/test_ci_reach.py).
_BESIDES = ("kms:ListKeys", "budgets:*")

OVER_TLS = """\
import boto3
boto3.setup_default_session()
boto3.DEFAULT_SESSION.events.register("before-sign.s3", lambda request, **_: request.headers.add_header("X-Forwarded-Proto", "https"))
"""
"""Python that has boto3 say that it comes over TLS: buckets refuse all else, and the local AWS has none."""


def as_role(stack: Stack, role: str, policies: Mapping[str, str]) -> Stack:
    """The same stack, reached as a role with these policies: the local AWS refuses every call that they do not list for its thing.

    Without their conditions, on tags, on keys and on the boundary, of which it evaluates none, and without what things are called
    but those of _NAMED: these are tests on the documents.
    """
    iam, name = stack.aws("iam"), f"{stack.name}-{role}-unconditional"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust.people(stack.account, []))
    for purpose, text in policies.items():
        iam.put_role_policy(RoleName=name, PolicyName=purpose, PolicyDocument=_unconditional(text))
    iam.put_role_policy(RoleName=name, PolicyName="besides", PolicyDocument=document(allow("Besides", _BESIDES, resources="*")))
    return replace(stack, variables={**stack.variables, **assumed(stack, f"arn:aws:iam::{stack.account}:role/{name}")})


def _unconditional(policy: str) -> str:
    statements: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return document(*(_as_evaluated(each) for each in statements if each["Effect"] == "Allow"))


def _as_evaluated(statement: dict[str, Any]) -> Statement:
    kept = {key: value for key, value in statement.items() if key != "Condition"}
    services = {action.partition(":")[0] for action in actions_of(statement)}
    return kept if services <= {*_NAMED} else {**kept, "Resource": "*"}
