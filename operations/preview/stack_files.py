"""Stack files of a revision, read only as far as a preview must know them: one that is wrong is for the program to refuse."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from operations.preview.document import Kind
from scripts.deployed import SETTINGS

_OWN_KEYS = re.compile(r"^(secretsprovider|encryptedkey|encryptionsalt):.*$", re.MULTILINE)


def path(project: Path, stack: str) -> Path:
    return project / "stacks" / f"Pulumi.{stack}.yaml"


def kind(project: Path, stack: str) -> Kind:
    return "tenant" if settings(project, stack).get("kind") == "tenant" else "platform"


def platform_of(project: Path, stack: str) -> str:
    """The stack itself, or the one that it is a tenant of."""
    found = settings(project, stack)
    return str(found.get("platform", stack)) if found.get("kind") == "tenant" else stack


def settings(project: Path, stack: str) -> Mapping[str, Any]:
    """Nothing where the file is absent, or no file of settings."""
    try:
        found: Any = yaml.safe_load(path(project, stack).read_text(encoding="utf-8"))["config"][SETTINGS]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def without_secrets_provider(project: Path) -> None:
    """Takes the key of the stacks' states out of an exported revision: on a local cloud it is a passphrase, never a key of AWS.

    The lines stay, so that a refusal names the right one.
    """
    for file in (project / "stacks").glob("Pulumi.*.yaml"):
        file.write_bytes(_OWN_KEYS.sub("#", file.read_bytes().decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))
