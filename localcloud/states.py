"""What the Pulumi states of an instance hold, as the engine has saved them last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from localcloud.instance import Instance


def recorded(instance: Instance) -> frozenset[tuple[str, str]]:
    """The URN and the id of everything in the states."""
    return frozenset((each["urn"], each.get("id", "")) for each in _resources(instance))


def urn_of(instance: Instance, type: str, id: str, account: str) -> str | None:
    """The URN under which a stack knows the object of an AWS account."""
    for each in _resources(instance):
        arn = str(each.get("outputs", {}).get("arn", ""))
        same_account = not arn or f":{account}:" in arn or ":::" in arn
        if each["type"] == type and each.get("id") == id and same_account:
            return each["urn"]
    return None


def _resources(instance: Instance) -> Iterator[dict[str, Any]]:
    for path in sorted((instance.directory / "state" / ".pulumi" / "stacks").glob("*/*.json")):
        try:
            latest = json.loads(path.read_text())["checkpoint"]["latest"] or {}
        except FileNotFoundError:
            # `pulumi stack rm` of another stack, at this moment.
            continue
        yield from cast("list[dict[str, Any]]", latest.get("resources") or [])
