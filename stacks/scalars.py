"""What an unquoted YAML value is to Pulumi, whose reader is not Python's: `no` and `on` are text there, and so is 1:30."""

import math
import re
from dataclasses import dataclass

# gopkg.in/yaml.v3 3.0.1, resolve.go: the reader of the Pulumi CLI, and its words.
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INTEGER = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0b[01]+|0o?[0-7]+|[1-9][0-9]*|0)")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DAY = re.compile(r"\d{4}-\d\d?-\d\d?([Tt ].*)?")
_LARGEST, _LONGEST = 2**63, 40


@dataclass(frozen=True)
class Misread:
    """An unquoted value that means something else to YAML than it looks: what YAML takes it for, and what to write."""

    meaning: str
    expected: str
    remedy: str


def read(text: str) -> str | int | float | bool | Misread | None:
    """What an unquoted `text` is. A value that readers disagree about is Misread: it is refused, never guessed."""
    if text in _WORDS:
        return _WORDS[text]
    digits = text.replace("_", "")
    if _DAY.fullmatch(text):
        return Misread("a point in time to YAML", "text in quotes", f'write "{text}"')
    if _NO_NUMBER.fullmatch(text):
        return Misread("not a number", "a number, or text in quotes", "correct the value")
    if not text[0].isdigit() and text[0] not in "+-.":
        return text
    if re.fullmatch(r"[-+]?0[0-9]+", digits):
        as_number = digits.lstrip("+-0") or "0"
        return Misread(
            "whose first 0 YAML drops, or takes for octal", "digits in quotes", f'write "{text}" for text, {as_number} for a number'
        )
    if not _INTEGER.fullmatch(digits) and not _NUMBER.fullmatch(digits):
        return text
    # A number of thousands of digits is not worth converting, and Python would refuse to.
    number = math.inf if len(digits) >= _LONGEST else int(digits, 0) if _INTEGER.fullmatch(digits) else float(digits)
    if not abs(number) < _LARGEST:
        return Misread("more than 64 bits", "a smaller number, or text in quotes", "correct it")
    number = int(number) if number == int(number) else number
    if str(number) == text:
        return number
    return Misread(f"which is {number} to YAML", "text in quotes, or a plain number", f'write "{text}" for text, {number} for a number')
