"""The artifact of a preview, there and back."""

import json
from typing import Any

import pytest

from operations.preview.document import StackPreview, Violation, as_json, from_json
from planning.refusal import Refused

VIOLATION = Violation(level="mandatory", policy="rds-encrypted", urn="urn:pulumi:dev::p::t::n", message="storageEncrypted is not set")
PREVIEW = StackPreview(
    stack="dev",
    kind="platform",
    made="local",
    base="1" * 40,
    head="2" * 40,
    before_exists=True,
    engine={"steps": []},
    violations=(VIOLATION,),
    unverified=("aws:rds/instance:Instance.storageThroughput: it is not read back",),
    cost={"usd_per_month": "1.5"},
)


def document(**changed: Any) -> Any:
    (found,) = json.loads(json.dumps(as_json([PREVIEW])))
    return [{name: value for name, value in {**found, **changed}.items() if value is not ...}]


def test_a_preview_comes_back_from_json_as_it_was() -> None:
    assert from_json(document()) == (PREVIEW,)


def test_what_has_a_default_may_be_missing() -> None:
    (found,) = from_json(document(violations=..., unverified=..., cost=..., engine=...))
    assert found == StackPreview(stack="dev", kind="platform", made="local", base="1" * 40, head="2" * 40, before_exists=True)


@pytest.mark.parametrize(
    "given",
    [
        {"steps": []},
        ["dev"],
        document(stack=...),
        document(other=1),
        document(kind="other"),
        document(made="by hand"),
        document(violations=[{"level": "mandatory"}]),
        document(violations=[{"level": "other", "policy": "p", "urn": "", "message": "m"}]),
    ],
)
def test_what_is_no_artifact_is_refused(given: Any) -> None:
    with pytest.raises(Refused, match=r"give the preview\.json that scripts/preview\.py wrote"):
        from_json(given)
