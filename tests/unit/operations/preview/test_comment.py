"""What the comment says, and what it always says."""

import json
import re
from typing import Any

import pytest

from operations.github.parts import ACCOUNT_LIMIT, PREVIEW_LIMIT, size
from operations.preview.comment import comment
from operations.preview.document import StackPreview, Violation
from planning.billed import UNKNOWN
from tests.unit.operations.preview.previewed import (
    BUCKET,
    DATABASE,
    PARAMETER,
    SUBNET,
    cost,
    created,
    deleted,
    preview,
    replaced,
    same,
    updated,
    urn,
)
from tests.unit.operations.preview.rendered import outside_code

ENCRYPTED = replaced(DATABASE, {"storageEncrypted": False}, {"storageEncrypted": True}, "storageEncrypted", name="registry")

ADVICE = Violation(level="advisory", policy="a-rule", urn=urn(BUCKET, "models"), message="What the rule is for.\nSet it.\nThen go on.")


def lines(*previews: StackPreview) -> list[str]:
    return comment(previews).split("\n")


@pytest.mark.parametrize(
    ("previews", "text"),
    [
        ([], "**Nothing changes**: no stack is affected.\n"),
        ([preview()], "**Nothing changes** in `dev`, previewed on a local cloud, without credentials.\n"),
        ([preview(), preview(stack="prod")], "**Nothing changes** in `dev` and `prod`, previewed on a local cloud, without credentials.\n"),
        ([preview(violations=[ADVICE])], "**Nothing changes** in `dev`, previewed on a local cloud, without credentials.\n"),
        ([preview(made="account")], "**Nothing changes** in `dev`, previewed against the real state.\n"),
    ],
)
def test_where_nothing_changes_it_is_one_line(previews: list[StackPreview], text: str) -> None:
    assert comment(previews) == text


@pytest.mark.parametrize(
    ("previews", "verdict"),
    [
        (
            [preview(*ENCRYPTED)],
            "**Stop: 1 stateful resource would be replaced in `dev`.** In `dev`: 1 to replace; USD 100.00 a month as before.",
        ),
        (
            [preview(*ENCRYPTED, deleted(BUCKET, "a"), deleted(BUCKET, "b")), preview(deleted(BUCKET), stack="prod")],
            "**Stop: 1 stateful resource would be replaced in `dev`; 3 stateful resources would be deleted in `dev` and `prod`.** "
            "In `dev` and `prod`: 1 to replace, 3 to delete; USD 200.00 a month as before.",
        ),
        (
            [preview(engine={}, cost=None, failure="SyntaxError"), preview(created(SUBNET), stack="prod")],
            "**Stop: preview failed in `dev`.** In `dev` and `prod`: 1 to create; USD 100.00 a month as before; "
            "the cost of `dev` is unknown.",
        ),
        (
            [preview(created(SUBNET), cost=cost("100", "250.5"))],
            "**Look before it is merged: costs grow in `dev`.** In `dev`: 1 to create; USD 100.00 → 250.50 a month (+150.50).",
        ),
        (
            [preview(created(SUBNET), cost=cost("100", "90"))],
            "**No human is needed.** In `dev`: 1 to create; USD 100.00 → 90.00 a month (-10.00).",
        ),
    ],
)
def test_the_first_line_says_whether_to_worry_what_happens_and_what_it_costs(previews: list[StackPreview], verdict: str) -> None:
    assert lines(*previews)[0] == verdict


def test_what_loses_data_is_said_before_everything_else() -> None:
    forbidden = Violation(level="mandatory", policy="s3-encrypted", urn="", message="m")
    found = lines(preview(violations=[forbidden], unverified=["a.b: c"]), preview(deleted(BUCKET, "models"), stack="prod"))
    assert [line.split(":")[0] for line in found if line.startswith("- ")][:3] == ["- `prod`", "- `dev`", "- `dev`"]
    assert "would be deleted" in next(line for line in found if line.startswith("- "))


