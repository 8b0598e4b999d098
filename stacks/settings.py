"""The only reader of configuration."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import yaml
from pydantic import ValidationError

from planning.catalogue import ZONES
from planning.names import LONGEST_ENVIRONMENT
from stacks import production
from stacks.models import Settings
from stacks.problems import Problem, problems, suggestion

PROFILES = Path(__file__).parent / "profiles.yaml"


class SettingsRefused(pulumi.RunError):
    """A stack file is wrong: one line per problem, all of them. Nothing has been registered."""


def load() -> Settings:
    """The settings of the stack that Pulumi is running. Raises SettingsRefused."""
    return parse(pulumi.get_stack(), pulumi.Config().require("settings"))


def parse(stack: str, overrides: str) -> Settings:
    """The settings of `stack`, whose stack file says `overrides` (JSON). Raises SettingsRefused."""
    source = f"stacks/Pulumi.{stack}.yaml"
    given: object = json.loads(overrides)
    if not isinstance(given, dict):
        raise SettingsRefused(f"{source}: ml-platform:settings: got {type(given).__name__}; expected a mapping; write the keys below it")
    found, settings = _validate(stack, given)
    if settings is None or found:
        raise SettingsRefused("\n".join(["the settings were refused:", *(problem.line(source) for problem in found)]))
    return settings


def _validate(stack: str, given: dict[str, Any]) -> tuple[list[Problem], Settings | None]:
    profiles: dict[str, Any] = yaml.safe_load(PROFILES.read_text(encoding="utf-8"))
    profile = given.get("profile")
    found = _about_environment(stack) + _about_profile(profile, list(profiles))
    defaults = profiles[profile] if isinstance(profile, str) and profile in profiles else {}
    merged = {**_merged(defaults, given), "environment": stack}
    try:
        # As JSON, where a list may stand for a tuple although nothing else is converted.
        settings = Settings.model_validate_json(json.dumps(merged))
    except ValidationError as error:
        wrong = problems(error, Settings)
        # Without a profile everything that it would have supplied is missing: that is one problem, not forty.
        return found + [problem for problem in wrong if defaults or problem.got != "nothing"], None
    return found + _across(settings) + production.problems(settings), settings


def _about_environment(stack: str) -> list[Problem]:
    if re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", stack) and "--" not in stack and len(stack) <= LONGEST_ENVIRONMENT:
        return []
    expected = f"2 to {LONGEST_ENVIRONMENT} lower-case letters, digits and single hyphens, a letter first"
    return [Problem("the stack's name", f'"{stack}"', expected, "rename the stack and its file")]


def _about_profile(profile: object, known: list[str]) -> list[Problem]:
    if profile in known:
        return []
    got = "nothing" if profile is None else f'"{profile}"'
    return [Problem("profile", got, f"one of {', '.join(known)}", suggestion(str(profile), known))]


def _across(settings: Settings) -> list[Problem]:
    """What can only be seen by looking at several sections."""
    found: list[Problem] = []
    available = len(ZONES[settings.region])
    if settings.network.zones > available:
        expected = f"at most {available} in {settings.region} ({', '.join(ZONES[settings.region])})"
        found.append(Problem("network.zones", str(settings.network.zones), expected, "use fewer zones or another region"))
    for name, tier in (("feature_store", settings.feature_store), ("serving", settings.serving), ("training", settings.training)):
        if tier.cluster not in settings.clusters:
            known = list(settings.clusters)
            found.append(Problem(f"{name}.cluster", f'"{tier.cluster}"', f"one of {', '.join(known)}", suggestion(tier.cluster, known)))
    registry = settings.feature_store.registry
    if registry.storage_limit_gib < registry.storage_gib:
        expected = f"at least storage_gib, {registry.storage_gib}"
        found.append(Problem("feature_store.registry.storage_limit_gib", str(registry.storage_limit_gib), expected, "raise the limit"))
    return found


def _merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` over `defaults`: mappings are merged key by key, everything else is replaced whole."""
    merged = dict(defaults)
    for key, value in given.items():
        default = merged.get(key)
        merged[key] = _merged(default, value) if isinstance(default, dict) and isinstance(value, dict) else value
    return merged
