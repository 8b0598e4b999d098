"""The pack as the engine asks it: through the SDK's own service, with the engine's messages."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel
from pulumi_policy.policy import _PolicyAnalyzerServicer  # pyright: ignore[reportPrivateUsage]
from pulumi_policy.proxy import UNKNOWN_BOOLEAN_VALUE, UNKNOWN_STRING_VALUE

from policies.pack import POLICIES, RULES
from tests.policies.cases import ACCOUNT, BLOCK, BUCKET, CACHE, COMPLIANT, DATABASE, TAGS

Said = list[tuple[str, str]]


@pytest.fixture(scope="module")
def service() -> Any:
    return _PolicyAnalyzerServicer("ml-platform", "1", POLICIES, EnforcementLevel.ADVISORY)


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    made = struct_pb2.Struct()
    made.update(values)
    return made


def provider(tags: str) -> analyzer_pb2.AnalyzerProviderResource:
    properties = struct({"defaultTags": tags, "allowedAccountIds": json.dumps([ACCOUNT])})
    return analyzer_pb2.AnalyzerProviderResource(type="pulumi:providers:aws", name="aws", properties=properties)


def said(answer: analyzer_pb2.AnalyzeResponse) -> Said:
    return [(each.policyName, analyzer_pb2.EnforcementLevel.Name(each.enforcementLevel)) for each in answer.diagnostics]


def analyzed(service: Any, type: str, tags: Mapping[str, str] = TAGS, urn: str = "u", **changes: Any) -> Said:
    """What the pack says to one resource whose provider tags it as the platform's does."""
    properties = struct({**COMPLIANT[type], **changes})
    options = analyzer_pb2.AnalyzerResourceOptions(protect=True)
    providing = provider(json.dumps({"tags": tags}))
    asked = analyzer_pb2.AnalyzeRequest(type=type, urn=urn, properties=properties, options=options, provider=providing)
    return said(service.Analyze(asked, None))


def advice(service: Any, type: str, *urns: str) -> Said:
    """The policies that advise, each with its line, of a stack that is these resources; they were analyzed before."""
    stack = [analyzer_pb2.AnalyzerResource(type=type, urn=urn, properties=struct(COMPLIANT[type])) for urn in urns or ("u",)]
    answer = service.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=stack), None)
    found = [(each.policyName, each.message.rpartition("\n")[2]) for each in answer.diagnostics]
    return [each for each in found if each[0] in ("needed-in-production", "cannot-verify-yet")]


def bucket_and_block(service: Any, depends_on: str, **bucket: Any) -> Said:
    """What the pack says to a stack with a bucket, and a block whose bucket is not known yet but comes from `depends_on`: of the block."""
    dependencies = {"bucket": analyzer_pb2.AnalyzerPropertyDependencies(urns=[depends_on])}
    flags = struct({**COMPLIANT[BLOCK], "bucket": UNKNOWN_STRING_VALUE})
    stack = [
        analyzer_pb2.AnalyzerResource(type=BUCKET, urn="the-bucket", properties=struct({**COMPLIANT[BUCKET], **bucket})),
        analyzer_pb2.AnalyzerResource(type=BLOCK, urn="the-block", properties=flags, propertyDependencies=dependencies),
    ]
    found = said(service.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=stack), None))
    return [each for each in found if each[0] == "s3-public-access-block"]


@pytest.mark.parametrize("type", COMPLIANT)
def test_compliant_resource_passes_with_tags_from_its_provider(service: Any, type: str) -> None:
    assert analyzed(service, type) == []


def test_violation_is_mandatory(service: Any) -> None:
    assert analyzed(service, BLOCK, blockPublicAcls=False) == [("s3-public-access-flags", "MANDATORY")]


def test_unknown_value_is_advisory_and_hides_no_violation(service: Any) -> None:
    found = analyzed(service, BLOCK, blockPublicAcls=UNKNOWN_BOOLEAN_VALUE, restrictPublicBuckets=False)
    assert found == [("s3-public-access-flags", "MANDATORY")]
    (told,) = advice(service, BLOCK)
    assert told == ("cannot-verify-yet", "s3-public-access-flags: blockPublicAcls is not known yet; it must be True. 1 resource: u")


