"""What the pack's rules say of a database that is described, and what they are not taken to have said."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from policies.pack import RULES
from policies.rule import UNKNOWN, Finding, Level, Resource, ResourceRule, Rule, StackRule, Violation, must_be
from scripts.drill_policies import DATABASE, PARAMETER_GROUP, Judged, judged, properties
from tests.unit.scripts.drilled_registry import TAGS
from tests.unit.scripts.test_drill_copy import INPUTS, SOURCE

GROUP = {"name": "tls-only", "family": "mysql8.4", "parameters": [{"name": "require_secure_transport", "value": "1"}]}


def rule(check: Callable[[Resource], Iterator[Finding]], level: Level = "mandatory") -> ResourceRule:
    return ResourceRule(name="a-rule", description="", types=frozenset({DATABASE}), check=check, level=level)


def stack_rule(check: Callable[[Sequence[Resource]], Iterator[Finding]], *types: str) -> StackRule:
    return StackRule(name="a-rule", description="", types=frozenset({DATABASE, *types}), check=check)


def says(asked: Rule, tags: dict[str, str] = TAGS, **changes: Any) -> Judged:
    (one,) = judged([asked], {**properties(SOURCE, SOURCE, INPUTS), **changes}, GROUP, tags)
    return one


def is_multi_az(resource: Resource) -> Iterator[Finding]:
    yield from must_be(resource, "multiAz", True, "")


def test_a_rule_that_is_kept_says_nothing() -> None:
    assert says(rule(is_multi_az)) == Judged("a-rule")


def test_a_rule_that_is_broken_says_so() -> None:
    assert says(rule(is_multi_az), multiAz=False).violations == ["a-rule: multiAz is False: set it to True. "]


@pytest.mark.parametrize(
    ("level", "profile", "binds"),
    [
        ("mandatory", "development", True),
        ("production", "production", True),
        ("production", "development", False),
        ("advisory", "production", False),
    ],
)
def test_a_rule_binds_as_its_level_says(level: Level, profile: str, binds: bool) -> None:
    said = says(rule(is_multi_az, level), {**TAGS, "profile": profile}, multiAz=False)
    assert (bool(said.violations), bool(said.advice)) == (binds, not binds)


@pytest.mark.parametrize(
    ("name", "unverified", "beyond"),
    [
        ("dedicatedLogVolume", ["a-rule: dedicatedLogVolume not described"], []),
        ("skipFinalSnapshot", [], ["a-rule: skipFinalSnapshot is in no description"]),
    ],
)
@pytest.mark.parametrize("broken_by", ["a value", "none"])
def test_a_rule_that_asks_for_what_is_not_described_is_neither_kept_nor_broken(
    name: str, unverified: list[str], beyond: list[str], broken_by: str
) -> None:
    def check(resource: Resource) -> Iterator[Finding]:
        if (resource.properties.get(name) is None) is (broken_by == "none"):
            yield Violation("broken")

    assert says(rule(check)) == Judged("a-rule", unverified=unverified, beyond=beyond)


def test_a_rule_that_asks_for_what_is_not_described_can_be_broken_by_what_is() -> None:
    def check(resource: Resource) -> Iterator[Finding]:
        assert resource.properties.get("skipFinalSnapshot") in (None, UNKNOWN)
        yield from is_multi_az(resource)

    assert says(rule(check), multiAz=False).violations == ["a-rule: multiAz is False: set it to True. "]


def test_a_rule_that_asks_whether_pulumi_protects_is_not_kept() -> None:
    def check(resource: Resource) -> Iterator[Finding]:
        if not resource.protect:
            yield Violation("not protected")

    assert says(rule(check)) == Judged("a-rule", beyond=["a-rule: protect is Pulumi's, and the copy is not in its state"])


def test_a_property_that_is_not_set_is_seen_as_not_set() -> None:
    def check(resource: Resource) -> Iterator[Finding]:
        if "maxAllocatedStorage" in resource.properties:
            yield Violation("it is set")

    assert says(rule(check), maxAllocatedStorage=None) == Judged("a-rule")


def test_a_rule_about_the_parameter_group_sees_the_one_that_the_database_has() -> None:
    def check(resources: Sequence[Resource]) -> Iterator[Finding]:
        (database,) = (each for each in resources if each.type == DATABASE)
        (group,) = (each for each in resources if each.type == PARAMETER_GROUP)
        if group.urn in database.sources["parameterGroupName"] and group.properties["parameters"][0]["value"] == "1":
            yield Violation("seen", database.urn)

    assert says(stack_rule(check, PARAMETER_GROUP)).violations == ["a-rule: seen"]


def test_a_rule_about_other_resources_is_not_kept() -> None:
    said = says(stack_rule(lambda _: iter(()), "aws:rds/eventSubscription:EventSubscription"))
    assert said.beyond == ["a-rule: it looks at aws:rds/eventSubscription:EventSubscription besides"]


def test_a_rule_about_databases_and_parameter_groups_sees_both() -> None:
    def check(resource: Resource) -> Iterator[Finding]:
        yield Violation(resource.type)

    both = ResourceRule(name="a-rule", description="", types=frozenset({DATABASE, PARAMETER_GROUP}), check=check)
    assert says(both).violations == [f"a-rule: {DATABASE}", f"a-rule: {PARAMETER_GROUP}"]


def test_a_rule_about_other_types_is_not_asked() -> None:
    other = ResourceRule(name="other", description="", types=frozenset({"aws:s3/bucket:Bucket"}), check=is_multi_az)
    assert judged([other], {}, {}, {}) == []


# By the pack's rule about databases: what a description of a production registry has when it is broken.
BROKEN: dict[str, dict[str, Any]] = {
    "rds-encrypted": {"StorageEncrypted": False},
    "rds-private": {"PubliclyAccessible": True},
    "rds-vpc": {"DBSubnetGroup": {}},
    "rds-managed-password": {"MasterUserSecret": None},
    "rds-multi-az": {"MultiAZ": False},
    "rds-backups": {"BackupRetentionPeriod": 1},
    "rds-tls": {"DBParameterGroups": [{"DBParameterGroupName": "default.mysql8.4", "ParameterApplyStatus": "in-sync"}]},
    "rds-ca": {"CACertificateIdentifier": "rds-ca-2019"},
    "rds-iam-authentication": {"IAMDatabaseAuthenticationEnabled": False},
    "rds-minor-upgrades": {"AutoMinorVersionUpgrade": False},
    "rds-copy-tags": {"CopyTagsToSnapshot": False},
    "rds-extended-support": {"EngineLifecycleSupport": "open-source-rds-extended-support"},
    "rds-logs": {"EnabledCloudwatchLogsExports": []},
    "rds-monitoring": {"MonitoringInterval": 0},
    "rds-insights": {"PerformanceInsightsEnabled": False},
    "stateful-protected": {"DeletionProtection": False},
}


def on_aws(**changes: Any) -> list[Judged]:
    """What the pack says of a copy that AWS describes with these changes."""
    return judged(RULES, properties(SOURCE, {**SOURCE, **changes}, INPUTS), GROUP, TAGS)


@pytest.mark.parametrize("name", BROKEN)
def test_the_packs_own_rules_find_what_a_description_breaks(name: str) -> None:
    assert [each.rule for each in on_aws(**BROKEN[name]) if each.violations] == [name]


def test_a_copy_that_is_as_the_registry_breaks_nothing_and_leaves_nothing_open_that_rds_describes() -> None:
    found = on_aws()
    assert [line for each in found for line in (*each.violations, *each.unverified)] == []
    assert {each.rule for each in found} == {*BROKEN, "rds-events", "rds-defaults", "rds-backup-plan", "required-tags"}
    assert {each.rule for each in found if each.beyond} == {"rds-backup-plan", "rds-events", "rds-managed-password", "stateful-protected"}


def test_a_parameter_group_that_lets_in_clients_without_tls_is_found() -> None:
    found = judged(RULES, properties(SOURCE, SOURCE, INPUTS), {**GROUP, "parameters": []}, TAGS)
    assert [each.rule for each in found if each.violations] == ["rds-tls"]


def test_the_packs_own_rules_do_not_take_a_key_that_is_not_described_for_one_of_ours() -> None:
    assert [line for each in on_aws(KmsKeyId="") for line in each.unverified] == ["rds-encrypted: kmsKeyId not described"]
