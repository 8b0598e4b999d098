"""When a human is needed, and why: the rules of docs/previews.md."""

import json
from typing import Any

import pytest

from operations.preview.comment import needs_a_human
from operations.preview.document import StackPreview, Violation
from operations.preview.judgement import reasons
from operations.preview.stateful import STATEFUL
from policies.aws_types import takes_tags
from tests.unit.operations.preview.previewed import (
    BUCKET,
    CACHE,
    DATABASE,
    PARAMETER,
    ROLE,
    SUBNET,
    cost,
    created,
    deleted,
    preview,
    replaced,
    same,
    updated,
)

ALLOWED = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


def violation(level: Any) -> Violation:
    return Violation(level=level, policy="s3-encrypted", urn="", message="m")


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ([], preview()),
        ([], preview(created(BUCKET))),
        ([], preview(created(SUBNET), updated(PARAMETER, {"a": 1}, {"a": 2}), deleted(SUBNET, "b"))),
        ([], preview(*replaced(SUBNET, {}, {}, "cidrBlock"))),
        (["stop"], preview(*replaced(DATABASE, {}, {}, "kmsKeyId"))),
        (["stop"], preview(*replaced(CACHE, {}, {}, "port"))),
        (["stop"], preview(*replaced("aws:ec2/vpc:Vpc", {}, {}, "cidrBlock"))),
        (["stop"], preview(deleted(BUCKET))),
        (["stop"], preview(deleted(BUCKET, old={"retainOnDelete": True}))),
        (["stop", "stop"], preview(deleted(BUCKET, "a"), deleted(BUCKET, "b"))),
        (["stop"], preview(deleted(SUBNET, old={"protect": True}))),
        (["stop"], preview(engine={}, cost=None, failure="SyntaxError")),
        (["stop"], preview(engine={})),
        (["stop"], preview(engine={"steps": [same()], "maybeCorrupt": True})),
        (["stop"], preview(violations=[violation("mandatory")])),
        ([], preview(violations=[violation("advisory")])),
        ([], preview(violations=[violation("production")])),
        (["look"], preview(unverified=["aws:rds/instance:Instance.storageThroughput: it is not read back"])),
        (["look"], preview(created(ROLE, assumeRolePolicy=ALLOWED))),
        (["look"], preview(cost=cost("100", "200.01"))),
        ([], preview(cost=cost("100", "200"))),
        ([], preview(cost=cost("500", "100"))),
        (
            ["look"],
            preview(created(BUCKET), cost=cost(unpriced=[{"tier": "FeatureStore", "resource": "main", "what": "w", "reason": "r"}])),
        ),
        ([], preview(created(BUCKET), cost=cost(unpriced=[{"tier": "FeatureStore", "resource": "else", "what": "w", "reason": "r"}]))),
        (["look"], preview(cost=None, cost_unknown="no prices of eu-north-1")),
        ([], preview(cost=None, cost_unknown="a tenant", kind="tenant")),
        (["stop", "look"], preview(deleted(BUCKET), unverified=["a.b: c"])),
    ],
)
def test_a_human_is_needed_for_exactly_these(weights: list[str], found: StackPreview) -> None:
    assert [each.weight for each in reasons(found)] == weights
    assert needs_a_human([preview(), found]) == bool(weights)


@pytest.mark.parametrize("type_", sorted(each for each in STATEFUL if each.startswith("aws:")))
def test_what_is_stateful_is_a_type_that_aws_has(type_: str) -> None:
    assert takes_tags(type_)


def test_what_production_protects_is_stateful() -> None:
    assert {DATABASE, CACHE, BUCKET, "aws:kms/key:Key", "aws:eks/cluster:Cluster"} <= STATEFUL


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            preview(*replaced(DATABASE, {"storageEncrypted": False}, {"storageEncrypted": True}, "storageEncrypted", name="registry")),
            "**RDS instance `registry` (feature store) would be replaced because of `storageEncrypted`: `false` → `true`.** "
            "The new one begins without what it holds.",
        ),
        (
            preview(*replaced(DATABASE, {}, {})),
            "**RDS instance `main` (feature store) would be replaced "
            "(the engine names no property: what it is made from is replaced).** The new one begins without what it holds.",
        ),
        (preview(deleted(BUCKET, "models")), "**S3 bucket `models` (feature store) would be deleted.**"),
        (
            preview(deleted(BUCKET, "models"), created(BUCKET, "model")),
            "**S3 bucket `models` (feature store) would be deleted.** `model` would be created beside it: a rename needs an alias.",
        ),
        (
            preview(deleted(BUCKET, "models", old={"retainOnDelete": True})),
            "**S3 bucket `models` (feature store) would be forgotten.** It stays where it is, and Pulumi forgets it (`retainOnDelete`).",
        ),
        (
            preview(deleted(DATABASE, old={"protect": True})),
            "**RDS instance `main` (feature store) would be deleted.** It is protected: the engine refuses.",
        ),
        (
            preview(*replaced(DATABASE, {"password": "hunter2hunter2"}, {"password": "other2other2"}, "password")),
            "**RDS instance `main` (feature store) would be replaced because of `password`: `[secret]` → `[secret]`.** "
            "The new one begins without what it holds.",
        ),
    ],
)
def test_a_loss_is_in_bold_with_what_causes_it(found: StackPreview, text: str) -> None:
    assert [each.text for each in reasons(found)] == [text]


def test_of_many_grants_the_first_are_named() -> None:
    (reason,) = reasons(preview(*(created(ROLE, f"role-{each}", assumeRolePolicy=ALLOWED) for each in "abcde")))
    assert reason.text.endswith("`role-c` (feature store) and 2 more.")
