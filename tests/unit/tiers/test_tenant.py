"""A tenant beside development: what its stack registers, from nothing but its settings and the platform's contract."""

import json
from typing import Any

import pytest

import contract
from policies.pack import RULES
from policies.rule import Resource, ResourceRule
from stacks.checking import StackFile, parse
from tests.unit.registrations import UNKNOWN, Recorded, record
from tests.unit.stacks.samples import DEV, TENANT, changed
from tiers.assembly import assemble
from tiers.platform_contract import PlatformUnknown

PARAMETER = "aws:ssm/parameter:Parameter"
JOB, CONFIG_MAP = "kubernetes:batch/v1:Job", "kubernetes:core/v1:ConfigMap"
PROVIDER = "pulumi:providers:aws"
BESIDE = [StackFile("dev", changed(DEV, ("access.teams", {"risk": []})))]
FULL = changed(
    TENANT,
    ("team", "risk"),
    ("expires", "2027-01-31"),
    ("namespaces.risk-gpu", {"cpu": 4, "memory_gib": 16, "gpus": 2, "pods": 5}),
    ("roles.server", {"namespace": "risk-gpu", "actions": ["secretsmanager:GetSecretValue"]}),
)
PROJECT = "credit_risk_7256d2cc"


def registered(given: dict[str, Any], parameters: dict[str, str], *, preview: bool = False) -> Recorded:
    settings = parse("risk", given, BESIDE)
    return record(lambda: assemble(settings), stack="risk", parameters=parameters, preview=preview)


@pytest.fixture(scope="module")
def published(dev: Recorded) -> dict[str, str]:
    return {each.inputs["name"]: each.inputs["insecureValue"] for each in dev.all(PARAMETER)}


@pytest.fixture(scope="module")
def recorded(published: dict[str, str]) -> Recorded:
    return registered(FULL, published)


@pytest.fixture(scope="module")
def told(recorded: Recorded) -> contract.Tenant:
    return contract.Tenant.model_validate_json(recorded.one(PARAMETER).inputs["insecureValue"])


def test_it_reads_no_other_stack(recorded: Recorded) -> None:
    assert recorded.all("pulumi:pulumi:StackReference") == []


def test_all_of_it_is_known_at_preview_but_what_aws_makes(published: dict[str, str]) -> None:
    preview = registered(FULL, published, preview=True)
    for role in preview.all("aws:iam/role:Role"):
        assert UNKNOWN not in (role.inputs["assumeRolePolicy"], role.inputs["permissionsBoundary"])
    assert [each.name for each in preview.all("aws:iam/rolePolicy:RolePolicy") if each.inputs["policy"] == UNKNOWN] == []


def test_everything_is_tagged_as_the_tenants_and_with_its_last_day(recorded: Recorded) -> None:
    assert json.loads(recorded.one(PROVIDER, "aws").inputs["defaultTags"])["tags"] == {
        "environment": "dev",
        "profile": "development",
        "owner": "risk-team",
        "cost-centre": "risk-7",
        "data-classification": "internal",
        "project": "ml-platform",
        "deployment": "ml-platform/risk",
        "ml-platform/expires": "2027-01-31",
    }


@pytest.mark.parametrize("profile", ["development", "production"])
def test_no_policy_is_violated(published: dict[str, str], profile: str) -> None:
    name = contract.parameter_name("dev", "foundation")
    foundation = json.dumps({**json.loads(published[name]), "profile": profile, "destroyable": profile != "production"})
    recorded = registered(TENANT, {**published, name: foundation})
    provider = recorded.one(PROVIDER, "aws").inputs
    tags, accounts = json.loads(provider["defaultTags"])["tags"], frozenset(json.loads(provider["allowedAccountIds"]))
    made = [Resource(each.type, each.urn, each.inputs, tags, protect=each.protect, accounts=accounts) for each in recorded.registrations]
    found = [
        (rule.name, finding)
        for rule in RULES
        if isinstance(rule, ResourceRule)
        for each in made
        if rule.concerns(each.type)
        for finding in rule.check(each)
    ]
    assert found == []


