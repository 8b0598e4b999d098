"""Each check on an environment that is as it should be, and with one thing broken: it alone fails, and says what is there."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from operations.smoke import buckets, check, clusters, namespaces, online_store, registry, services
from operations.smoke.check import Check, Result
from tests.unit.operations.smoke.live import CONTRACT, KEYS, TOPIC, World, budget, deployment, refusal, role, tls_only

CONNECTS = frozenset[check.Needs](["registry", "online-store"])


def results(world: World, without: frozenset[check.Needs] = CONNECTS) -> dict[str, Result]:
    """By the check's name. What connects to servers is left out."""
    access, apis = world.access(), {"dev-main": world.api()}
    made: list[Check] = [
        *services.checks(CONTRACT, access),
        *buckets.checks(CONTRACT, access),
        *registry.checks(CONTRACT, access),
        *online_store.checks(CONTRACT, access),
        *clusters.checks(CONTRACT, access, apis),
        *namespaces.checks(CONTRACT, access, apis),
    ]
    assert len({each.name for each in made}) == len(made)
    return {each.check.name: each for each in check.run(made, without) if each.check.needs not in CONNECTS}


def test_an_environment_that_is_as_it_should_be_passes() -> None:
    found = results(World())
    assert {name: each.seen for name, each in found.items() if each.verdict != "passed"} == {}
    assert check.code(list(found.values())) == 0


Break = Callable[[World], Any]


def answer(service: str, operation: str, about: str, value: Any) -> Break:
    return lambda world: world.aws.update({(service, operation, about): value})


def update(service: str, operation: str, about: str, *path: Any, **values: Any) -> Break:
    """Changes what is below `path` of an answer."""

    def change(world: World) -> None:
        found = world.aws[service, operation, about]
        for key in path:
            found = found[key]
        found.update(values)

    return change


def lost(path: str) -> Break:
    return lambda world: world.objects.pop(path)


def items(path: str, *objects: Any) -> Break:
    return lambda world: world.objects.update({path: {"items": list(objects)}})


def spec(path: str, **values: Any) -> Break:
    return lambda world: world.objects[path]["spec"].update(values)


def without_pool(name: str) -> Break:
    def change(world: World) -> None:
        pools = world.objects["/apis/karpenter.sh/v1/nodepools"]["items"]
        pools[:] = [each for each in pools if each["metadata"]["name"] != name]

    return change


def pool_status(name: str, status: Any) -> Break:
    def change(world: World) -> None:
        for each in world.objects["/apis/karpenter.sh/v1/nodepools"]["items"]:
            if each["metadata"]["name"] == name:
                each["status"] = status

    return change


def tls_policy(**changes: Any) -> str:
    """The policy of the bucket `offline` with its statement changed."""
    document = json.loads(tls_only("offline"))
    document["Statement"][0].update(changes)
    return json.dumps(document)


SERVING = "/apis/apps/v1/namespaces/serving/deployments"
SERVING_BUDGETS = "/apis/policy/v1/namespaces/serving/poddisruptionbudgets"
DENY = "/apis/networking.k8s.io/v1/namespaces/training/networkpolicies/default-deny"
QUOTAS = "/api/v1/namespaces/training/resourcequotas"
NOT_READY = {"conditions": [{"type": "Ready", "status": "False", "reason": "NodeClassNotReady", "message": "no subnet"}]}
ALARM = {"AlarmName": "p99", "StateValue": "ALARM", "AlarmActions": [TOPIC]}
SSE_S3 = {"ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}}
OTHER_KEY = {
    "ServerSideEncryptionConfiguration": {
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEYS["features"]}}]
    }
}