def test_block_is_joined_to_its_bucket_before_either_has_a_name(service: Any) -> None:
    assert bucket_and_block(service, "the-bucket", bucket=UNKNOWN_STRING_VALUE) == []
    assert bucket_and_block(service, "another", bucket=UNKNOWN_STRING_VALUE) == [("s3-public-access-block", "MANDATORY")]


@pytest.mark.parametrize("profile", ["production", None])
def test_what_production_needs_is_mandatory_unless_the_profile_is_known_to_be_another(service: Any, profile: str | None) -> None:
    tags = {name: value for name, value in {**TAGS, "profile": profile}.items() if value is not None}
    assert analyzed(service, DATABASE, tags, multiAz=False) == [("rds-multi-az", "MANDATORY")]


def test_what_production_needs_is_advice_elsewhere(service: Any) -> None:
    assert analyzed(service, DATABASE, {**TAGS, "profile": "staging"}, multiAz=False) == []
    ((policy, line),) = [each for each in advice(service, DATABASE) if "rds-multi-az" in each[1]]
    assert (policy, line.startswith("rds-multi-az: multiAz is False")) == ("needed-in-production", True)


def test_advice_is_a_line_for_each_rule_however_many_resources_it_is_about(service: Any) -> None:
    urns = [f"urn:pulumi:test::probe::{CACHE}::{name}" for name in ("one", "two")]
    for urn in urns:
        analyzed(
            service, CACHE, {**TAGS, "profile": "staging"}, urn, snapshotRetentionLimit=0, multiAzEnabled=False, replicasPerNodeGroup=0
        )
    backups, zones = (line for _, line in advice(service, CACHE, *urns))
    assert backups.startswith("cache-backups: snapshotRetentionLimit is 0 days")
    assert " (and 1 other) 2 resources: ReplicationGroup one, ReplicationGroup two" in zones


def test_advice_is_of_the_last_time_and_of_what_is_still_there(service: Any) -> None:
    urns = [f"urn:pulumi:test::probe::{CACHE}::{name}" for name in ("kept", "mended", "gone")]
    for urn in urns:
        analyzed(service, CACHE, {**TAGS, "profile": "staging"}, urn, snapshotRetentionLimit=0)
    analyzed(service, CACHE, {**TAGS, "profile": "staging"}, urns[1])
    (only,) = advice(service, CACHE, *urns[:2])
    assert only[1].endswith(" 1 resource: ReplicationGroup kept")


@pytest.mark.parametrize(
    ("profile", "expected"), [("production", ("rds-events", "MANDATORY")), ("staging", ("needed-in-production", "ADVISORY"))]
)
def test_what_a_stack_of_production_needs_is_advice_elsewhere(service: Any, profile: str, expected: tuple[str, str]) -> None:
    providing = provider(json.dumps({"tags": {**TAGS, "profile": profile}}))
    database = analyzer_pb2.AnalyzerResource(type=DATABASE, urn="it", properties=struct(COMPLIANT[DATABASE]), provider=providing)
    found = said(service.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=[database]), None))
    assert [each for each in found if each[0] != "rds-backup-plan"] == [expected]


@pytest.mark.parametrize(
    ("profile", "classification", "expected"),
    [
        ("production", "internal", "s3-replicated"),
        ("staging", "pii", "s3-replicated"),
        ("staging", None, "s3-replicated"),
        ("staging", "internal", "needed-in-production"),
    ],
)
def test_what_data_of_persons_needs_is_mandatory_wherever_it_is(
    service: Any, profile: str, classification: str | None, expected: str
) -> None:
    tags = {**TAGS, "profile": profile, "data-classification": classification}
    providing = provider(json.dumps({"tags": {name: value for name, value in tags.items() if value}}))
    bucket = analyzer_pb2.AnalyzerResource(type=BUCKET, urn="it", properties=struct(COMPLIANT[BUCKET]), provider=providing)
    found = said(service.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=[bucket]), None))
    assert (expected, "ADVISORY" if expected.startswith("needed") else "MANDATORY") in found
    assert ("s3-replicated" in dict(found)) is (expected == "s3-replicated")


def test_a_rule_that_is_advice_everywhere_is_advisory_and_every_other_one_mandatory() -> None:
    levels = {policy.name: policy.enforcement_level for policy in POLICIES}
    advisory, mandatory = EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY
    assert {each.name: levels[each.name] for each in RULES} == {
        each.name: advisory if each.level == "advisory" else mandatory for each in RULES
    }