def test_what_does_not_expire_has_no_such_tag(published: dict[str, str]) -> None:
    tags = json.loads(registered(TENANT, published).one(PROVIDER, "aws").inputs["defaultTags"])["tags"]
    assert "ml-platform/expires" not in tags


def test_nothing_is_made_by_the_provider_that_only_reads(recorded: Recorded) -> None:
    assert [each.type for each in recorded.registrations if each.provider.endswith("::platform")] == []


@pytest.mark.parametrize("name", ["aws", "platform"])
def test_no_provider_takes_another_account(recorded: Recorded, name: str) -> None:
    assert json.loads(recorded.one(PROVIDER, name).inputs["allowedAccountIds"]) == ["111111111111"]


@pytest.mark.parametrize("namespace", ["risk-models", "risk-gpu"])
def test_each_namespace_is_restricted_and_denies_by_default(recorded: Recorded, namespace: str) -> None:
    metadata = recorded.one("kubernetes:core/v1:Namespace", namespace).inputs["metadata"]
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    policy = recorded.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", f"{namespace}-default-deny").inputs["spec"]
    assert policy == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_the_quota_counts_gpus_too(recorded: Recorded) -> None:
    hard = recorded.one("kubernetes:core/v1:ResourceQuota", "risk-gpu").inputs["spec"]["hard"]
    assert hard == {
        "requests.cpu": "4",
        "requests.memory": "16Gi",
        "requests.nvidia.com/gpu": "2",
        "pods": "5",
        "services.loadbalancers": "0",
    }


def test_a_container_is_given_what_it_does_not_say_and_is_no_larger_than_the_quota(recorded: Recorded) -> None:
    assert recorded.one("kubernetes:core/v1:LimitRange", "risk-gpu").inputs["spec"]["limits"] == [
        {
            "type": "Container",
            "defaultRequest": {"cpu": "100m", "memory": "128Mi"},
            "default": {"memory": "512Mi"},
            "max": {"cpu": "4", "memory": "16Gi"},
        }
    ]


def test_its_pods_reach_the_registry_and_the_online_store_where_the_platform_has_them(recorded: Recorded, dev: Recorded) -> None:
    policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
    for name in ("allow-data", "allow-dns", "allow-aws"):
        assert recorded.one(policy, f"risk-models-{name}").inputs["spec"] == dev.one(policy, f"feature-store-{name}").inputs["spec"]


@pytest.mark.parametrize(
    ("given", "group"), [(FULL, "ml-platform:team:risk"), (TENANT, "ml-platform:deployers")], ids=["a team", "no team"]
)
def test_its_namespaces_are_deployed_to_by_its_team_or_else_by_the_platforms_deployers(
    published: dict[str, str], given: dict[str, Any], group: str
) -> None:
    binding = registered(given, published).one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding", "risk-models-deployers").inputs
    assert [each["name"] for each in binding["subjects"]] == [group]
    assert (binding["roleRef"]["kind"], binding["roleRef"]["name"]) == ("ClusterRole", "ml-platform:deployer")


@pytest.mark.parametrize(("account", "namespace"), [("trainer", "risk-models"), ("server", "risk-gpu")])
def test_a_role_is_for_one_service_account_and_carries_the_boundary(recorded: Recorded, account: str, namespace: str) -> None:
    role = recorded.one("aws:iam/role:Role", account).inputs
    assert (role["name"], role["permissionsBoundary"]) == (f"dev-tenant-risk_{account}", "arn:aws:iam::111111111111:policy/dev-boundary")
    (trust,) = json.loads(role["assumeRolePolicy"])["Statement"]
    asked = trust["Condition"]["StringEquals"]
    assert asked["aws:RequestTag/kubernetes-namespace"] == namespace
    assert asked["aws:RequestTag/kubernetes-service-account"] == account
    assert asked["aws:RequestTag/eks-cluster-name"] == "dev-main"
    bound = recorded.one("aws:eks/podIdentityAssociation:PodIdentityAssociation", account).inputs
    assert (bound["clusterName"], bound["namespace"], bound["serviceAccount"]) == ("dev-main", namespace, account)
    assert recorded.one("kubernetes:core/v1:ServiceAccount", f"{namespace}-{account}").inputs["metadata"]["namespace"] == namespace


