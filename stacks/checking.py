"""What a stack file may say: its settings, or everything that is wrong with them at once. Needs no Pulumi."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from planning.names import LONGEST_ENVIRONMENT
from stacks import across, production, pull_requests, within
from stacks.across import StackFile
from stacks.hiding import HIDDEN, without_secrets
from stacks.models import Model, Settings, Tenant
from stacks.outline import flattened
from stacks.problems import Problem, problems, shown, suggestion

PROFILES = Path(__file__).parent / "profiles.yaml"
KINDS: Mapping[str, type[Settings] | type[Tenant]] = {"platform": Settings, "tenant": Tenant}

Where = Callable[[str], int | None]
"""The line on which a key path such as `network.cidr` stands; None where that is not known."""


class StackFileRefused(ValueError):
    """A stack file is wrong. The message has one line per problem, all of them."""

    def __init__(self, stack: str, found: Iterable[Problem]) -> None:
        self.problems = tuple(found)
        source = f"stacks/Pulumi.{stack}.yaml"
        super().__init__("\n".join(["the settings were refused:", *(problem.line(source) for problem in self.problems)]))


def nowhere(_: str) -> int | None:
    """No line is known."""
    return None


def parse(stack: str, given: Mapping[str, Any], others: Iterable[StackFile] = (), where: Where = nowhere) -> Settings | Tenant:
    """The settings of `stack`, whose stack file says `given`, held against the `others`. Raises StackFileRefused."""
    found, settings = _checked(stack, given, tuple(others))
    if settings is None or found:
        raise StackFileRefused(stack, [replace(problem, at=where(problem.path)) for problem in found])
    return settings


@cache
def profiles() -> Mapping[str, Mapping[str, Any]]:
    """What each profile supplies; read once."""
    # The parser in C: PyYAML's own takes longer than all the rest of a check.
    return yaml.load(PROFILES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` over `defaults`: mappings are merged key by key, everything else is replaced whole."""
    both = dict(defaults)
    for key, value in given.items():
        default = both.get(key)
        both[key] = merged(default, value) if isinstance(default, Mapping) and isinstance(value, Mapping) else value
    return both


def supplied(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a profile supplies to a stack file: nothing to a tenant, nor where the profile is not known."""
    known, profile = profiles(), given.get("profile")
    if given.get("kind", "platform") != "platform" or not isinstance(profile, str):
        return {}
    return known.get(profile, {})


def _checked(stack: str, given: Mapping[str, Any], others: tuple[StackFile, ...]) -> tuple[list[Problem], Settings | Tenant | None]:
    kind = given.get("kind", "platform")
    found = [*_about_name(stack), *pull_requests.about_name(stack, given)]
    if not isinstance(kind, str) or kind not in KINDS:
        return [*found, Problem("kind", shown(kind), f"one of {', '.join(KINDS)}", suggestion(str(kind), KINDS))], None
    defaults = supplied(given)
    if kind == "platform":
        found += _about_profile(given.get("profile"))
    whole = merged(defaults, given)
    wrong, settings = _validated(KINDS[kind], {**whole, "environment": stack})
    wrong += [*_secrets(given), *across.problems(StackFile(stack, whole), others)]
    if "environment" in given:
        wrong.append(Problem("environment", "a value", "nothing: the file's name says it", "remove the key"))
    if settings is None:
        # Without a profile everything that it would have supplied is missing: that is one problem, not forty.
        return found + [problem for problem in wrong if defaults or kind == "tenant" or problem.got != "nothing"], None
    if isinstance(settings, Settings):
        own = [*within.problems(settings), *production.problems(settings)]
    else:
        own = list(within.of_tenant(settings))
    return [*found, *wrong, *own], settings


def _validated(model: type[Model], given: Mapping[str, Any]) -> tuple[list[Problem], Any]:
    try:
        # As JSON, where a list may stand for a tuple although nothing else is converted.
        return [], model.model_validate_json(json.dumps(given, default=str))
    except ValidationError as error:
        return problems(error, model), None


def _secrets(given: Mapping[str, Any]) -> list[Problem]:
    """Values that look like secrets, wherever they stand: an ARN may be as long and as mixed, and is none."""
    remedy = "take it out and change it, for it has been seen; use `--secret` or a reference to Secrets Manager"
    return [
        Problem(".".join(path), HIDDEN, "no secret in a stack file", remedy)
        for path, value in flattened(given).items()
        for text in (value if isinstance(value, list) else [value])
        if isinstance(text, str) and not text.startswith("arn:") and without_secrets(text) != text
    ]


def _about_name(stack: str) -> list[Problem]:
    if re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", stack) and "--" not in stack and len(stack) <= LONGEST_ENVIRONMENT:
        return []
    expected = f"2 to {LONGEST_ENVIRONMENT} lower-case letters, digits and single hyphens, a letter first"
    return [Problem("the stack's name", shown(stack), expected, "rename the stack and its file")]


def _about_profile(profile: object) -> list[Problem]:
    known = list(profiles())
    if profile in known:
        return []
    got = "nothing" if profile is None else shown(profile)
    return [Problem("profile", got, f"one of {', '.join(known)}", suggestion(str(profile), known))]
