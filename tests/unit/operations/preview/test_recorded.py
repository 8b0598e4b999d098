"""A real preview: dev on a local cloud, with its registry unencrypted, the bucket `feature-staging` renamed and the cache resized.

recorded/registry_unencrypted.json is what `pulumi preview --json --show-sames --policy-pack policies` of 3.259.0 printed on 2026-11-26:
12 of its 418 steps, and of their states only what is read here; nothing in it was written by hand. Golden files of whole comments, made
by runs, are those of tests/local/test_pull_request_preview.py.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from operations.preview.changes import changes
from operations.preview.comment import comment
from operations.preview.document import StackPreview
from tests.unit.operations.preview.previewed import preview

ENGINE: dict[str, Any] = json.loads(Path(__file__).with_name("recorded").joinpath("registry_unencrypted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def said() -> str:
    found: StackPreview = preview(engine=ENGINE)
    return comment([found])


def test_the_verdict_is_the_engines(said: str) -> None:
    assert said.startswith(
        "**Stop: 1 stateful resource would be replaced in `dev`; 1 stateful resource would be deleted in `dev`.** "
        "In `dev`: 1 to create, 4 to update, 3 to replace, 2 to delete; "
    )


def test_the_property_that_replaces_a_database_is_named(said: str) -> None:
    loss = "**RDS instance `registry` (feature store) would be replaced because of `storageEncrypted`: `true` → `false`.**"
    assert f"- `dev`: {loss} The new one begins without what it holds." in said


def test_components_are_not_counted() -> None:
    assert [each.type for each in changes(ENGINE) if each.type.startswith("ml-platform:")] == []


@pytest.mark.parametrize(
    "lines",
    [
        ["- storageEncrypted: true", "+ storageEncrypted: false"],
        ["- secretString: [secret]", "+ secretString: (known after the update)"],
        ["- insecureValue: (27 parts)", "+ insecureValue: (known after the update)"],
        ["- nodeType: cache.t4g.small", "+ nodeType: cache.t4g.medium"],
        [
            "@@ replace ConfigMap databases (kubernetes:core/v1:ConfigMap) @@",
            "  no property of it differs: what it is made from is replaced",
        ],
    ],
)
def test_properties_are_shown_as_the_engine_has_them(said: str, lines: list[str]) -> None:
    assert "\n".join(lines) in said
