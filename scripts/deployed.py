"""A deployed stack as a script meets it: what its file says, whose the credentials are, and what its state has."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import BotoCoreError, ClientError

SETTINGS = "ml-platform:settings"

Resource = Mapping[str, Any]


class Refused(RuntimeError):
    """It does not begin, or cannot tell how far it is; the message has the remedy."""


def stack_files(project: Path) -> Path:
    """The directory of a project's stack files. Raises Refused."""
    try:
        about: dict[str, Any] = yaml.safe_load((project / "Pulumi.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"there is no Pulumi.yaml in {project}: run this in the project's directory") from None
    return project / about.get("stackConfigDir", ".")


def stack_file(project: Path, stack: str) -> dict[str, Any]:
    """What the stack file says, with the account and the region among its settings. Raises Refused."""
    file = stack_files(project) / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        raise Refused(f"there is no stack {stack}: {file} does not exist")
    unknown = Refused(f"{file} does not say whose stack it is: it needs `account` and `region` under {SETTINGS}")
    try:
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        known = {"account", "region"} <= content["config"][SETTINGS].keys()
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise unknown from error
    if not known:
        raise unknown
    return content


def own_stack_file(stack: str) -> dict[str, Any]:
    """The file of a stack of the project in this directory. Raises Refused, also where the credentials are of another account."""
    content = stack_file(Path.cwd(), stack)
    settings = content["config"][SETTINGS]
    compare_accounts(settings["account"], settings["region"], f"the stack file of {stack}")
    return content


def own_settings(stack: str) -> dict[str, Any]:
    """The settings in `own_stack_file`. Raises Refused."""
    return own_stack_file(stack)["config"][SETTINGS]


def compare_accounts(account: str, region: str, said_by: str) -> None:
    """Another account's credentials would find nothing, and whoever asked with them would take that for the truth. Raises Refused.

    `said_by` is where the account was read.
    """
    import boto3

    try:
        caller: str = boto3.client("sts", region_name=region).get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"it is unknown whose the credentials are ({error}): log in to account {account}") from error
    if caller != account:
        raise Refused(f"the credentials are of account {caller}; {said_by} says {account}: log in to that one, or correct {said_by}")


def compare_names(stack: str, confirmed: str | None, to: str) -> None:
    """Raises Refused unless the name was typed again; `to` is what that is said for."""
    if confirmed != stack:
        got = "nothing" if confirmed is None else f"`{confirmed}`"
        raise Refused(f"nothing was touched: --confirm got {got}; expected `{stack}`; say it to {to}")


def resources(stack: str) -> list[Resource]:
    """What the state has of the stack, components and providers left out. Raises Refused where it cannot be read."""
    return [each for each in state(stack) if each.get("id") and not each["type"].startswith("pulumi:")]


def state(stack: str) -> list[Resource]:
    """Everything that the state has of the stack. Raises Refused where it cannot be read."""
    done = subprocess.run(["pulumi", "stack", "export", "--stack", stack], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f"`pulumi stack export` ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)["deployment"].get("resources", [])
