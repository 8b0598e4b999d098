"""Tags by which things are found, paid for and handled."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.aws_types import takes_tags
from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

REQUIRED = ("environment", "owner", "cost-centre", "data-classification")
CLASSIFICATIONS = ("public", "internal", "confidential", "pii")


def _check(resource: Resource) -> Iterator[Finding]:
    taken = takes_tags(resource.type)
    if taken is None:
        yield Unverified(f"whether {resource.type} takes tags: the AWS SDK that is installed has no such type.")
    if not taken:
        return
    tags = _tags(resource)
    if tags is UNKNOWN:
        yield Unverified("the tags are not known yet.")
        return
    missing = [name for name in REQUIRED if tags.get(name) in (None, "")]
    if missing:
        yield Violation(f"no tag {', '.join(missing)}: use the platform's AWS provider, whose default tags have all four, or set it here.")
    for name in REQUIRED:
        if tags.get(name) is UNKNOWN:
            yield Unverified(f"the tag {name} is not known yet.")
    classification = tags.get("data-classification")
    if classification and classification is not UNKNOWN and classification not in CLASSIFICATIONS:
        yield Violation(f"the tag data-classification is {classification!r}; it must be one of {', '.join(CLASSIFICATIONS)}.")


def _tags(resource: Resource) -> Any:
    """The provider's default tags under the resource's own. An Auto Scaling group's come as a list, and default ones don't reach it."""
    own: Any = resource.properties.get("tags")
    if isinstance(own, list):
        return {each["key"]: each["value"] for each in own if isinstance(each, Mapping)} if UNKNOWN not in own else UNKNOWN
    if own is UNKNOWN or not isinstance(resource.default_tags, Mapping):
        return UNKNOWN
    return {**resource.default_tags, **(own or {})}


RULE = ResourceRule(
    name="required-tags",
    description=f"What can be tagged has the tags {', '.join(REQUIRED)}.",
    types=None,
    check=_check,
)