def test_a_namespace_has_the_service_accounts_of_its_own_roles_only(recorded: Recorded) -> None:
    assert {each.name for each in recorded.all("kubernetes:core/v1:ServiceAccount")} == {"risk-models-trainer", "risk-gpu-server"}


def test_what_a_role_may_do_is_below_the_tenants_prefix_only(recorded: Recorded) -> None:
    (statement,) = json.loads(recorded.one("aws:iam/rolePolicy:RolePolicy", "trainer-buckets").inputs["policy"])["Statement"]
    assert statement["Resource"] == [
        f"arn:aws:s3:::ml-platform-dev-offline-features-111111111111/{PROJECT}/*",
        f"arn:aws:s3:::ml-platform-dev-feature-staging-111111111111/{PROJECT}/*",
    ]


@pytest.mark.parametrize(("account", "policies"), [("trainer", {"buckets", "key"}), ("server", {"secrets", "key"})])
def test_a_role_has_rights_of_its_actions_and_no_others(recorded: Recorded, account: str, policies: set[str]) -> None:
    found = [each for each in recorded.all("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"].endswith(f"_{account}")]
    assert {each.inputs["name"] for each in found} == policies


@pytest.mark.parametrize(("account", "service"), [("trainer", "s3"), ("server", "secretsmanager")])
def test_a_role_uses_the_key_of_features_through_the_service_of_its_actions(recorded: Recorded, account: str, service: str) -> None:
    (statement,) = json.loads(recorded.one("aws:iam/rolePolicy:RolePolicy", f"{account}-key").inputs["policy"])["Statement"]
    assert statement["Resource"].endswith("key/features")
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}}


def test_its_users_join_the_platforms_group_and_leave_it_as_it_is(recorded: Recorded, dev: Recorded) -> None:
    group = dev.one("aws:elasticache/userGroup:UserGroup").inputs["userGroupId"]
    joined = recorded.all("aws:elasticache/userGroupAssociation:UserGroupAssociation")
    assert {each.inputs["userId"]: each.inputs["userGroupId"] for each in joined} == {"dev-t-risk-rw": group, "dev-t-risk-ro": group}
    assert recorded.all("aws:elasticache/userGroup:UserGroup") == []


@pytest.mark.parametrize(("user", "pattern"), [("dev-t-risk-rw", f"~*{PROJECT}"), ("dev-t-risk-ro", f"%R~*{PROJECT}")])
def test_a_user_of_the_online_store_has_the_keys_that_end_with_the_project(recorded: Recorded, user: str, pattern: str) -> None:
    assert [word for word in recorded.one("aws:elasticache/user:User", user).inputs["accessString"].split() if "~" in word] == [pattern]


def test_the_job_runs_where_and_as_whom_the_platforms_does(recorded: Recorded, dev: Recorded) -> None:
    own, platforms = (each.one(JOB).inputs for each in (recorded, dev))
    assert own["metadata"]["namespace"] == platforms["metadata"]["namespace"] == "feature-store"
    pods = [each["spec"]["template"]["spec"] for each in (own, platforms)]
    for pod in pods:
        pod["volumes"] = pod["containers"][0]["name"] = None
    assert pods[0] == pods[1]


def test_whoever_makes_databases_reads_the_secrets_of_its_mysql_users(recorded: Recorded, dev: Recorded) -> None:
    (statement,) = json.loads(dev.one("aws:iam/rolePolicy:RolePolicy", "feature-store-registry-admin-secrets").inputs["policy"])[
        "Statement"
    ]
    assert "arn:aws:secretsmanager:eu-west-1:111111111111:secret:dev-tenant-*/registry-*-??????" in statement["Resource"]
    users = json.loads(recorded.one(CONFIG_MAP, "risk-database").inputs["data"]["users.json"])
    assert {each["secret"] for each in users.values()} == {f"dev-tenant-risk/registry-{right}" for right in ("ddl", "dml", "ro")}


def test_a_retiring_tenants_job_removes_what_it_had(published: dict[str, str]) -> None:
    data = registered(changed(FULL, ("retiring", "20261126-220000")), published).one(CONFIG_MAP, "risk-database").inputs["data"]
    assert [each["sql"].partition(" IF ")[0] for each in json.loads(data["statements.json"])] == ["DROP USER"] * 3 + ["DROP DATABASE"]
    assert json.loads(data["users.json"]) == {}


