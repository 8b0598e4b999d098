"""A digest is the same for what would be applied the same way, and for nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from operations.deploy.digest import digest, steps
from tests.unit.operations.previews import BUCKET, GROUP, PARAMETER, POOL, PROJECT, PROVIDER, VPC, preview, step, urn

Document = dict[str, Any]

_POOL = {"metadata": {"name": "general-0a1b2c3d", "annotations": {"pulumi.com/autonamed": "true"}}, "spec": {"limits": {"cpu": "64"}}}

_BASE = preview(
    step("same", GROUP, {"description": "d"}, {"description": "d"}),
    step("update", VPC, {"cidrBlock": "10.0.0.0/16", "tags": {"owner": "a"}}, {"cidrBlock": "10.0.0.0/16", "tags": {"owner": "b"}}),
    step("create", BUCKET, None, {"__defaults": ["bucket"], "bucket": "models-0a1b2c3"}),
    step("create", f"{BUCKET}-policy", None, {"bucket": "models-0a1b2c3", "policy": "arn:aws:s3:::models-0a1b2c3/*"}),
    step("create", POOL, None, _POOL),
    step("update", PARAMETER, {"value": "[secret]"}, {"value": "[secret]"}),
    step("create-replacement", f"{VPC}-2", {"cidrBlock": "10.1.0.0/16"}, {"cidrBlock": "10.2.0.0/16"}, replaceReasons=["cidrBlock"]),
    step("replace", f"{VPC}-2", {"cidrBlock": "10.1.0.0/16"}, {"cidrBlock": "10.2.0.0/16"}, replaceReasons=["cidrBlock"]),
    step("delete-replaced", f"{VPC}-2", {"cidrBlock": "10.1.0.0/16"}, None),
    step("delete", f"{GROUP}-old", {"description": "d"}, None),
)
_SAME, _UPDATE, _CREATE, _USER, _DRAWN, _SECRET, _REPLACE, _, _DELETE_REPLACED, _DELETE = range(10)


def _digest(document: Document, stack: str = "staging") -> str:
    return digest(stack, steps(document))


def _at(index: int, *path: str, value: Any) -> Callable[[Document], None]:
    """Puts a value somewhere into a step; None takes it away."""

    def change(document: Document) -> None:
        here = document["steps"][index]
        for key in path[:-1]:
            here = here.setdefault(key, {})
        here.pop(path[-1], None)
        if value is not None:
            here[path[-1]] = value

    return change


def _without(index: int) -> Callable[[Document], None]:
    return lambda document: document["steps"].pop(index)


def _added(**more: Any) -> Callable[[Document], None]:
    return lambda document: document["steps"].append(step("create", f"{VPC}-3", None, {"cidrBlock": "10.3.0.0/16", **more}))


def _deleted_before_it_is_made(document: Document) -> None:
    document["steps"].insert(_REPLACE, document["steps"].pop(_DELETE_REPLACED))


@pytest.mark.parametrize(
    "change",
    {
        "another value": _at(_UPDATE, "newState", "inputs", "tags", "owner", value="c"),
        "a value more": _at(_UPDATE, "newState", "inputs", "enableDnsHostnames", value=True),
        "a value less": _at(_UPDATE, "newState", "inputs", "tags", value=None),
        "it has another value now": _at(_UPDATE, "oldState", "inputs", "tags", "owner", value="z"),
        "a number that was a text": _at(_UPDATE, "newState", "inputs", "cidrBlock", value=10),
        "another object is updated": _at(_UPDATE, "oldState", "id", value="ID-2"),
        "another object is deleted": _at(_DELETE, "oldState", "id", value="ID-2"),
        "another object is deleted after its replacement": _at(_DELETE_REPLACED, "oldState", "id", value="ID-2"),
        "another operation": _at(_UPDATE, "op", value="create-replacement"),
        "another resource": _at(_CREATE, "urn", value=urn(f"{BUCKET}-x")),
        "another reason to replace": _at(_REPLACE, "replaceReasons", value=["cidrBlock", "instanceTenancy"]),
        "it is deleted before it is made again": _deleted_before_it_is_made,
        "the new one is protected": _at(_CREATE, "newState", "protect", value=True),
        "the new one is retained": _at(_CREATE, "newState", "retainOnDelete", value=True),
        "another provider": _at(_CREATE, "newState", "provider", value=f"{PROJECT}pulumi:providers:aws::other::1"),
        "a protection is taken off what stays": _at(_SAME, "oldState", "protect", value=True),
        "a name is given that was drawn": _at(_CREATE, "newState", "inputs", "bucket", value="models"),
        "a name is drawn for another prefix": _at(_CREATE, "newState", "inputs", "bucket", value="other-0a1b2c3"),
        "a Kubernetes name is given that was drawn": _at(_DRAWN, "newState", "inputs", "metadata", "annotations", value=None),
        "another namespace": _at(_DRAWN, "newState", "inputs", "metadata", "namespace", value="serving"),
        "a namespace of AWS's": _at(_CREATE, "newState", "inputs", "metadata", value={"namespace": "default"}),
        "a secret does not change any more": _at(_SECRET, "op", value="same"),
        "a step more": _added(),
        "a step less": _without(_CREATE),
        "a deletion less": _without(_DELETE),
    }.items(),
    ids=lambda case: case[0],
)
def test_digest_is_another_one_when_something_else_would_be_applied(change: tuple[str, Callable[[Document], None]]) -> None:
    changed = copy.deepcopy(_BASE)
    change[1](changed)
    assert _digest(changed) != _digest(_BASE)


def test_digest_is_another_one_for_another_stack() -> None:
    assert _digest(preview(), "prod") != _digest(preview(), "staging")


def _redrawn(document: Document) -> None:
    text = repr(document).replace("models-0a1b2c3", "models-9f8e7d6").replace("general-0a1b2c3d", "general-9f8e7d6c")
    document["steps"] = eval(text)["steps"]


@pytest.mark.parametrize(
    "change",
    {
        "order": lambda document: document["steps"].sort(key=lambda each: each["urn"]),
        "duration": lambda document: document.update(duration=1),
        "what the engine said": lambda document: document.update(diagnostics=[{"message": "slow"}]),
        "when it was made": _at(_UPDATE, "oldState", "modified", value="2026-11-26T22:08:53Z"),
        "where it is in the program": _at(_CREATE, "newState", "sourcePosition", value="project:///elsewhere.py#3"),
        "what it is read from": _at(_UPDATE, "newState", "outputs", "arn", value="arn:aws:ec2:eu-west-1:222222222222:vpc/vpc-1"),
        "the provider's id": _at(_UPDATE, "newState", "provider", value=f"{PROVIDER}::8d5f2d40-0d3c-4b0b-a2ab-5f6b7c8d9e0f"),
        "which of the values are defaults": _at(_UPDATE, "newState", "inputs", "__defaults", value=["enableDnsSupport"]),
        "names that are drawn anew": _redrawn,
        "the namespace that an object without one is in": _at(_DRAWN, "newState", "inputs", "metadata", "namespace", value="default"),
        "what stays as it is": _at(_SAME, "newState", "inputs", "description", value="e"),
        "one that is only read": lambda document: document["steps"].append(step("read", f"{VPC}-4", None, {"id": "vpc-1"})),
        "a component": lambda document: document["steps"].append(
            {"op": "create", "urn": urn("ml-platform:tiers:Cache::x"), "newState": {"custom": False, "type": "ml-platform:tiers:Cache"}}
        ),
    }.items(),
    ids=lambda case: case[0],
)
def test_digest_stays_the_same_when_the_same_would_be_applied(change: tuple[str, Callable[[Document], object]]) -> None:
    changed = copy.deepcopy(_BASE)
    change[1](changed)
    assert _digest(changed) == _digest(_BASE)


def test_steps_hold_no_value() -> None:
    assert "10.0.0.0/16" not in repr(steps(_BASE))
    assert "[secret]" not in repr(steps(_BASE))
