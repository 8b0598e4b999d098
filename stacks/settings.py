"""The only reader of configuration."""

import json
from dataclasses import replace
from pathlib import Path

import pulumi
import yaml
from pulumi.runtime import get_root_directory

from planning import catalogue
from stacks import production, within
from stacks.checking import StackFileRefused
from stacks.explain import not_built
from stacks.models import Settings, Tenant
from stacks.source import Source, checked, read


class SettingsRefused(pulumi.RunError):
    """A stack file is wrong: one line per problem, all of them. Nothing has been registered."""


def load() -> Settings | Tenant:
    """The settings of the stack that Pulumi is running, held against all other stack files. Raises SettingsRefused."""
    directory = _stack_files()
    stack, given = pulumi.get_stack(), json.loads(pulumi.Config().require("settings"))
    source = replace(read(directory / f"Pulumi.{stack}.yaml"), given=given)
    try:
        settings = checked(source)
    except StackFileRefused as refused:
        raise SettingsRefused(str(refused)) from None
    _warn(source, settings)
    return settings


def _warn(source: Source, settings: Settings | Tenant) -> None:
    for path in not_built(source.given):
        pulumi.log.warn(f"{source.shown}: {path}: is checked, and nothing is built from it yet")
    if isinstance(settings, Settings):
        _warn_of_platform(source, settings)
    aged = catalogue.age_warning()
    if aged is not None:
        pulumi.log.warn(aged)


def _warn_of_platform(source: Source, settings: Settings) -> None:
    if settings.profile == production.PROFILE and not settings.observability.alarm_emails:
        pulumi.log.warn(f"{source.shown}: observability.alarm_emails: nobody is told of alarms; list who is on call")
    for name in within.unreached(settings):
        remedy = "set ci.runner, or list ranges in private_access_cidrs or public_access_cidrs"
        pulumi.log.warn(f"{source.shown}: clusters.{name}: nobody reaches its API, this program included, from outside the VPC; {remedy}")


def _stack_files() -> Path:
    """Where Pulumi looks for the project's stack files."""
    root = Path(get_root_directory())
    project = yaml.safe_load((root / "Pulumi.yaml").read_text(encoding="utf-8"))
    return root / project.get("stackConfigDir", ".")
