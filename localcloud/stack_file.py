"""What the local cloud must know of a stack before its program runs: whose account it is, and in which region."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

_SETTINGS = "ml-platform:settings"


class StackFileError(ValueError):
    """A stack file is absent, or does not say what is needed; the message has the remedy."""


@dataclass(frozen=True)
class StackFile:
    """The account (12 digits) and region of one stack."""

    account: str
    region: str


def read(project: Path, stack: str) -> StackFile:
    """Reads `stacks/Pulumi.STACK.yaml` as plain YAML. Raises StackFileError."""
    directory = project / "stacks"
    path = directory / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        names = sorted(each.name.removeprefix("Pulumi.").removesuffix(".yaml") for each in directory.glob("Pulumi.*.yaml"))
        close = get_close_matches(stack, names, n=1)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise StackFileError(f"there is no stack {stack!r} (no file {path}); there are: {', '.join(names) or 'none'}.{meant}")
    try:
        content: Any = yaml.safe_load(path.read_text())
    except yaml.YAMLError as error:
        raise StackFileError(f"{path} is not YAML: {error}") from error
    config: Any = content.get("config") if isinstance(content, dict) else None
    settings: Any = config.get(_SETTINGS) if isinstance(config, dict) else None
    if not isinstance(settings, dict):
        raise StackFileError(f"{path} has no `config: {_SETTINGS}:` with the stack's settings.")
    return StackFile(account=_text(path, settings, "account", r"\d{12}"), region=_text(path, settings, "region", r"[a-z]{2}(-[a-z]+)+-\d"))


def _text(path: Path, settings: dict[str, Any], name: str, form: str) -> str:
    value = settings.get(name)
    if not isinstance(value, str) or not re.fullmatch(form, value):
        raise StackFileError(f"{path}: {_SETTINGS}.{name} is {value!r}; it must be a quoted text of the form {form}.")
    return value
