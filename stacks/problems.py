"""How a refusal reads: `stacks/Pulumi.dev.yaml:12: path.to.key: got X; expected Y; do Z`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stacks.hiding import names_a_secret, without_secrets
from stacks.outline import description, keys

# Characters of a value that are shown, and those that are looked at for secrets before it is cut.
_LONGEST, _MOST = 120, 4000

_TYPES: Mapping[str, tuple[str, str]] = {
    "string_type": ("a string", "put the value in quotes"),
    "int_type": ("a whole number", "write it without quotes and without a fraction"),
    "int_from_float": ("a whole number", "write it without a fraction"),
    "float_type": ("a number", "write it without quotes"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "tuple_type": ("a list", "write [one, two]"),
    "list_type": ("a list", "write [one, two]"),
    "dict_type": ("a mapping of names to settings", "write the keys below it, indented"),
    "model_type": ("a mapping of settings", "write the keys below it, indented"),
    "date_type": ("a day", 'write it in quotes: "2027-01-31"'),
    "date_from_datetime_parsing": ("a day", 'write year, month and day, in quotes: "2027-01-31"'),
    "date_parsing": ("a day", 'write year, month and day, in quotes: "2027-01-31"'),
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("at least {ge}", "raise it"),
    "greater_than": ("more than {gt}", "raise it"),
    "less_than_equal": ("at most {le}", "lower it"),
    "less_than": ("less than {lt}", "lower it"),
    "multiple_of": ("a multiple of {multiple_of}", "round it"),
    "too_short": ("at least {min_length} of them", "add to it"),
    "too_long": ("at most {max_length} of them", "remove some"),
    "string_too_short": ("at least {min_length} characters", "write more"),
    "string_too_long": ("at most {max_length} characters", "shorten it"),
    "int_parsing_size": ("a number of at most 18 digits", "lower it"),
}
_BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a stack file; `at` is the line in it, where that is known."""

    path: str
    got: str
    expected: str
    remedy: str
    at: int | None = None

    def line(self, source: str) -> str:
        """How it is told, on one line. What looks like a secret is in none of its parts."""
        place = source if self.at is None else f"{source}:{self.at}"
        path, got, expected, remedy = (_printable(without_secrets(each)) for each in (self.path, self.got, self.expected, self.remedy))
        return f"{place}: {path}: got {got}; expected {expected}; {remedy}"


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Everything that `error` holds against the `model` that was validated."""
    wrong = error.errors()
    # Of a list whose only element is refused, pydantic says besides that it is empty.
    inside = {details["loc"][:depth] for details in wrong for depth in range(len(details["loc"]))}
    return [_problem(details, model) for details in wrong if details["type"] != "too_short" or details["loc"] not in inside]


def shown(value: object) -> str:
    """A value as it is quoted in a refusal, with its type where YAML hides it."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        safe = without_secrets(value[:_MOST])
        return f'"{safe}"' if len(safe) <= _LONGEST else f'"{safe[:_LONGEST]}…" ({len(value)} characters)'
    if isinstance(value, (int, float)):
        return str(value)
    return "a mapping" if isinstance(value, Mapping) else "a list"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Which of `known` somebody probably meant."""
    return next(iter(get_close_matches(name[:_LONGEST], list(known), n=1)), None)


def suggestion(name: str, known: Iterable[str]) -> str:
    """What to do about a name that is not one of `known`."""
    close = nearest(name, known)
    return f"did you mean `{close}`?" if close else "remove it or use one of these"


def unknown_key(path: str, key: str, known: Iterable[str], at: int | None = None) -> Problem:
    """A key that is not one of `known`. Its value is not shown: it may be a secret that was put where none belongs."""
    names = list(known)
    no_secrets = "take it out, and use `--secret` or a reference to Secrets Manager: a stack file is for everybody to read"
    remedy = no_secrets if names_a_secret(key) else suggestion(key, names)
    return Problem(path, f"unknown key `{key}`", f"one of {', '.join(names)}" if names else "no key here", remedy, at)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


def _problem(details: ErrorDetails, model: type[BaseModel]) -> Problem:
    kind, location, value = details["type"], details["loc"], details["input"]
    context: Mapping[str, Any] = details.get("ctx", {})
    # So pydantic marks that it is the name that is wrong, and not what stands below it.
    about_name = location[-1:] == ("[key]",) and kind != "extra_forbidden"
    path = ".".join(str(part) for part in (location[:-1] if about_name else location))
    leaf = str(location[-1]) if location else ""
    if kind == "extra_forbidden":
        return unknown_key(path, leaf, keys(model, location[:-1]))
    if kind == "missing":
        return Problem(path, "nothing", "a value", "add the key to the stack file, or to its profile in stacks/profiles.yaml")
    got = "a value that is not shown" if any(names_a_secret(str(part)) for part in location) else shown(value)
    if kind in {"literal_error", "enum"}:
        allowed = re.findall(r"'([^']*)'|(\d+)", str(context["expected"]))
        names = [quoted or number for quoted, number in allowed]
        return Problem(path, got, f"one of {', '.join(names)}", suggestion(str(value), names))
    if kind == "refused":
        at = str(context["at"])
        inner: object = value.get(at) if isinstance(value, Mapping) else getattr(value, at, None)
        return Problem(f"{path}.{at}" if at else path, shown(inner) if at else got, str(context["expected"]), str(context["remedy"]))
    if kind in _TYPES:
        expected, remedy = _TYPES[kind]
        if kind == "bool_type" and str(value).lower() in _BOOLEANS:
            remedy = f"write {_BOOLEANS[str(value).lower()]}, without quotes: {value} is text"
        if kind == "string_type" and got == str(value):
            remedy = f'put the value in quotes: "{value}"'
        return Problem(path, got if value is None else f"{got} ({type(value).__name__})", expected, remedy)
    if kind in _LIMITS:
        expected, remedy = _LIMITS[kind]
        return Problem(path, got, expected.format(**context), remedy)
    if kind == "string_pattern_mismatch":
        rule = description(model, location)
        said = f"text of the form {context['pattern']}"
        return Problem(path, got, f"{said} ({rule.rstrip('.')})" if rule else said, "correct the value")
    return Problem(path, got, details["msg"].removeprefix("Input should be ").removeprefix("String should "), "correct the value")
