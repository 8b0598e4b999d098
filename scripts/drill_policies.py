"""The policy pack's rules on a database as AWS describes it, in no plan: what they find, and what they could not look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jmespath

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Rule, StackRule, Unknown, Violation
from scripts.drill_copy import PROPERTIES, Description, Inputs, described, undescribed

DATABASE = "aws:rds/instance:Instance"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"

# What rules read besides what is compared: these come with the snapshot, or are the copy's own.
_MORE = {
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "username": "MasterUsername",
    "dbName": "DBName",
    "identifier": "DBInstanceIdentifier",
    "port": "Endpoint.Port",
}

# A description has none of these: what Pulumi is told about deleting it, and what was typed when it was made.
_INDESCRIBABLE = frozenset(
    {"deleteAutomatedBackups", "finalSnapshotIdentifier", "forceDestroy", "skipFinalSnapshot"}
    | {"masterPassword", "masterPasswordWo", "password", "passwordWo"}
)


class Described(Mapping[str, Any]):
    """The properties that a description has. Of the others a rule gets `unknown`, and they are in `asked` then."""

    def __init__(self, known: Mapping[str, Any], unknown: Unknown | None) -> None:
        self.asked: set[str] = set()
        self._known, self._unknown = known, unknown

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self.asked.add(name)
        return self._known.get(name, self._unknown)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self[name] is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True)
class Judged:
    """What one rule says. It is kept where all of these are empty."""

    rule: str
    violations: list[str] = field(default_factory=list[str])
    advice: list[str] = field(default_factory=list[str])
    """Violations of what does not bind this database."""
    unverified: list[str] = field(default_factory=list[str])
    """What it could not look at, though RDS describes it."""
    beyond: list[str] = field(default_factory=list[str])
    """What it could not look at, as no description has it: the plan of the stack is where it is checked."""


def properties(source: Description, copy: Description, inputs: Inputs) -> Mapping[str, Any]:
    """The inputs of aws.rds.Instance that would make the copy, as far as it is described; None for one that is not set."""
    unsaid = undescribed(source, copy, inputs)
    compared = {each.input: described(each, copy) for each in PROPERTIES if each.input not in unsaid}
    return {**{name: jmespath.search(path, copy) for name, path in _MORE.items()}, **compared}


def judged(rules: Sequence[Rule], database: Mapping[str, Any], parameter_group: Mapping[str, Any], tags: Mapping[str, str]) -> list[Judged]:
    """What each of the rules about databases says; `parameter_group` is the one that the database has."""
    return [_judge(rule, database, parameter_group, tags) for rule in rules if _concerns(rule)]


def _concerns(rule: Rule) -> bool:
    return rule.concerns(DATABASE) if isinstance(rule, ResourceRule) else DATABASE in rule.types


def _judge(rule: Rule, database: Mapping[str, Any], parameter_group: Mapping[str, Any], tags: Mapping[str, str]) -> Judged:
    if isinstance(rule, StackRule) and (others := rule.types - {DATABASE, PARAMETER_GROUP}):
        return Judged(rule.name, beyond=[f"{rule.name}: it looks at {', '.join(sorted(others))} besides"])
    # What is not described may be set or not, and be protected by Pulumi or not: it is a violation where it is one either way.
    one, another = (_World(database, parameter_group, tags, unknown=unknown) for unknown in (UNKNOWN, None))
    found, found_otherwise = list(one.findings(rule)), list(another.findings(rule))
    violations = [each for each in found if isinstance(each, Violation) and each in found_otherwise]
    asked = {*one.asked, *another.asked}
    unverified = [f"{rule.name}: {', '.join(names)} not described" for names in [sorted(asked - _INDESCRIBABLE)] if names]
    beyond = [f"{rule.name}: {', '.join(names)} is in no description" for names in [sorted(asked & _INDESCRIBABLE)] if names]
    if not asked and found != found_otherwise:
        beyond = [f"{rule.name}: protect is Pulumi's, and the copy is not in its state"]
    messages = [f"{rule.name}: {each.message}" for each in violations]
    binds = one.database.bound_by(rule.level)
    return Judged(rule.name, messages if binds else [], [] if binds else messages, unverified, beyond)


class _World:
    """The copy and its parameter group, with one answer to what is not described."""

    def __init__(
        self, database: Mapping[str, Any], parameter_group: Mapping[str, Any], tags: Mapping[str, str], *, unknown: Unknown | None
    ) -> None:
        seen = Described({**database, "tags": tags}, unknown)
        group = Described(parameter_group, unknown)
        self._seen = (seen, group)
        self._group = Resource(PARAMETER_GROUP, "parameter-group", group, tags)
        sources = {"parameterGroupName": frozenset({self._group.urn})}
        self.database = Resource(DATABASE, "copy", seen, tags, sources, protect=unknown is not None)

    @property
    def asked(self) -> set[str]:
        return {name for each in self._seen for name in each.asked}

    def findings(self, rule: Rule) -> Iterator[Finding]:
        if isinstance(rule, StackRule):
            yield from rule.check([each for each in (self.database, self._group) if each.type in rule.types])
            return
        yield from rule.check(self.database)
        # A rule about all types would judge a group that other databases may have too.
        if rule.types and PARAMETER_GROUP in rule.types:
            yield from rule.check(self._group)
