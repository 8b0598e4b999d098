"""Backups that RDS does not keep itself: RDS.26. Advice only: the platform has RDS's own backups, and no plan of AWS Backup."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from policies.rule import UNKNOWN, Finding, Resource, StackRule, Violation

_INSTANCE, _SELECTION = "aws:rds/instance:Instance", "aws:backup/selection:Selection"


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    selections = [each for each in resources if each.type == _SELECTION]
    for database in resources:
        if database.type == _INSTANCE and not any(_selects(each, database) for each in selections):
            yield Violation("No Selection of AWS Backup is about it: there are only the backups that RDS keeps.", database.urn)


def _selects(selection: Resource, database: Resource) -> bool:
    if database.urn in selection.sources.get("resources", ()):
        return True
    arn, patterns = database.properties.get("arn"), selection.properties.get("resources")
    named = isinstance(patterns, list) and any(isinstance(each, str) and fnmatchcase(str(arn), each) for each in patterns)
    return named or any(_has(database, each) for each in selection.properties.get("selectionTags") or [])


def _has(database: Resource, wanted: Mapping[str, Any]) -> bool:
    tags: dict[str, Any] = {}
    for said in (database.default_tags, database.properties.get("tags")):
        tags.update(said if isinstance(said, Mapping) else {})
    return wanted is not UNKNOWN and tags.get(wanted.get("key", "")) == wanted.get("value", UNKNOWN)


RULE = StackRule(
    name="rds-backup-plan",
    description="A plan of AWS Backup selects each database.",
    types=frozenset({_INSTANCE, _SELECTION}),
    check=_check,
    level="advisory",
)
