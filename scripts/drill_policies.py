"""The policy pack's rules on a database as AWS describes it, in no plan: what they find, and what they could not look at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Rule, StackRule, Unverified, Violation
from scripts.drill_copy import PROPERTIES, Description, Inputs, described, undescribed

DATABASE = "aws:rds/instance:Instance"
PARAMETER_GROUP = "aws:rds/parameterGroup:ParameterGroup"


class Described(Mapping[str, Any]):
    """The properties that a description has; of the others a rule gets UNKNOWN, and they are in `asked` then."""

    def __init__(self, known: Mapping[str, Any]) -> None:
        self.asked: set[str] = set()
        self._known = known

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self.asked.add(name)
        return self._known.get(name, UNKNOWN)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self[name] is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True)
class Judged:
    """What one rule says."""

    rule: str
    violations: list[str] = field(default_factory=list[str])
    advice: list[str] = field(default_factory=list[str])
    """Violations of what does not bind this database."""
    unverified: list[str] = field(default_factory=list[str])
    """What it could not look at. Empty, and without violations: it is kept."""


def properties(source: Description, copy: Description, inputs: Inputs) -> Mapping[str, Any]:
    """The inputs of aws.rds.Instance that would make the copy, as far as it is described; None for one that is not set."""
    unsaid = undescribed(source, copy, inputs)
    return {each.input: described(each, copy) for each in PROPERTIES if each.input not in unsaid}


def judged(rules: Sequence[Rule], database: Mapping[str, Any], parameter_group: Mapping[str, Any], tags: Mapping[str, str]) -> list[Judged]:
    """What each of the rules about databases says; `parameter_group` is the one that the database has."""
    return [_judge(rule, database, parameter_group, tags) for rule in rules if _concerns(rule)]


def _concerns(rule: Rule) -> bool:
    return rule.concerns(DATABASE) if isinstance(rule, ResourceRule) else DATABASE in rule.types


def _judge(rule: Rule, database: Mapping[str, Any], parameter_group: Mapping[str, Any], tags: Mapping[str, str]) -> Judged:
    if isinstance(rule, StackRule) and (others := rule.types - {DATABASE, PARAMETER_GROUP}):
        return Judged(rule.name, unverified=[f"{rule.name}: it looks at {', '.join(sorted(others))} besides"])
    seen = [Described({**database, "tags": tags}), Described(parameter_group)]
    group = Resource(PARAMETER_GROUP, "parameter-group", seen[1], tags)
    copy = Resource(DATABASE, "copy", seen[0], tags, {"parameterGroupName": frozenset({group.urn})}, protect=True)
    found = list(_findings(rule, copy, group))
    # Only Pulumi protects, and the copy is in no state: a rule that tells the two apart looks at what is not there.
    unprotected = list(_findings(rule, replace(copy, protect=False), group))
    unverified = [f"{rule.name}: {each.message}" for each in found if isinstance(each, Unverified)]
    if asked := sorted({name for each in seen for name in each.asked}):
        unverified.append(f"{rule.name}: {', '.join(asked)} not described")
    if unprotected != found:
        unverified.append(f"{rule.name}: protect is Pulumi's, and the copy is not in its state")
    messages = [f"{rule.name}: {each.message}" for each in found if isinstance(each, Violation)]
    binds = rule.level == "mandatory" or (rule.level == "production" and copy.production)
    return Judged(rule.name, messages if binds else [], [] if binds else messages, unverified)


def _findings(rule: Rule, copy: Resource, group: Resource) -> Iterator[Finding]:
    return rule.check(copy) if isinstance(rule, ResourceRule) else rule.check([each for each in (copy, group) if each.type in rule.types])
