"""What the environment of a pull request is called, and what its stack file says."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias, get_args

import yaml

from planning.actions import TenantAction
from planning.documents import ephemeral_boundary
from planning.names import PULL_REQUESTS, Names
from stacks.draft import range_of
from stacks.explain import MODELINE
from stacks.models import Settings
from stacks.pull_requests import SHORT_LIVED
from stacks.source import SETTINGS

Kind = Literal["slice", "full"]

SettingsOf: TypeAlias = Mapping[str, Any]

_HEAD = f"""\
{MODELINE}
# Written by scripts/slice.py for a pull request, and never committed: what it describes is deleted after the day that it names.
"""
# Enough to run a change and its tests: it shares the nodes of the development environment with everybody else.
_QUOTA = {"cpu": 2, "memory_gib": 8, "gpus": 0, "pods": 10}
_ROLE = "worker"
_SERVICES = ("s3", "secretsmanager")


def stack_of(pull_request: int) -> str:
    """The stack of a pull request, and the name of its environment."""
    return f"{PULL_REQUESTS}{pull_request}"


def pull_request_of(stack: str) -> int:
    """The number of a stack that `is_of_pull_request`."""
    return int(stack.removeprefix(PULL_REQUESTS))


def feast_project_of(stack: str) -> str:
    """What the stack file of a slice calls its project: all begin alike, so one is the end of another only if it is the same."""
    return stack.replace("-", "_")


def settings_of(kind: Kind, platform: Settings, pull_request: int, expires: date) -> SettingsOf:
    """What the stack file says, beside the `platform` that it is a slice of, or whose account it is in."""
    shared = {
        "account": platform.account,
        "region": platform.region,
        "owner": platform.owner,
        "cost_centre": platform.cost_centre,
        "data_classification": platform.data_classification,
        "expires": f"{expires}",
    }
    own = _slice(platform, pull_request) if kind == "slice" else _full(platform, pull_request)
    return {**own, **shared, **_within(platform)}


def text(settings: SettingsOf) -> str:
    """A stack file."""
    return _HEAD + yaml.safe_dump({"config": {SETTINGS: settings}}, sort_keys=False)


def _within(platform: Settings) -> SettingsOf:
    """The boundary that the platform has for pull requests, where CI makes their environments: it may make roles within no other."""
    if platform.ci is None or not platform.ci.ephemeral:
        return {}
    names = Names(environment=platform.environment, account=platform.account)
    return {"boundary": names.policy(ephemeral_boundary.PURPOSE)}


def _slice(platform: Settings, pull_request: int) -> SettingsOf:
    stack = stack_of(pull_request)
    actions = [each for each in get_args(TenantAction) if each.startswith(_SERVICES)]
    return {
        "kind": "tenant",
        "platform": platform.environment,
        "feast_project": feast_project_of(stack),
        "namespaces": {stack: _QUOTA},
        "roles": {_ROLE: {"namespace": stack, "actions": actions}},
    }


def _full(platform: Settings, pull_request: int) -> SettingsOf:
    """Who enters the platform's clusters, and from where, may enter its own too."""
    network: dict[str, Any] = {"cidr": range_of(pull_request)}
    if platform.network.zone_names:
        network["zone_names"] = list(platform.network.zone_names[:2])
    reached = {
        key: sorted({cidr for cluster in platform.clusters.values() for cidr in getattr(cluster, key)})
        for key in ("public_access_cidrs", "private_access_cidrs")
    }
    return {
        "profile": SHORT_LIVED,
        "network": network,
        "access": platform.access.model_dump(mode="json", exclude_unset=True),
        "clusters": {"main": {key: ranges for key, ranges in reached.items() if ranges}},
    }
