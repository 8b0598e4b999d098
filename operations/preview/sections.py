"""What the comment says of one stack: its tables, and the details that may be left out where there is no room."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from operations.preview import bill
from operations.preview.changes import ACTIONS, Change
from operations.preview.document import StackPreview, Violation
from operations.preview.judgement import lost
from operations.preview.markdown import MOST_OF_A_LINE, code, details, fence, html_code, table, word
from operations.preview.stateful import title
from operations.preview.values import ABSENT, Difference, differences
from scripts.mermaid import flowchart
from stacks.hiding import without_secrets

LAST_LINES = 30
"""Of what a program said when it failed."""

_MOST_DIFFERENCES = 60
"""Of one resource; a document of more is read in the artifact."""

_ORDER = {"replace": 0, "delete": 1, "update": 2, "create": 3}


def made(preview: StackPreview) -> str:
    """Against what a stack was previewed, and what that means."""
    base, head = code(preview.base[:12]), code(preview.head[:12])
    if preview.made == "account":
        return f"previewed at {head} against the real state of the stack's account."
    against = f"what {base} makes of it" if preview.before_exists else f"nothing, as there is no such stack at {base}"
    return f"previewed at {head} against {against}, on a local cloud and without credentials: AWS was not asked."


def by_tier(found: Sequence[Change]) -> str:
    """A table of how much of each tier changes, and how."""
    tiers = sorted({each.tier for each in found})
    counts = [[sum(each.tier == tier and each.action == action for each in found) for action in ACTIONS] for tier in tiers]
    rows = [(word(tier), *(str(count or "") for count in of_tier)) for tier, of_tier in zip(tiers, counts, strict=True)]
    return table(("tier", *ACTIONS), rows, numbers_from=1)


def changed(preview: StackPreview, found: Sequence[Change]) -> Iterator[str]:
    """The properties that change, tier by tier."""
    ordered = sorted(found, key=lambda each: (each.tier, not lost(each), _ORDER[each.action], each.urn))
    for tier, group in groupby(ordered, key=lambda each: each.tier):
        of_tier = list(group)
        lines = [line for each in of_tier for line in _lines(each)]
        yield details(f"{html_code(preview.stack)}, {html_code(tier)}: {_count(len(of_tier), 'change')}", fence(lines, "diff"))


def picture(preview: StackPreview, found: Sequence[Change]) -> str:
    """What changes, drawn."""
    resources: dict[str, Mapping[str, Any]] = {}
    for step in preview.engine["steps"]:
        resources[step["urn"]] = step.get("newState") or step.get("oldState") or resources[step["urn"]]
    drawn = flowchart(resources.values(), {each.urn: each.action for each in found}, only_changes=True)
    return details(f"Picture of what changes in {html_code(preview.stack)}", f"```mermaid\n{drawn}```")


def policies(preview: StackPreview, found: Sequence[Change]) -> Iterator[str]:
    """What the policy pack says: all that it forbids, and what it advises of what changes."""
    if not preview.violations:
        yield "Policies: not known, as no preview was made." if preview.failure is not None else "Policies: nothing is violated."
        return
    changing = {each.urn for each in found}
    shown = [each for each in preview.violations if each.level == "mandatory" or each.urn in changing]
    others = len(preview.violations) - len(shown)
    kept = f" {others} of the advice {'is' if others == 1 else 'are'} about what stays as it is, and in the artifact." if others else ""
    yield f"Policies: {policies_counted(preview.violations)}.{kept}"
    ordered = sorted(shown, key=lambda each: (each.level != "mandatory", each.policy, each.urn))
    if ordered:
        head = ("level", "policy", "resource", "what is wrong")
        yield details(f"Policies of {html_code(preview.stack)}", table(head, map(_policy, ordered), numbers_from=4))


def _policy(found: Violation) -> Sequence[str]:
    # The engine puts the policy's description before what was found.
    lines = without_secrets(found.message).splitlines()
    resource = code(found.urn.rpartition("::")[2]) if found.urn else "the stack"
    return found.level, code(found.policy), resource, code(" ".join(lines[1:] or lines), MOST_OF_A_LINE)


def policies_counted(found: Sequence[Violation]) -> str:
    """`1 mandatory violation, 2 that are advice here`."""
    forbidden = sum(each.level == "mandatory" for each in found)
    advised = len(found) - forbidden
    said = [_count(forbidden, "mandatory violation")] if forbidden else []
    return ", ".join([*said, f"{advised} that {'is' if advised == 1 else 'are'} advice here"] if advised else said)


def unverified(preview: StackPreview) -> Iterator[str]:
    """What the local cloud could not verify of what changes."""
    if preview.unverified:
        lines = [f"- {code(each, MOST_OF_A_LINE)}" for each in preview.unverified]
        heading = f"Changes of {html_code(preview.stack)} that the local cloud cannot verify: {len(lines)}"
        yield details(heading, "\n".join(lines))


def said(preview: StackPreview) -> Iterator[str]:
    """What program and engine said, warnings and errors."""
    found = [
        line
        for each in preview.engine.get("diagnostics") or ()
        if each.get("severity") in ("warning", "error")
        for line in without_secrets(each["message"]).strip().splitlines()
    ]
    if found:
        yield details(f"What was said while {html_code(preview.stack)} was previewed", fence(found))


def failure(preview: StackPreview) -> str:
    """The last lines of what failed."""
    lines = without_secrets(preview.failure or "").strip().splitlines()
    return fence(lines[-LAST_LINES:] or ["(it said nothing)"])


def costs(preview: StackPreview) -> Iterator[str]:
    if preview.failure is None:
        yield from bill.section(preview)


def _lines(change: Change) -> Iterator[str]:
    yield f"@@ {change.action} {title(change.type)} {change.name} ({change.type}) @@"
    found = differences(change) if change.action != "delete" else []
    for each in found[:_MOST_DIFFERENCES]:
        yield from _difference(each)
    if change.action == "replace" and not found:
        yield "  no property of it differs: what it is made from is replaced"
    if len(found) > _MOST_DIFFERENCES:
        yield f"  … and {len(found) - _MOST_DIFFERENCES} more properties"


def _difference(found: Difference) -> Iterator[str]:
    if found.before != ABSENT:
        yield f"- {found.path}: {found.before}"
    if found.after != ABSENT:
        yield f"+ {found.path}: {found.after}"


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
