"""A plan: what an update of a stack would do, as somebody approves it, kept in a file, and held against what it would do now."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from operations.deploy.digest import ONLY_OPTIONS, Change, Document, Step, digest, steps
from scripts.deployed import Refused

_VERBS = {
    "create": "to create",
    "update": "to update",
    "create-replacement": "to replace",
    "delete": "to delete",
    "delete-replaced": "to delete that were replaced before",
    ONLY_OPTIONS: "of which only Pulumi's options change",
}
_SHOWN_PROPERTIES = 6


@dataclass(frozen=True)
class Plan:
    """What an update of a stack would do."""

    stack: str
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, stack: str, preview: Document) -> "Plan":
        """Out of a `pulumi preview --json --show-sames --show-replacement-steps`."""
        return cls(stack, steps(preview))

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Raises Refused where the file is no plan, or is not what its own digest says."""
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            found = tuple(_step(each) for each in content["steps"])
            plan, said = cls(content["stack"], found), content["digest"]
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
            remedy = "write it with `scripts/deploy.py plan`"
            raise Refused(f"got {path} ({type(error).__name__}: {error}); expected a plan; {remedy}") from error
        if plan.digest != said:
            raise Refused(f"got {path} with steps whose digest is {plan.digest}; it says {said}: it was changed by hand, plan again")
        return plan

    def write(self, path: Path) -> None:
        content = {"stack": self.stack, "digest": self.digest, "summary": self.counted, "steps": [asdict(each) for each in self.steps]}
        path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    @property
    def digest(self) -> str:
        return digest(self.stack, self.steps)

    @property
    def shown(self) -> list[Step]:
        """Without the second half of each replacement."""
        replaced = {each.urn for each in self.steps if each.op == "create-replacement"}
        return [each for each in self.steps if each.op != "delete-replaced" or each.urn not in replaced]

    @property
    def counted(self) -> str:
        """In one line."""
        counts = Counter(each.op for each in self.shown)
        said = [f"{counts[op]} {verb}" for op, verb in _VERBS.items() if counts[op]]
        said += [f"{count} to {op}" for op, count in sorted(counts.items()) if op not in _VERBS]
        return ", ".join(said) or "nothing to do"


def as_text(plan: Plan) -> str:
    """What is approved, for a person: each step with the properties that it changes."""
    return "\n".join([f"{plan.stack}: {plan.counted}", *(f"  {_line(each)}" for each in plan.shown)])


def differences(approved: Plan, now: Plan) -> list[str]:
    """What would be done otherwise than it was approved, a line each; none where the digests are the same."""
    return sorted(_differences(_by_urn(approved.steps), _by_urn(now.steps)))


def _differences(approved: dict[str, list[Step]], now: dict[str, list[Step]]) -> Iterator[str]:
    for urn in {*approved, *now}:
        before, after = approved.get(urn, []), now.get(urn, [])
        if [each.op for each in before] != [each.op for each in after]:
            yield from (f"no longer to be done: {_line(each)}" for each in before if each not in after)
            yield from (f"not approved: {_line(each)}" for each in after if each not in before)
            continue
        for old, new in zip(before, after, strict=True):
            yield from (f"{_subject(new)}: {each}" for each in _properties(old, new))


def _properties(old: Step, new: Step) -> Iterator[str]:
    was, is_ = ({each.path: each for each in step.changes} for step in (old, new))
    for path in sorted({*was, *is_}):
        approved, found = (side.get(path, Change(path, "", "")) for side in (was, is_))
        if approved.after != found.after:
            yield f"{path} would become something else than was approved"
        elif approved.before != found.before:
            yield f"{path} is something else than when it was approved"
    if old.reasons != new.reasons:
        yield f"it was replaced because of {', '.join(old.reasons) or 'nothing'}, and is because of {', '.join(new.reasons) or 'nothing'}"


def _by_urn(found: Sequence[Step]) -> dict[str, list[Step]]:
    sorted_by_urn: dict[str, list[Step]] = {}
    for each in found:
        sorted_by_urn.setdefault(each.urn, []).append(each)
    return sorted_by_urn


def _subject(step: Step) -> str:
    return f"{step.op} {step.type} {step.name}"


def _line(step: Step) -> str:
    changed = step.reasons or [each.path for each in step.changes if each.before and each.after and each.before != each.after]
    more = f" and {len(changed) - _SHOWN_PROPERTIES} more" if len(changed) > _SHOWN_PROPERTIES else ""
    return _subject(step) + (f" ({', '.join(changed[:_SHOWN_PROPERTIES])}{more})" if changed else "")


def _step(content: Document) -> Step:
    changes = tuple(Change(each["path"], each["before"], each["after"]) for each in content["changes"])
    return Step(content["urn"], content["op"], tuple(content["reasons"]), changes)
