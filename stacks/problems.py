"""How a refusal reads: `stacks/Pulumi.dev.yaml: path.to.key: got X; expected Y; do Z`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_EXPECTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("a string", "put the value in quotes"),
    "int_type": ("a whole number", "write it without quotes and without a fraction"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "tuple_type": ("a list", "write [one, two]"),
    "dict_type": ("a mapping of names to settings", "write the keys below it, indented"),
    "model_type": ("a mapping of settings", "write the keys below it, indented"),
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a stack file."""

    path: str
    got: str
    expected: str
    remedy: str

    def line(self, source: str) -> str:
        return f"{source}: {self.path}: got {self.got}; expected {self.expected}; {self.remedy}"


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Everything that `error` holds against the `model` that was validated."""
    return [_problem(details, model) for details in error.errors()]


def shown(value: object) -> str:
    """A value as it is quoted in a refusal, with its type where YAML hides it."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (int, float)):
        return str(value)
    return "a mapping" if isinstance(value, Mapping) else "a list"


def suggestion(name: str, known: Iterable[str]) -> str:
    """What to do about a name that is not one of `known`."""
    close = get_close_matches(name, list(known), n=1)
    return f"did you mean `{close[0]}`?" if close else "remove it or use one of these"


def _problem(details: ErrorDetails, model: type[BaseModel]) -> Problem:
    kind, context = details["type"], details.get("ctx", {})
    path = ".".join(str(part) for part in details["loc"])
    got, leaf = shown(details["input"]), str(details["loc"][-1]) if details["loc"] else ""
    if kind == "extra_forbidden":
        # The value is not shown: it may be a secret that was put where none belongs.
        known = _fields_at(model, details["loc"][:-1])
        return Problem(path, f"unknown key `{leaf}`", f"one of {', '.join(known)}", suggestion(leaf, known))
    if kind == "missing":
        return Problem(path, "nothing", "a value", "add the key to the stack file, or to its profile in stacks/profiles.yaml")
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return Problem(path, got, f"one of {', '.join(allowed)}", suggestion(str(details["input"]), allowed))
    if kind == "refused":
        at = str(context["at"])
        inner: object = getattr(details["input"], at, None) if not isinstance(details["input"], Mapping) else details["input"].get(at)
        return Problem(f"{path}.{at}" if at else path, shown(inner) if at else got, str(context["expected"]), str(context["remedy"]))
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        return Problem(path, f"{got} ({type(details['input']).__name__})", expected, remedy)
    return Problem(path, got, details["msg"].removeprefix("Input should be ").removeprefix("String should "), "correct the value")


def _fields_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """The keys that are known at a path, found by walking the models' annotations."""
    here: Any = model
    for part in path:
        here = here.model_fields[part].annotation if _is_model(here) else _element(here)
    return list(here.model_fields) if _is_model(here) else []


def _element(annotation: Any) -> Any:
    """What a container holds: the model of `dict[str, Model]` or of `tuple[Model, ...]`."""
    candidates = [argument for argument in get_args(annotation) if argument is not Ellipsis]
    return next((c for c in candidates if _is_model(c)), candidates[-1] if candidates else None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