def test_each_stack_has_a_row_and_each_tier_has_one() -> None:
    changes = [created(SUBNET, tier="Network"), updated(PARAMETER, {"a": 1}, {"a": 2}), created(SUBNET, "b", tier="Network")]
    found = lines(preview(*changes, cost=cost("100", "120")), preview(stack="prod", cost=cost("7000", "7000")))
    assert "| `dev` | 2 | 1 | 0 | 0 | 100.00 | 120.00 | +20.00 | 0 | kept |" in found
    assert "| `prod` | 0 | 0 | 0 | 0 | 7,000.00 | 7,000.00 | 0.00 | 0 | kept |" in found
    assert "| network | 2 |  |  |  |" in found
    assert "| feature store |  | 1 |  |  |" in found


def test_of_a_stack_in_which_nothing_changes_the_row_says_all() -> None:
    found = comment([preview(created(SUBNET)), preview(stack="prod")])
    assert "### `dev`" in found
    assert "### `prod`" not in found


@pytest.mark.parametrize(
    ("made", "before_exists", "said"),
    [
        ("local", True, "against what `111111111111` makes of it, on a local cloud and without credentials: AWS was not asked"),
        ("local", False, "against nothing, as there is no such stack at `111111111111`, on a local cloud and without credentials"),
        ("account", True, "against the real state of the stack's account"),
    ],
)
def test_it_says_against_what_it_was_made(made: Any, before_exists: bool, said: str) -> None:
    found = comment([preview(created(SUBNET), made=made, before_exists=before_exists)])
    assert f"- `dev`: previewed at `222222222222` {said}" in found


def test_properties_are_shown_before_and_after() -> None:
    found = lines(preview(updated(PARAMETER, {"type": "String", "tier": "a"}, {"type": "String", "tier": UNKNOWN}, "contract")))
    start = found.index("@@ update Parameter contract (aws:ssm/parameter:Parameter) @@")
    assert found[start + 1 : start + 4] == ["- tier: a", "+ tier: (known after the update)", "```"]


def test_a_secret_is_in_no_part_of_it() -> None:
    lost = "correct-horse-battery"
    secret = {"password": lost, "document": json.dumps({"token": lost})}
    found = comment(
        [
            preview(
                created(PARAMETER, **secret),
                *replaced(DATABASE, secret, {"password": f"{lost}2", "document": "{}"}, "password", "document"),
                deleted(BUCKET, password=lost),
                violations=[Violation(level="mandatory", policy="p", urn="", message=f"password = {lost}")],
            ),
            preview(engine={}, cost=None, stack="prod", failure=f"cannot connect to mysql://user:{lost}@host"),
            preview(engine={"steps": [created(SUBNET)], "diagnostics": [{"severity": "warning", "message": f"token={lost}"}]}),
        ]
    )
    assert "[secret]" in found
    assert lost not in found


def test_what_is_unpriced_is_listed() -> None:
    unpriced = [
        {"tier": "FeatureStore", "resource": "main", "what": "objects", "reason": "no price of `S3`"},
        {"tier": "FeatureStore", "resource": "other", "what": "objects", "reason": "no price of `S3`"},
    ]
    found = lines(preview(created(BUCKET), cost=cost(unpriced=unpriced)))
    assert found[0].endswith("USD 100.00 a month as before, without 2 unpriced charges (1 of what changes).")
    assert "- 2 × objects: `` no price of `S3` ``" in found


def test_costs_are_compared_tier_by_tier() -> None:
    found = lines(preview(created(SUBNET), cost=cost("100", "120", {"FeatureStore": "70", "Network": "50"})))
    assert {"| feature store | 100.00 | 70.00 | -30.00 |", "| network | 0.00 | 50.00 | +50.00 |"} <= {*found}


def test_what_the_local_cloud_cannot_verify_is_listed() -> None:
    found = lines(preview(created(BUCKET), unverified=["aws:s3/bucket:Bucket.tags: not read back"]))
    assert "- `aws:s3/bucket:Bucket.tags: not read back`" in found