# What is broken, which check says so, and what it saw.
FAULTS: list[tuple[Break, str, str]] = [
    (update("kms", "describe_key", KEYS["models"], "KeyMetadata", KeyState="Disabled"), "key models", "Disabled"),
    (update("kms", "get_key_rotation_status", KEYS["logs"], KeyRotationEnabled=False), "key logs", "Enabled, not rotated"),
    (
        answer("kinesis", "describe_stream_summary", "dev-feature-events", refusal("ResourceNotFoundException", "DescribeStreamSummary")),
        "stream dev-feature-events",
        "DescribeStreamSummary: ResourceNotFoundException: because",
    ),
    (
        update("kinesis", "describe_stream_summary", "dev-feature-events", "StreamDescriptionSummary", EncryptionType="NONE"),
        "stream dev-feature-events",
        f"ACTIVE, NONE with {KEYS['features']}",
    ),
    (
        update("kinesis", "describe_stream_summary", "dev-feature-events", "StreamDescriptionSummary", StreamStatus="DELETING"),
        "stream dev-feature-events",
        f"DELETING, KMS with {KEYS['features']}",
    ),
    (answer("cloudwatch", "describe_alarms", TOPIC, {"MetricAlarms": [], "CompositeAlarms": [ALARM]}), "alarms", "p99 ALARM"),
    (answer("s3", "get_bucket_encryption", "models", SSE_S3), "bucket models: encryption", "AES256 with a key of AWS"),
    (answer("s3", "get_bucket_encryption", "models", OTHER_KEY), "bucket models: encryption", f"aws:kms with {KEYS['features']}"),
    (
        answer("s3", "get_bucket_encryption", "models", refusal("ServerSideEncryptionConfigurationNotFoundError")),
        "bucket models: encryption",
        "no encryption of its own",
    ),
    (
        update("s3", "get_public_access_block", "offline", "PublicAccessBlockConfiguration", BlockPublicPolicy=False),
        "bucket offline: public access",
        "without BlockPublicPolicy",
    ),
    (
        answer("s3", "get_public_access_block", "offline", refusal("NoSuchPublicAccessBlockConfiguration")),
        "bucket offline: public access",
        "no block",
    ),
    (answer("s3", "get_bucket_versioning", "staging", {}), "bucket staging: versioning", "never enabled"),
    (answer("s3", "get_bucket_versioning", "staging", {"Status": "Suspended"}), "bucket staging: versioning", "Suspended"),
    (answer("s3", "get_bucket_policy", "offline", refusal("NoSuchBucketPolicy")), "bucket offline: TLS only", "no policy"),
    *(
        (
            answer("s3", "get_bucket_policy", "offline", {"Policy": tls_policy(**change)}),
            "bucket offline: TLS only",
            "a policy that allows plaintext",
        )
        for change in (
            {"Effect": "Allow"},
            {"Action": "s3:GetObject"},
            {"Principal": {"AWS": role("serving-model-server")}},
            {"Resource": "arn:aws:s3:::offline/*"},
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}},
        )
    ),
    (
        update("rds", "describe_db_instances", "dev-registry", "DBInstances", 0, DBInstanceStatus="stopped"),
        "registry: instance",
        f"stopped, private, encrypted with {KEYS['features']}",
    ),
    (
        update("rds", "describe_db_instances", "dev-registry", "DBInstances", 0, PubliclyAccessible=True),
        "registry: instance",
        f"available, public, encrypted with {KEYS['features']}",
    ),
    (
        update("rds", "describe_db_instances", "dev-registry", "DBInstances", 0, KmsKeyId=KEYS["logs"]),
        "registry: instance",
        f"available, private, encrypted with {KEYS['logs']}",
    ),
    (
        answer("rds", "describe_db_instances", "dev-registry", refusal("DBInstanceNotFound")),
        "registry: instance",
        "Operation: DBInstanceNotFound: because",
    ),
    (
        update("elasticache", "describe_replication_groups", "dev-online-store", "ReplicationGroups", 0, TransitEncryptionMode="preferred"),
        "online store: replication group",
        "available, TLS preferred",
    ),
    (
        update("elasticache", "describe_replication_groups", "dev-online-store", "ReplicationGroups", 0, TransitEncryptionEnabled=False),
        "online store: replication group",
        "available, TLS none",
    ),
    (
        update("elasticache", "describe_replication_groups", "dev-online-store", "ReplicationGroups", 0, Status="modifying"),
        "online store: replication group",
        "modifying, TLS required",
    ),
    (
        update("elasticache", "describe_replication_groups", "dev-online-store", "ReplicationGroups", 0, AtRestEncryptionEnabled=False),
        "online store: key",
        "not encrypted",
    ),
    (
        update("elasticache", "describe_replication_groups", "dev-online-store", "ReplicationGroups", 0, KmsKeyId=KEYS["logs"]),
        "online store: key",
        KEYS["logs"],
    ),
    (update("eks", "describe_cluster", "dev-main", "cluster", status="UPDATING"), "cluster main", "UPDATING, version 1.36"),
    (update("eks", "describe_cluster", "dev-main", "cluster", version="1.35"), "cluster main", "ACTIVE, version 1.35"),
    (lambda world: world.objects.update({"/version": {"gitVersion": "v1.35.9"}}), "cluster main: API", "v1.35.9"),
    (
        pool_status("training-cpu", NOT_READY),
        "node pool training-cpu: ready",
        "training-cpu is not ready: NodeClassNotReady: no subnet",
    ),
    (
        pool_status("serving-eu-west-1b", {}),
        "node pool serving: ready",
        "serving-eu-west-1b has no condition Ready: no controller has looked at it",
    ),
    (items(QUOTAS), "namespace training: quota", "no quota"),
    (items(QUOTAS, {"spec": {"hard": {"pods": "1"}}, "status": {}}), "namespace training: quota", "a quota that is not counted"),
    (lost(DENY), "namespace training: default deny", "not there"),
    (spec(DENY, policyTypes=["Ingress"]), "namespace training: default deny", "pods {}, ['Ingress'], open: nothing"),
    (spec(DENY, egress=[{}]), "namespace training: default deny", "pods {}, ['Ingress', 'Egress'], open: egress"),
    (
        spec(DENY, podSelector={"matchLabels": {"a": "b"}}),
        "namespace training: default deny",
        "pods {'matchLabels': {'a': 'b'}}, ['Ingress', 'Egress'], open: nothing",
    ),
    (lost("/api/v1/namespaces/serving/serviceaccounts/model-server"), "service account serving/model-server", "not there"),
    (
        answer("eks", "list_pod_identity_associations", "model-server", {"associations": []}),
        "service account serving/model-server: Pod Identity",
        "no association",
    ),
    (
        answer("eks", "describe_pod_identity_association", "a-feature-reader", {"association": {"roleArn": role("other")}}),
        "service account feature-store/feature-reader: Pod Identity",
        role("other"),
    ),
    (items(SERVING_BUDGETS), "namespace serving: disruption budgets", "none for web"),
    (items(SERVING, deployment("web", replicas=2), deployment("api", replicas=3)), "namespace serving: disruption budgets", "none for api"),
]


