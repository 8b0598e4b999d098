"""Text of a pull request, wherever a preview has any: nothing of it is Markdown, HTML or a mention."""

import copy
import re
from typing import Any

import pytest

from operations.preview.comment import comment
from operations.preview.document import Violation, as_json, from_json
from tests.unit.operations.preview.previewed import BUCKET, DATABASE, PARAMETER, cost, created, deleted, preview, replaced, updated
from tests.unit.operations.preview.rendered import cells, outside_code, tables, without_fences

# What must be in no text outside of code, and in no comment of HTML even there.
EVIL = re.compile(r"evil|@|<img|<!--|javascript:")

HOSTILE = [
    "@evil",
    "``` \n@evil",
    "\n```\n@evil\n",
    "\n````\n\n@evil",
    "`@evil`",
    "`` @evil ` @evil",
    "| @evil | <img src=evil> |",
    "\\| @evil \\",
    "</code></summary></details><img src=evil>@evil",
    "<!-- evil -->",
    "--><img src=evil>",
    "[evil](javascript:evil)",
    "\n\n# evil\n\n- @evil",
    '"]\n```\n@evil',
    "]\n  end\n```\n\n@evil",
    "%%{init: {'evil': 1}}%% @evil",
    "@@ evil @@",
    "\u2028@evil\u202e",
]


def document(evil: str) -> Any:
    """Previews with this text in each place that a program has a say in: names, types, values, messages."""
    unpriced = [{"tier": evil, "resource": evil, "what": evil, "reason": evil}]
    price = {"quantity": "1", "unit": evil, "usd": "1", "usd_per_month": "1", "published": None, "source": evil}
    bill = cost(tiers={evil: "1"}, unpriced=unpriced, lines=[{"tier": evil, "resource": evil, "what": evil, **price}])
    inside: dict[str, Any] = {evil: evil, "list": [evil], "nested": {evil: [{evil: evil}]}}
    steps = [
        created(BUCKET, evil, tier=f"T{evil}", **inside),
        created(f"aws:x/y:{evil}", "odd", **inside),
        updated(PARAMETER, {"a": "b"}, inside, evil, detailedDiff={evil: {"kind": "update", "inputDiff": False}}),
        *replaced(DATABASE, {evil: "a"}, {evil: evil}, evil, name=evil),
        deleted(BUCKET, f"{evil}2", tier=f"T{evil}", **inside),
        created("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", evil, fromPort=evil),
    ]
    diagnostics = [{"severity": "warning", "message": evil}]
    whole = preview(
        stack=evil,
        base=evil,
        head=evil,
        engine={"steps": steps, "diagnostics": diagnostics},
        violations=[Violation(level=level, policy=evil, urn=f"a::b::c::{evil}", message=evil) for level in ("mandatory", "advisory")],
        unverified=[evil],
        cost=bill,
    )
    failed = preview(stack=f"{evil}-failed", engine={}, cost=None, cost_unknown=evil, failure=evil)
    costless = preview(created(PARAMETER, evil), stack=f"{evil}-costless", cost=None, cost_unknown=evil)
    return [whole, failed, costless]


@pytest.mark.parametrize("evil", HOSTILE)
def test_nothing_of_it_is_outside_of_code(evil: str) -> None:
    assert EVIL.findall(outside_code(comment(document(evil)))) == []


@pytest.mark.parametrize("evil", HOSTILE)
def test_every_row_has_the_cells_of_its_table(evil: str) -> None:
    found = tables(comment(document(evil)))
    assert found
    assert [{cells(row) for row in table} for table in found] == [{cells(table[0])} for table in found]


@pytest.mark.parametrize("evil", HOSTILE)
def test_details_are_closed_where_they_are_ours(evil: str) -> None:
    text = outside_code(comment(document(evil)))
    for tag in ("details", "summary"):
        assert text.count(f"<{tag}>") == text.count(f"</{tag}>") > 0
    assert {*re.findall(r"</?([a-z]+)", text)} == {"details", "summary"}


@pytest.mark.parametrize("evil", HOSTILE)
def test_no_comment_of_html_is_in_it_even_in_code(evil: str) -> None:
    assert "<!--" not in comment(document(evil))


@pytest.mark.parametrize("evil", HOSTILE)
def test_a_picture_is_ours_line_by_line(evil: str) -> None:
    blocks = re.findall(r"^```mermaid\n(.*?)^```$", comment(document(evil)), re.MULTILINE | re.DOTALL)
    ours = re.compile(
        r"(  )*(flowchart LR|subgraph \w+\[.*\]|end|\w+[\[(]+\".*\"[\])]+|classDef .*|class \S+ \w+|\w+ \S+\|\".*\"\| \w+|%% .*)"
    )
    assert blocks
    for line in (line for block in blocks for line in block.splitlines()):
        assert ours.fullmatch(line), line
        assert "%%{" not in line


def test_what_comes_back_from_the_artifact_is_as_harmless() -> None:
    evil = HOSTILE[1]
    there_and_back = from_json(copy.deepcopy(as_json(document(evil))))
    assert comment(there_and_back) == comment(document(evil))
    assert "@evil" not in without_fences(comment(there_and_back))