def test_policies_are_listed_with_what_they_forbid_first() -> None:
    forbidden = Violation(level="mandatory", policy="z-rule", urn="", message="Never.")
    found = [line for line in lines(preview(created(BUCKET, "models"), violations=[ADVICE, forbidden])) if "-rule` |" in line]
    assert found == ["| mandatory | `z-rule` | the stack | `Never.` |", "| advisory | `a-rule` | `models` | `Set it. Then go on.` |"]


def test_advice_about_what_stays_is_counted_and_not_listed() -> None:
    found = lines(preview(created(SUBNET), violations=[ADVICE]))
    assert "Policies: 1 that is advice here. 1 of the advice is about what stays as it is, and in the artifact." in found
    assert not [line for line in found if "a-rule" in line]


def test_a_failure_shows_the_last_lines_once_for_all_stacks() -> None:
    said = "\n".join(f"line {number}" for number in range(100))
    found = comment([preview(stack=stack, engine={}, cost=None, failure=said) for stack in ("dev", "prod")])
    assert "The last words of `dev` and `prod`:\n\n```\nline 70\n" in found
    assert found.count("line 99\n") == 1
    assert "| `dev` | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown | unknown |" in found


def test_what_was_said_while_it_was_previewed_is_kept() -> None:
    found = preview(engine={"steps": [created(SUBNET)], "diagnostics": [{"severity": "warning", "message": "nodes are rolled"}]})
    assert "nodes are rolled" in comment([found])


def test_the_picture_has_what_changes_and_nothing_else() -> None:
    found = comment([preview(created(BUCKET, "models"), *ENCRYPTED, created(BUCKET, "other"), same(BUCKET, "kept"))])
    picture = found.partition("```mermaid\n")[2].partition("```")[0]
    assert re.findall(r"class (\S+) (\w+)$", picture, re.MULTILINE) == [
        ("feature_store_s3_bucket_models,feature_store_s3_bucket_other", "create"),
        ("feature_store_rds_instance_registry", "replace"),
    ]
    assert "kept" not in picture


def test_a_long_comment_keeps_verdict_reasons_and_stacks() -> None:
    before, after = {"a": "x" * 300}, {"a": "y" * 300}
    many = [updated(PARAMETER, before, after, f"parameter-{number}", tier=f"Tier{number % 7}") for number in range(400)]
    found = comment([preview(*many, deleted(BUCKET, "models")), preview(*many, stack="prod")])
    assert len(found) <= PREVIEW_LIMIT
    assert "**Stop: 1 stateful resource would be deleted" in found
    assert "- `dev`: **S3 bucket `models`" in found
    assert "| `prod` | 0 | 400 |" in found
    assert re.search(r"^\*\d+ parts of this comment were left out", found, re.MULTILINE)
    assert outside_code(found).count("<details>") == outside_code(found).count("</details>") > 0


@pytest.mark.parametrize(("limit", "stacks"), [(PREVIEW_LIMIT, 80), (ACCOUNT_LIMIT, 1)])
def test_it_is_never_longer_than_its_part_of_the_comment_on_a_pull_request(limit: int, stacks: int) -> None:
    names = [f"{number}-" + "é|`@<x" * 100 for number in range(stacks)]
    deletions = [deleted(BUCKET, f"{number}{name}") for name in names[:5] for number in range(5)]
    unknown: dict[str, Any] = {"cost": None, "cost_unknown": "y" * 9999}
    found = comment([preview(*deletions, stack=stack, failure="x" * 10_000 + stack, **unknown) for stack in names], limit, size)
    assert limit / 2 < size(found) <= limit
    assert found.startswith("**Stop: ")


def test_what_it_takes_is_measured_as_it_is_posted() -> None:
    """Where quotes take two characters of each line, what fits otherwise does not."""
    found = preview(updated(PARAMETER, {"a": "x"}, {"a": "y"}))
    limit = len(comment([found]))
    assert size(comment([found])) > limit >= size(comment([found], limit, size))
