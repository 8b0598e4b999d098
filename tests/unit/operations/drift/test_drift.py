"""What differs between state and cloud is told property by property; what is known to differ is not, and what is gone always is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.drift.noise import Noise, NoNoise, read, split
from operations.drift.reading import Difference, differences
from operations.drift.table import as_markdown
from scripts import drift
from tests.unit.operations.fake_pulumi import Project, project
from tests.unit.operations.previews import BUCKET, PARAMETER, POOL, VPC, step, urn
from tests.unit.registrations import Recorded

_CACHE = "aws:elasticache/replicationGroup:ReplicationGroup::online-store"


def _refreshed(resource: str, state: dict[str, Any], cloud: dict[str, Any], **kinds: str) -> dict[str, Any]:
    """A step of a refresh that found the properties of `kinds` changed; `__` in a name is a dot."""
    diff = {path.replace("__", "."): {"kind": kind} for path, kind in kinds.items()}
    return step("update", resource, state, cloud, detailedDiff=diff)


def _found(*steps: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(each.path, each.in_state, each.in_cloud) for each in differences({"steps": list(steps)})]


@pytest.mark.parametrize(
    ("step", "found"),
    [
        (_refreshed(VPC, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, tags__a="update"), [("tags.a", '"1"', '"2"')]),
        (_refreshed(VPC, {"tags": {}}, {"tags": {"a": "2"}}, tags__a="add"), [("tags.a", None, '"2"')]),
        (_refreshed(VPC, {"tags": {"a": "1"}}, {"tags": {}}, tags__a="delete"), [("tags.a", '"1"', None)]),
        (_refreshed(VPC, {"p": 80}, {"p": 81}, p="update-replace"), [("p", "80", "81")]),
        (_refreshed(VPC, {"l": [1, 2, 3]}, {"l": [1, 4, 3]}, l="update"), [("l", "[2]", "[4]")]),
        (_refreshed(VPC, {"l": [1, 2]}, {"l": [2, 1]}, l="update"), [("l", "[1, 2]", "[2, 1]")]),
        (_refreshed(PARAMETER, {"value": "[secret]"}, {"value": "[secret]"}, value="update"), [("value", '"[secret]"', '"[secret]"')]),
        (
            _refreshed(VPC, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, tags__a="update", tagsAll__a="update"),
            [("tags.a", '"1"', '"2"')],
        ),
        (step("update", VPC, {"r": [{"p": 1}]}, {"r": [{"p": 2}]}, detailedDiff={"r[0].p": {"kind": "update"}}), [("r[0].p", "1", "2")]),
        (
            step("update", POOL, {"m": {"a/b": "1"}}, {"m": {"a/b": "2"}}, detailedDiff={'m["a/b"]': {"kind": "update"}}),
            [('m["a/b"]', '"1"', '"2"')],
        ),
        (step("update", VPC, {"p": 1}, {"p": 2}, diffReasons=["p"]), [("p", "1", "2")]),
        (step("update", VPC, {"p": 1}, {"p": 2}), [("(unknown)", None, None)]),
        (step("delete", BUCKET, {"bucket": "models"}, None), [("", None, None)]),
        (step("refresh", VPC, {"p": 1}, {"p": 2}), []),
    ],
    ids=[
        "changed", "added", "taken away", "would be replaced", "of a list what differs", "a list in another order", "a secret",
        "a tag is said once", "in a list", "with a quoted key", "without details", "without anything", "gone", "as it was",
    ],
)  # fmt: skip
def test_difference_is_told_with_both_sides(step: dict[str, Any], found: list[tuple[str, str | None, str | None]]) -> None:
    assert _found(step) == found


def test_what_is_read_from_outputs_is_told_too() -> None:
    refreshed = _refreshed(VPC, {}, {}, tagsAll__extra="add")
    refreshed["newState"]["outputs"] = {"tagsAll": {"extra": "1"}}
    assert _found(refreshed) == [("tagsAll.extra", None, '"1"')]


def test_what_was_added_was_nothing_before_though_aws_has_a_default_for_it() -> None:
    refreshed = _refreshed(VPC, {}, {"instanceTenancy": "dedicated"}, instanceTenancy="add")
    refreshed["oldState"]["outputs"] = {"instanceTenancy": "default"}
    assert _found(refreshed) == [("instanceTenancy", None, '"dedicated"')]


_VERSION = Noise("aws:elasticache/replicationGroup:ReplicationGroup", "engineVersion", "why", same_parts=1)
_MEMBERS = Noise("aws:ec2/vpc:Vpc", "tags", "why")


@pytest.mark.parametrize(
    ("noise", "found", "hidden"),
    [
        (_MEMBERS, Difference(urn(VPC), "tags", "[]", "[1]"), True),
        (_MEMBERS, Difference(urn(VPC), "tags.owner", '"a"', '"b"'), True),
        (_MEMBERS, Difference(urn(VPC), "tags[0]", '"a"', '"b"'), True),
        (_MEMBERS, Difference(urn(VPC), "tagsAll.owner", '"a"', '"b"'), False),
        (_MEMBERS, Difference(urn(VPC), "cidrBlock", '"a"', '"b"'), False),
        (_MEMBERS, Difference(urn(BUCKET), "tags", "[]", "[1]"), False),
        (_MEMBERS, Difference(urn(VPC), ""), False),
        (Noise("aws:ec2/vpc:Vpc", "", "why"), Difference(urn(VPC), ""), False),
        (_VERSION, Difference(urn(_CACHE), "engineVersion", '"8.0"', '"8.1"'), True),
        (_VERSION, Difference(urn(_CACHE), "engineVersion", '"8.1"', '"9.0"'), False),
        (_VERSION, Difference(urn(_CACHE), "engineVersion", '"8.0"', None), False),
        (_VERSION, Difference(urn(_CACHE), ""), False),
    ],
)
def test_noise_hides_its_property_of_its_type_and_never_that_something_is_gone(noise: Noise, found: Difference, hidden: bool) -> None:
    drift, known = split([found], [noise])
    assert (drift, known) == (([], [(found, noise)]) if hidden else ([found], []))


def test_each_entry_of_the_list_is_a_property_that_the_platform_sets(dev: Recorded) -> None:
    unused = [each for each in read() if not any(each.property in found.inputs for found in dev.all(each.type))]
    assert unused == []


@pytest.mark.parametrize("text", ["- {type: t, property: p}", "- {type: t, property: p, reason: r, until: 3}"])
def test_entry_without_a_reason_or_with_more_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "noise.yaml").write_text(text)
    with pytest.raises(NoNoise, match=r"noise\.yaml: got an entry with"):
        read(tmp_path / "noise.yaml")


def test_table_has_what_is_gone_first_and_no_cell_breaks_it() -> None:
    found = [Difference(urn(VPC), "tags.a", '"x|y"', None), Difference(urn(BUCKET), "")]
    hidden = [(Difference(urn(_CACHE), "engineVersion", '"8.0"', '"8.1"'), _VERSION)]
    lines = as_markdown("staging", found, hidden).splitlines()
    assert lines[:6] == [
        "## Drift of `staging`: 2 resources",
        "",
        "| resource | property | in the state | in the cloud |",
        "|---|---|---|---|",
        "| **`aws:s3/bucket:Bucket` models** | | there | **gone** |",
        '| `aws:ec2/vpc:Vpc` main | `tags.a` | `"x\\|y"` | nothing |',
    ]
    assert lines[-1] == "- `aws:elasticache/replicationGroup:ReplicationGroup` online-store, `engineVersion`: why"


def test_value_of_a_secret_is_not_shown_and_that_it_changed_is() -> None:
    text = as_markdown("staging", [Difference(urn(PARAMETER), "value", '"[secret]"', '"[secret]"')], [])
    assert "| `aws:ssm/parameter:Parameter` contract | `value` | a secret | another one |" in text


def test_long_value_is_cut() -> None:
    (row,) = [line for line in as_markdown("s", [Difference(urn(VPC), "p", f'"{"x" * 500}"', None)], []).splitlines() if "`p`" in line]
    assert len(row) < 250


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    with project(tmp_path, monkeypatch) as made:
        yield made


_CHANGED = _refreshed(VPC, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, tags__a="update")
_NOISE = _refreshed(_CACHE, {"engineVersion": "8.0"}, {"engineVersion": "8.1"}, engineVersion="update")


@pytest.mark.parametrize(("steps", "code"), [([], 0), ([_NOISE], 0), ([_CHANGED], 1), ([_CHANGED, _NOISE], 1)])
def test_exit_code_says_whether_there_is_drift_and_the_file_has_what_is_printed(
    staging: Project, steps: list[dict[str, Any]], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    staging.answer("refresh", {"steps": steps})
    assert drift.main(["staging", "--output", "drift.md"]) == code
    assert Path("drift.md").read_text() == capsys.readouterr().out


def test_refresh_that_fails_is_not_taken_for_no_drift(staging: Project, capsys: pytest.CaptureFixture[str]) -> None:
    said = {"severity": "error", "message": "AccessDenied: rds:DescribeDBInstances"}
    staging.answer("refresh", {"steps": []}, events=[{"diagnosticEvent": said}], code=1)
    assert drift.main(["staging"]) == 2
    assert "AccessDenied: rds:DescribeDBInstances" in capsys.readouterr().err


def test_another_accounts_credentials_are_refused_before_pulumi_is_asked_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With them everything would be gone."""
    with project(tmp_path, monkeypatch, account="333333333333") as other:
        assert drift.main(["staging"]) == 2
        assert other.calls == []
    assert "the stack file of staging says 333333333333" in capsys.readouterr().err


def test_nothing_but_a_preview_of_a_refresh_is_asked(staging: Project) -> None:
    staging.answer("refresh", {"steps": []})
    drift.main(["staging"])
    assert (staging.directory / "calls").read_text().startswith("refresh --preview-only --json --stack staging")


_CLUSTERS, _SECRETS = "--exclude **kubernetes:**", "--exclude **aws:secretsmanager/secretVersion:**"


@pytest.mark.parametrize(
    ("options", "said", "asked"),
    [
        (["--without-clusters"], "what is in the clusters", _CLUSTERS),
        (["--without-secrets"], "what the secrets hold", _SECRETS),
        (["--without-clusters", "--without-secrets"], "what is in the clusters, what the secrets hold", f"{_CLUSTERS} {_SECRETS}"),
    ],
    ids=["clusters", "secrets", "both"],
)
def test_report_says_what_it_leaves_out(
    staging: Project, options: list[str], said: str, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    staging.answer("refresh", {"steps": []})
    assert drift.main(["staging", *options]) == 0
    assert f"\nNot looked at: {said}.\n" in capsys.readouterr().out
    assert f"--stack staging {asked} --" in (staging.directory / "calls").read_text()