@pytest.mark.parametrize(("fault", "name", "seen"), FAULTS, ids=[f"{name} - {seen}"[:90] for _, name, seen in FAULTS])
def test_a_fault_is_named_by_its_check_and_by_no_other(fault: Break, name: str, seen: str) -> None:
    world = World()
    fault(world)
    found = results(world)
    assert {other: each.seen for other, each in found.items() if each.verdict != "passed"} == {name: seen}
    assert (found[name].verdict, check.code(list(found.values()))) == ("failed", 1)


@pytest.mark.parametrize("gone", ["serving-eu-west-1b", "training-cpu"])
def test_a_node_pool_that_is_gone_is_there_no_more_nor_ready(gone: str) -> None:
    world = World()
    without_pool(gone)(world)
    pool = gone.removesuffix("-eu-west-1b")
    failed = {name for name, each in results(world).items() if each.verdict == "failed"}
    assert failed == {f"node pool {pool}", f"node pool {pool}: ready"}


@pytest.mark.parametrize(
    ("selector", "selects"),
    [
        ({}, True),
        (None, False),
        ({"matchLabels": {"app": "web", "zone": "a"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_a_budget_counts_where_its_selector_matches_the_pods(selector: Any, selects: bool) -> None:
    world = World()
    items(SERVING_BUDGETS, budget(selector))(world)
    assert (results(world)["namespace serving: disruption budgets"].verdict == "passed") is selects


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        (answer("cloudwatch", "describe_alarms", TOPIC, {"MetricAlarms": []}), "alarms", "there are none"),
        (
            # Those of another environment are nothing to this one.
            answer("cloudwatch", "describe_alarms", TOPIC, {"MetricAlarms": [{**ALARM, "AlarmActions": [f"{TOPIC}-other"]}]}),
            "alarms",
            "there are none",
        ),
        (items(SERVING, deployment("web", replicas=1)), "namespace serving: disruption budgets", "no Deployment of several replicas"),
    ],
)
def test_where_there_is_nothing_to_check_nothing_is_said_to_have_passed(change: Break, name: str, reason: str) -> None:
    world = World()
    change(world)
    found = results(world)
    assert (found[name].verdict, found[name].seen, check.code(list(found.values()))) == ("not checked", reason, 0)


@pytest.mark.parametrize("denied", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"])
def test_what_the_credentials_may_not_see_is_not_checked_and_the_exit_code_says_so(denied: str) -> None:
    world = World()
    answer("cloudwatch", "describe_alarms", TOPIC, refusal(denied, "DescribeAlarms"))(world)
    found = results(world)
    assert (found["alarms"].verdict, found["alarms"].seen) == ("not checked", "the credentials may not DescribeAlarms: because")
    assert check.code(list(found.values())) == 2
