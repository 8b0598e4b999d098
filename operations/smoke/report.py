"""What was found, for people and for programs."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from operations.smoke.check import Result

_LONGEST_LINE = 140


def as_text(stack: str, results: Sequence[Result]) -> str:
    """A row for each check, with what is expected and what to do below those that did not pass; then how many there are of each verdict."""
    name_width = max(len(each.check.name) for each in results)
    rows = [row for each in results for row in _rows(each, name_width)]
    return "\n".join((f"{'verdict':<11}  {'check':<{name_width}}  seen", *rows, "", summary(stack, results)))


def summary(stack: str, results: Sequence[Result]) -> str:
    """One line. What is not checked is named by its reasons."""
    counts = {verdict: sum(each.verdict == verdict for each in results) for verdict in ("passed", "failed", "not checked")}
    reasons = dict.fromkeys(each.seen for each in results if each.verdict == "not checked")
    why = f" ({'; '.join(reasons)})" if reasons else ""
    return f"{stack}: {counts['passed']} passed, {counts['failed']} failed, {counts['not checked']} not checked{why}."


def as_document(stack: str, results: Sequence[Result]) -> Mapping[str, Any]:
    return {
        "stack": stack,
        "summary": summary(stack, results),
        "checks": [
            {
                "check": each.check.name,
                "verdict": each.verdict,
                "seen": each.seen,
                "expected": each.check.expected,
                "remedy": each.check.remedy,
                "excused": each.excused,
                "seconds": round(each.seconds, 3),
            }
            for each in results
        ],
    }


def _rows(result: Result, name_width: int) -> list[str]:
    beginning = f"{result.verdict:<11}  {result.check.name:<{name_width}}  "
    below = " " * len(beginning)
    rows = [beginning + result.seen.replace("\n", f"\n{below}")]
    if result.verdict == "failed":
        for word, text in (("expected", result.check.expected), ("remedy", result.check.remedy)):
            rows += textwrap.wrap(
                f"{word}: {text}", _LONGEST_LINE, initial_indent=" " * 13, subsequent_indent=" " * 15, break_on_hyphens=False
            )
    return rows