def test_a_new_generation_of_passwords_keeps_the_one_before(published: dict[str, str]) -> None:
    versions = registered(changed(FULL, ("credentials_generation", 3)), published).all("aws:secretsmanager/secretVersion:SecretVersion")
    assert sorted(each.name for each in versions if each.name.startswith("registry-ro")) == ["registry-ro-2", "registry-ro-3"]


@pytest.mark.parametrize(
    ("destroyable", "expires", "days"),
    [(True, None, 0), (False, "2027-01-31", 0), (False, None, 30)],
    ids=["platform", "tenant", "neither"],
)
def test_a_secret_can_be_restored_unless_the_platform_or_the_tenant_is_made_to_go(
    published: dict[str, str], destroyable: bool, expires: str | None, days: int
) -> None:
    name = contract.parameter_name("dev", "foundation")
    foundation = json.dumps({**json.loads(published[name]), "destroyable": destroyable})
    recorded = registered(changed(TENANT, ("expires", expires)), {**published, name: foundation})
    assert {each.inputs["recoveryWindowInDays"] for each in recorded.all("aws:secretsmanager/secret:Secret")} == {days}


def test_it_publishes_what_it_has(recorded: Recorded, told: contract.Tenant) -> None:
    assert recorded.one(PARAMETER).inputs["name"] == contract.tenant_parameter_name("dev", "risk") == "/ml-platform/dev/tenants/risk"
    assert (told.platform, told.cluster, told.project, told.database) == ("dev", "dev-main", PROJECT, "tenant_risk")
    assert set(told.namespaces) == {"risk-models", "risk-gpu"}
    assert told.role_arns["server"] == "arn:aws:iam::111111111111:role/dev-tenant-risk_server"
    assert told.registry_secrets["ro"] == "dev-tenant-risk/registry-ro"
    assert told.online_store_secrets == {"writer": "dev-tenant-risk/online-store-writer", "reader": "dev-tenant-risk/online-store-reader"}
    assert told.expires == "2027-01-31"


@pytest.mark.parametrize("namespace", ["risk-models", "risk-gpu"])
def test_pods_of_each_namespace_are_told_of_it_and_of_the_feature_store(
    recorded: Recorded, told: contract.Tenant, published: dict[str, str], namespace: str
) -> None:
    found = recorded.one(CONFIG_MAP, f"{namespace}-contract").inputs
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == (contract.CONFIG_MAP, namespace)
    assert json.loads(found["data"]["tenant.json"]) == told.model_dump(mode="json")
    assert json.loads(found["data"]["feature_store.json"]) == json.loads(published["/ml-platform/dev/feature_store"])


def test_no_password_is_in_what_it_publishes_or_runs(recorded: Recorded) -> None:
    passwords = [each.inputs["passwords"][0] for each in recorded.all("aws:elasticache/user:User")]
    texts = [recorded.one(PARAMETER).inputs["insecureValue"], *(json.dumps(each.inputs) for each in recorded.all(CONFIG_MAP))]
    assert len(passwords) == 2
    assert [each for each in passwords if any(each in text for text in texts)] == []


def test_a_platform_that_is_not_up_is_refused_with_what_to_do() -> None:
    with pytest.raises(PlatformUnknown) as refused:
        registered(TENANT, {})
    said = str(refused.value)
    assert said.startswith("got no SSM parameter /ml-platform/dev/foundation (")
    assert said.endswith("expected the contract of dev; bring dev up, or correct `platform`, account and region")


def test_a_platform_of_another_version_is_refused_with_what_differs(published: dict[str, str]) -> None:
    name = contract.parameter_name("dev", "network")
    older = {key: value for key, value in json.loads(published[name]).items() if key != "data_cidrs"}
    with pytest.raises(PlatformUnknown) as refused:
        registered(TENANT, {**published, name: json.dumps(older)})
    assert str(refused.value) == (
        "got /ml-platform/dev/network, whose data_cidrs differ; expected what contract.Network says; bring dev up with this version of the "
        "program first"
    )
