"""Reading IAM policy documents, which come as JSON text or as an object, and with single values where lists are meant."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from policies.rule import UNKNOWN, Finding, Unverified, Violation

_ANYTHING = frozenset("*?:")


def allowing(document: Any, where: str) -> Iterator[Mapping[str, Any] | Finding]:
    """The document's Allow statements; a finding instead where one cannot be read. Absent: none."""
    if document is UNKNOWN:
        yield Unverified(f"{where} is not known yet.")
        return
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError as error:
            yield Violation(f"{where} is not JSON ({error}): AWS would refuse it.")
            return
    statements: Any = document.get("Statement", []) if isinstance(document, Mapping) else []
    if document is not None and not isinstance(document, Mapping):
        yield Violation(f"{where} is {document!r}, not a policy document.")
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        if statement is UNKNOWN:
            yield Unverified(f"a statement of {where} is not known yet.")
        elif statement.get("Effect") == "Allow":
            yield statement
        elif statement.get("Effect") is UNKNOWN:
            yield Unverified(f"the effect of a statement of {where} is not known yet.")


def listed(value: Any) -> list[Any]:
    """A value of a statement, of which one may stand for a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def everything(pattern: Any) -> bool:
    """Whether an action or principal matches all there are: `*`, and other ways to write it such as `*:*` and `**`."""
    return isinstance(pattern, str) and "*" in pattern and set(pattern) <= _ANYTHING
