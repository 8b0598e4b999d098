"""What the state of a stack says of itself: whose account it is in, and until when it is wanted. Needs no stack file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from planning.names import EXPIRES_TAG

PROVIDER = "pulumi:providers:aws"
VPC = "aws:ec2/vpc:Vpc"


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A stack of the state's backend."""

    stack: str
    resources: int
    """How many things it has; components and providers are none."""
    accounts: frozenset[str]
    """Where it makes them: empty where it has none."""
    expires: date | None
    """The last of the days that it says; None where it says none."""
    whole: bool
    """Whether it has a network of its own."""


def recorded(stack: str, resources: Sequence[Mapping[str, Any]], stack_tag: str | None) -> Recorded:
    """Reads the resources of a `pulumi stack export`, and the day that the stack itself is tagged with."""
    providers = [each.get("inputs", {}) for each in resources if each["type"] == PROVIDER]
    tags = [_plain(each.get("defaultTags", {})).get("tags", {}) for each in providers]
    days = [day_of(each.get(EXPIRES_TAG)) for each in (*tags, {EXPIRES_TAG: stack_tag})]
    known = [day for day in days if day is not None]
    return Recorded(
        stack=stack,
        resources=sum(bool(each.get("id")) and not each["type"].startswith("pulumi:") for each in resources),
        accounts=frozenset(account for each in providers for account in _plain(each.get("allowedAccountIds", []))),
        expires=max(known, default=None),
        whole=any(each["type"] == VPC for each in resources),
    )


def day_of(text: object) -> date | None:
    """The day of a tag; None where there is none, or what is no day: then nothing goes by itself."""
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _plain(value: Any) -> Any:
    """An input of a provider: what is no text is kept as JSON."""
    return json.loads(value) if isinstance(value, str) else value
