"""What of a preview a human has to look at. docs/previews.md has the rules in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from operations.preview.bill import bill, sentence
from operations.preview.changes import Change, changes
from operations.preview.document import StackPreview
from operations.preview.grants import widened
from operations.preview.markdown import code, word
from operations.preview.stateful import STATEFUL, title
from operations.preview.values import at

MOST_USD_PER_MONTH = Decimal(100)
"""A stack may grow by as much a month without anybody being asked."""

_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a human is needed: to stop, or to look."""

    weight: Literal["stop", "look"]
    short: str
    """For the verdict: the same of alike reasons."""
    several: str = ""
    """The same of more than one, where they are counted."""
    text: str
    """Markdown, with what causes it."""


def reasons(preview: StackPreview) -> list[Reason]:
    """The worst first; empty where no human is needed. Raises Refused."""
    found = changes(preview.engine)
    return [*_failed(preview), *_lost(found), *_forbidden(preview), *_unverified(preview), *_granted(found), *_costs(preview)]


def lost(change: Change) -> bool:
    """Whether something goes that no update brings back."""
    return change.goes and change.type in STATEFUL


def _failed(preview: StackPreview) -> Iterator[Reason]:
    if preview.failure is not None:
        yield Reason(weight="stop", short="preview failed", text="no preview could be made, or not all of it: its last words are below.")
    elif not preview.engine.get("steps"):
        yield Reason(weight="stop", short="preview is empty", text="there is no preview, and nothing says why.")
    if preview.engine.get("maybeCorrupt"):
        yield Reason(weight="stop", short="state may be corrupt", text="the engine says that the state may be corrupt.")


def _lost(found: Sequence[Change]) -> Iterator[Reason]:
    for change in found:
        if lost(change):
            yield _counted("stateful resource", change, _loss(change, found))
        elif change.goes and change.protected:
            text = f"{_named(change)} is protected, and would be {_past(change)}: the engine refuses."
            yield _counted("protected resource", change, text)


def _counted(what: str, change: Change, text: str) -> Reason:
    happens = f"would be {_past(change)}"
    return Reason(weight="stop", short=f"{what} {happens}", several=f"{what}s {happens}", text=text)


def _past(change: Change) -> str:
    return "replaced" if change.action == "replace" else "forgotten" if change.retained else "deleted"


def _named(change: Change) -> str:
    return f"{word(title(change.type))} {code(change.name)} ({word(change.tier)})"


def _loss(change: Change, found: Sequence[Change]) -> str:
    cause = f" because of {', '.join(_cause(change, path) for path in change.reasons)}" if change.reasons else ""
    if change.action == "replace" and not cause:
        cause = " (the engine names no property: what it is made from is replaced)"
    said = [f"**{_named(change)} would be {_past(change)}{cause}.**"]
    if change.retained:
        said.append("It stays where it is, and Pulumi forgets it (`retainOnDelete`).")
    elif change.protected:
        said.append("It is protected: the engine refuses.")
    elif change.action == "replace":
        said.append("The new one begins without what it holds.")
    others = [each for each in found if each.action == "create" and each.type == change.type and each.tier == change.tier]
    if change.action == "delete" and others:
        said.append(f"{', '.join(code(each.name) for each in others[:_NAMED])} would be created beside it: a rename needs an alias.")
    return " ".join(said)


def _cause(change: Change, path: str) -> str:
    found = at(change, path)
    return f"{code(path)}: {code(found.before)} → {code(found.after)}" if found.before or found.after else code(path)


def _forbidden(preview: StackPreview) -> Iterator[Reason]:
    for each in preview.violations:
        if each.level == "mandatory":
            resource = code(each.urn.rpartition("::")[2]) if each.urn else "what the stack is"
            text = f"policy {code(each.policy)} forbids {resource}: see the policies below."
            yield Reason(weight="stop", short="policy violation", several="policy violations", text=text)


def _unverified(preview: StackPreview) -> Iterator[Reason]:
    if count := len(preview.unverified):
        text = f"the local cloud cannot verify {count} of the properties that change: they are listed below."
        yield Reason(weight="look", short="changes that cannot be verified here", text=text)


def _granted(found: Sequence[Change]) -> Iterator[Reason]:
    gone = {change.urn for change in found if change.action == "delete"}
    more = [change for change in found if widened(change, gone)]
    if more:
        others = f" and {len(more) - _NAMED} more" if len(more) > _NAMED else ""
        text = f"more is allowed to somebody, by {', '.join(_named(each) for each in more[:_NAMED])}{others}."
        yield Reason(weight="look", short="permissions grow", text=text)


def _costs(preview: StackPreview) -> Iterator[Reason]:
    found = bill(preview)
    if found and found.difference > MOST_USD_PER_MONTH:
        text = f"it costs over USD {MOST_USD_PER_MONTH} a month more: {sentence(found)}."
        yield Reason(weight="look", short="costs grow", text=text)
    if found and found.unpriced_changes:
        text = f"{found.unpriced_changes} of the charges of what changes have no price, so that it may cost more than is said here."
        yield Reason(weight="look", short="not all of what changes has a price", text=text)
    # scripts/cost.py makes no bill of a tenant.
    if found is None and preview.kind == "platform" and preview.failure is None:
        yield Reason(weight="look", short="cost is unknown", text=f"what it costs is unknown: {code(preview.cost_unknown)}")
