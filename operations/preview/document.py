"""What a preview of a pull request found, stack by stack: the artifact, and what its comment is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, Literal, TypeAlias, get_args

from planning.refusal import Refused
from policies.rule import Level

Document: TypeAlias = Mapping[str, Any]

Kind = Literal["platform", "tenant"]
Made = Literal["local", "account"]
"""Against what it was previewed: the base revision on a local cloud, without credentials; or the real state of the stack's account."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """What the policy pack says of one resource; `urn` is empty where it is about the whole stack."""

    level: Level
    policy: str
    urn: str
    message: str


@dataclass(frozen=True, kw_only=True)
class StackPreview:
    """What a pull request would make of one stack."""

    stack: str
    kind: Kind
    made: Made
    base: str
    """The commit that it was compared to."""
    head: str
    """The commit that was previewed."""
    before_exists: bool
    """Whether the stack is there before."""
    engine: Document = field(default_factory=dict[str, Any])
    """What `pulumi preview --json --show-sames` printed; empty where no preview could be made."""
    violations: Sequence[Violation] = ()
    unverified: Sequence[str] = ()
    """What the local cloud could not verify of what changes: `type.property: reason`."""
    cost: Document | None = None
    """What `scripts/cost.py STACK --preview FILE --json` printed; None where `cost_unknown` says why there is none."""
    cost_unknown: str = ""
    failure: str | None = None
    """What the program or the engine said where no preview could be made."""


def as_json(previews: Sequence[StackPreview]) -> list[dict[str, Any]]:
    """What `from_json` makes the same previews of."""
    return [asdict(each) for each in previews]


def from_json(document: Any) -> tuple[StackPreview, ...]:
    """The previews of an artifact. Raises Refused."""
    if not isinstance(document, list):
        raise _refused(f"a {type(document).__name__}", "a list of previews")
    return tuple(_preview(each) for each in document)


def _preview(document: Any) -> StackPreview:
    values = _known(StackPreview, document)
    values["violations"] = tuple(_violation(each) for each in values.get("violations", ()))
    values["unverified"] = tuple(values.get("unverified", ()))
    for name, allowed in (("kind", get_args(Kind)), ("made", get_args(Made))):
        _one_of(name, values[name], allowed)
    return StackPreview(**values)


def _violation(document: Any) -> Violation:
    values = _known(Violation, document)
    _one_of("level", values["level"], get_args(Level))
    return Violation(**values)


def _known(kind: type[StackPreview] | type[Violation], document: Any) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    required = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}
    given = set(document) if isinstance(document, dict) else set[str]()
    if not required <= given or given - names:
        raise _refused(f"{', '.join(sorted(given)) or document!r}", f"the fields of a {kind.__name__}: {', '.join(sorted(names))}")
    return dict(document)


def _one_of(name: str, value: Any, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise _refused(f"{name} {value!r}", f"one of {', '.join(allowed)}")


def _refused(got: str, expected: str) -> Refused:
    return Refused(got=got, expected=expected, remedy="give the preview.json that scripts/preview.py wrote")
