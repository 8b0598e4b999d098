"""The comment on a pull request: from it alone a reviewer says what will happen, what it costs and whether to worry.

docs/previews.md is what its readers are told.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from operations.github.parts import PREVIEW_LIMIT
from operations.preview import bill, sections
from operations.preview.changes import ACTIONS, Change, changes
from operations.preview.document import StackPreview
from operations.preview.judgement import Reason, reasons
from operations.preview.markdown import code, table
from operations.preview.room import Part, Size, within

MOST_REASONS = 20
MOST_STACKS = 60
MOST_FAILURES = 3
"""What is kept, however long the rest is, has a bound too."""

_DETAIL, _SECTION = 2, 1


def comment(previews: Sequence[StackPreview], limit: int = PREVIEW_LIMIT, size: Size = len) -> str:
    """Markdown that takes at most `limit`, measured by `size`. Raises Refused where a document is not the engine's."""
    judged = [(each, reasons(each)) for each in previews]
    found = {each.stack: changes(each.engine) for each in previews}
    # What is advised of what stays as it is was so before.
    if not any(why for _, why in judged) and not any(found.values()):
        return _nothing(previews)
    kept = [verdict(previews), *_why(judged), _stacks(previews, found), _made(previews), *_failures(previews)]
    parts = [Part(text) for text in kept]
    for preview, why in judged:
        if why or found[preview.stack]:
            parts += _of_stack(preview, found[preview.stack])
    return within(parts, limit, size)


def needs_a_human(previews: Sequence[StackPreview]) -> bool:
    """Whether anything of it is for a human to decide. Raises Refused."""
    return any(reasons(each) for each in previews)


def verdict(previews: Sequence[StackPreview]) -> str:
    """One line: whether to worry, what will happen, what it costs. Raises Refused."""
    why = [(each.stack, reason) for each in previews for reason in reasons(each)]
    stop = [(stack, reason) for stack, reason in why if reason.weight == "stop"]
    if stop:
        word = f"Stop: {_shortly(stop)}."
    elif why:
        word = f"Look before it is merged: {_shortly(why)}."
    else:
        word = "No human is needed."
    return f"**{word}** {_summary(previews)}"


def _shortly(why: Sequence[tuple[str, Reason]]) -> str:
    """What there is, how often, and in which stacks: ``2 policy violations in `dev` and `prod```."""
    alike: dict[tuple[str, str], list[str]] = {}
    for stack, reason in why:
        alike.setdefault((reason.short, reason.several), []).append(stack)
    said: list[str] = []
    for (short, several), stacks in alike.items():
        counted = f"{len(stacks)} {several if len(stacks) > 1 else short}" if several else short
        said.append(f"{counted} in {_joined(dict.fromkeys(stacks))}")
    return "; ".join(said)


def _summary(previews: Sequence[StackPreview]) -> str:
    """What changes and what it costs, in all stacks together."""
    counts = Counter(change.action for each in previews for change in changes(each.engine))
    said = ", ".join(f"{counts[action]} to {action}" for action in ACTIONS if counts[action]) or "nothing changes"
    total = bill.total(previews)
    cost = f"; {bill.sentence(total)}" if total else ""
    unknown = [each.stack for each in previews if each.cost is None]
    missing = f"; the cost of {_joined(unknown)} is unknown" if unknown else ""
    return f"In {_joined(each.stack for each in previews)}: {said}{cost}{missing}."


def _nothing(previews: Sequence[StackPreview]) -> str:
    if not previews:
        return "**Nothing changes**: no stack is affected.\n"
    how = {"local": "on a local cloud, without credentials", "account": "against the real state"}
    made = " and ".join(dict.fromkeys(how[each.made] for each in previews))
    return f"**Nothing changes** in {_joined(each.stack for each in previews)}, previewed {made}.\n"


def _why(judged: Sequence[tuple[StackPreview, Sequence[Reason]]]) -> Iterator[str]:
    found = [(preview.stack, reason) for preview, why in judged for reason in why]
    # Those that stop first, and of them, as within a stack, what loses data before what is forbidden.
    ordered = sorted(found, key=lambda one: (one[1].weight != "stop", "stateful" not in one[1].short))
    lines = [*dict.fromkeys(f"- {code(stack)}: {reason.text}" for stack, reason in ordered)]
    if len(lines) > MOST_REASONS:
        lines[MOST_REASONS:] = [f"- … and {len(lines) - MOST_REASONS} more reasons, in the artifact."]
    if lines:
        yield "\n".join(lines)


def _stacks(previews: Sequence[StackPreview], found: dict[str, list[Change]]) -> str:
    head = ("stack", *ACTIONS, "USD a month before", "after", "difference", "unpriced", "policies")
    rows = [(code(each.stack), *_counts(each, found[each.stack]), *_amounts(each), _policies(each)) for each in previews]
    more = f"\n\n… and {len(rows) - MOST_STACKS} more stacks, in the artifact." if len(rows) > MOST_STACKS else ""
    return table(head, rows[:MOST_STACKS], numbers_from=1) + more


def _counts(preview: StackPreview, found: Sequence[Change]) -> list[str]:
    if preview.failure is not None and not found:
        return ["unknown"] * len(ACTIONS)
    return [str(sum(each.action == action for each in found)) for action in ACTIONS]


def _amounts(preview: StackPreview) -> tuple[str, str, str, str]:
    cost = bill.bill(preview)
    if cost is None:
        return ("unknown", "unknown", "unknown", "unknown")
    return bill.amount(cost.before), bill.amount(cost.after), bill.difference(cost.difference), str(cost.unpriced)


def _policies(preview: StackPreview) -> str:
    if preview.violations:
        return sections.policies_counted(preview.violations)
    return "unknown" if preview.failure is not None else "kept"


def _made(previews: Sequence[StackPreview]) -> str:
    """Against what each was previewed."""
    alike: dict[str, list[str]] = {}
    for each in previews:
        alike.setdefault(sections.made(each), []).append(each.stack)
    return "\n".join(f"- {_joined(stacks)}: {text}" for text, stacks in [*alike.items()][:MOST_REASONS])


def _failures(previews: Sequence[StackPreview]) -> Iterator[str]:
    """What failed, once where several stacks failed with the same words."""
    alike: dict[str, list[str]] = {}
    for each in previews:
        if each.failure is not None:
            alike.setdefault(sections.failure(each), []).append(each.stack)
    for count, (text, stacks) in enumerate(alike.items()):
        if count == MOST_FAILURES:
            yield f"… and {len(alike) - MOST_FAILURES} more failures, in the artifact."
            return
        yield f"The last words of {_joined(stacks)}:\n\n{text}"


def _of_stack(preview: StackPreview, found: Sequence[Change]) -> Iterator[Part]:
    tables = [f"### {code(preview.stack)}"]
    tables.append(sections.by_tier(found) if found else "Nothing changes." if preview.failure is None else "What changes is unknown.")
    tables += [*sections.changed(preview, found), *([sections.picture(preview, found)] if found else [])]
    more = (*sections.policies(preview, found), *sections.costs(preview), *sections.unverified(preview), *sections.said(preview))
    for text in (*tables, *more):
        yield Part(text, _DETAIL if text.startswith("<details>") else _SECTION)


def _joined(stacks: Iterator[str] | Sequence[str] | dict[str, None]) -> str:
    """``dev`, `staging` and `prod``, of many the first and how many more."""
    names = [code(each) for each in stacks]
    if len(names) > MOST_REASONS:
        names[MOST_REASONS:] = [f"{len(names) - MOST_REASONS} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
