"""Advice as it is read: a line for each rule, however many resources it is about."""

from collections.abc import Iterator, Mapping, Sequence

from policies.rule import Finding

Findings = dict[str, list[tuple[str, Finding]]]
"""By the rule's name: what it found, each beside the URN of its resource."""


def lines(found: Mapping[str, Sequence[tuple[str, Finding]]]) -> Iterator[str]:
    """What each rule found first, how many resources it is about, and which."""
    for rule, findings in sorted(found.items()):
        if findings:
            messages = list(dict.fromkeys(each.message for _, each in findings))
            resources = sorted({_shown(urn) for urn, _ in findings})
            others = f" (and {len(messages) - 1} other{'s' if len(messages) > 2 else ''})" if len(messages) > 1 else ""
            count = f"{len(resources)} resource{'s' if len(resources) > 1 else ''}"
            yield f"{rule}: {messages[0]}{others} {count}: {', '.join(resources)}"


def _shown(urn: str) -> str:
    """A resource by the last part of its type, and its name."""
    type, _, name = urn.rpartition("::")
    return f"{type.rpartition(':')[2]} {name}".strip()
