"""The foundation as assembled: which key encrypts what, what every role carries, where alarms go, and who deploys."""

import json
from typing import Any

import pytest

from stacks.checking import profiles
from tests.unit.conftest import platform
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV, changed
from tiers.assembly import assemble

ROLE, KEY, BUDGET = "aws:iam/role:Role", "aws:kms/key:Key", "aws:budgets/budget:Budget"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OF_PULL_REQUESTS = "arn:aws:iam::111111111111:policy/dev-ci-ephemeral-boundary"
CI = {"github_repository": "example/ml-platform", "runner": True}


def assembled(*changes: tuple[str, object], without: str = "") -> Recorded:
    settings = platform("dev", changed({key: value for key, value in DEV.items() if key != without}, *changes))
    return record(lambda: assemble(settings))


@pytest.fixture(scope="module", params=sorted(profiles()))
def of_profile(request: pytest.FixtureRequest) -> Recorded:
    """An environment of each profile, with everything that makes roles."""
    settings = platform(
        "dev",
        {
            **{key: value for key, value in DEV.items() if key != "clusters"},
            "profile": request.param,
            "network": {"cidr": "10.64.0.0/16"},
            "ci": CI,
        },
    )
    return record(lambda: assemble(settings))


def test_every_role_carries_the_boundary(of_profile: Recorded) -> None:
    roles = of_profile.all(ROLE)
    assert len(roles) >= 9
    assert {each.inputs.get("permissionsBoundary") for each in roles} == {"arn:aws:iam::111111111111:policy/dev-boundary"}


def test_the_name_of_every_role_and_policy_begins_with_the_environments(of_profile: Recorded) -> None:
    named = [*of_profile.all(ROLE), *of_profile.all("aws:iam/policy:Policy")]
    assert [each.name for each in named if not each.inputs.get("name", "").startswith("dev-")] == []


@pytest.mark.parametrize(
    ("type_", "name", "property_", "domain"),
    [
        ("aws:rds/instance:Instance", "registry", "kmsKeyId", "features"),
        ("aws:rds/instance:Instance", "registry", "masterUserSecretKmsKeyId", "features"),
        ("aws:elasticache/replicationGroup:ReplicationGroup", "online-store", "kmsKeyId", "features"),
        ("aws:cloudwatch/logGroup:LogGroup", "main", "kmsKeyId", "logs"),
        ("aws:cloudwatch/logGroup:LogGroup", "registry-error", "kmsKeyId", "logs"),
        ("aws:cloudwatch/logGroup:LogGroup", "runner", "kmsKeyId", "logs"),
        ("aws:sns/topic:Topic", "alarms", "kmsMasterKeyId", "logs"),
    ],
)
def test_what_is_encrypted_with_the_key_of_its_domain(dev: Recorded, type_: str, name: str, property_: str, domain: str) -> None:
    assert dev.one(type_, name).inputs[property_] == key_arn(domain)


@pytest.mark.parametrize(
    ("bucket", "domain"), [("offline-features", "features"), ("models", "models"), ("training-data", "models"), ("checkpoints", "models")]
)
def test_each_bucket_is_encrypted_with_the_key_of_its_domain(dev: Recorded, bucket: str, domain: str) -> None:
    (rule,) = dev.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", bucket).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == key_arn(domain)


def test_clusters_their_nodes_and_their_images_share_a_key(dev: Recorded) -> None:
    assert dev.one("aws:eks/cluster:Cluster").inputs["encryptionConfig"]["provider"]["keyArn"] == key_arn("clusters")
    for node_class in dev.all("kubernetes:eks.amazonaws.com/v1:NodeClass"):
        assert node_class.inputs["spec"]["ephemeralStorage"]["kmsKeyID"] == key_arn("clusters")
    for repository in dev.all("aws:ecr/repository:Repository"):
        assert repository.inputs["encryptionConfigurations"][0]["kmsKey"] == key_arn("clusters")


@pytest.mark.parametrize(
    ("role", "domain"), [("feature-store-materializer", "features"), ("serving-model-server", "models"), ("training-trainer", "models")]
)
def test_pods_use_the_key_of_their_own_data_only(dev: Recorded, role: str, domain: str) -> None:
    uses = json.loads(dev.one("aws:iam/rolePolicy:RolePolicy", f"{role}-key").inputs["policy"])["Statement"]
    assert {use["Resource"] for use in uses} == {key_arn(domain)}


def key_arn(domain: str) -> str:
    """As the recorder makes it up."""
    return f"arn:aws:kms:eu-west-1:111111111111:key/{domain}"


def test_every_image_of_the_settings_has_a_repository() -> None:
    made = assembled(("images", ["one", "database-admin"])).all("aws:ecr/repository:Repository")
    assert {each.inputs["name"] for each in made} == {"ml-platform/dev/one", "ml-platform/dev/database-admin"}


def test_the_budget_counts_this_deployment_and_tells_the_topic(prod: Recorded) -> None:
    budget = prod.one(BUDGET).inputs
    assert budget["limitAmount"] == "20000"
    assert budget["costFilters"][0]["values"] == ["user:deployment$ml-platform/prod"]
    assert {arn for each in budget["notifications"] for arn in each["subscriberSnsTopicArns"]} == {
        "arn:aws:sns:eu-west-1:111111111111:topic/prod-alarms"
    }


def test_the_budget_is_made_once_it_may_publish(prod: Recorded) -> None:
    assert "aws:sns/topicPolicy:TopicPolicy alarms" in prod.behind(prod.one(BUDGET))


def test_without_an_amount_there_is_no_budget() -> None:
    assert assembled(("observability.budget_usd_per_month", None)).all(BUDGET) == []


def test_whoever_is_on_call_is_subscribed_and_told_of_the_budget(prod: Recorded) -> None:
    address = "ml-platform-on-call@example.com"
    assert prod.one("aws:sns/topicSubscription:TopicSubscription").inputs["endpoint"] == address
    assert {each for alert in prod.one(BUDGET).inputs["notifications"] for each in alert["subscriberEmailAddresses"]} == {address}


def ci_types(recorded: Recorded) -> set[str]:
    return {each.name for each in recorded.registrations if each.name.startswith("ci-") or each.type.startswith("aws:codebuild/")}


def test_without_ci_nobody_on_github_becomes_a_role() -> None:
    recorded = assembled(without="ci")
    assert ci_types(recorded) == set()
    assert [each.name for each in recorded.all(ROLE) if "Federated" in each.inputs["assumeRolePolicy"]] == []


def trust(recorded: Recorded, role: str) -> dict[str, Any]:
    (statement,) = json.loads(recorded.one(ROLE, role).inputs["assumeRolePolicy"])["Statement"]
    return statement


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("ci-preview", ["repo:example/ml-platform:environment:preview-prod", "repo:example/ml-platform:environment:read-prod"]),
        ("ci-deploy", "repo:example/ml-platform:environment:prod"),
    ],
)
def test_ci_becomes_a_role_in_its_own_environments_of_github_only(prod: Recorded, role: str, subject: str | list[str]) -> None:
    assert trust(prod, role)["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": subject,
        }
    }


@pytest.mark.parametrize(("role", "environment"), [("ci-ephemeral", "ephemeral-dev"), ("ci-reap", "reap-dev")])
def test_environments_of_pull_requests_are_made_and_reaped_in_an_environment_of_github_each(
    dev: Recorded, role: str, environment: str
) -> None:
    condition = trust(dev, role)["Condition"]["StringEquals"]
    assert condition["token.actions.githubusercontent.com:sub"] == f"repo:example/ml-platform:environment:{environment}"


def test_who_makes_and_reaps_them_carries_the_boundary_that_they_are_made_within(dev: Recorded) -> None:
    carried = {each.name: each.inputs["permissionsBoundary"] for each in dev.all(ROLE) if each.name in ("ci-ephemeral", "ci-reap")}
    assert carried == dict.fromkeys(("ci-ephemeral", "ci-reap"), OF_PULL_REQUESTS)
    assert dev.one("aws:iam/policy:Policy", "ci-ephemeral-boundary").inputs["name"] == "dev-ci-ephemeral-boundary"


def test_where_pull_requests_have_no_environments_nobody_makes_them(prod: Recorded) -> None:
    roles = {each.name for each in prod.all(ROLE) if each.name.startswith("ci-")}
    policies = {each.name for each in prod.all("aws:iam/policy:Policy") if "ephemeral" in each.name or "reap" in each.name}
    assert (roles, policies) == ({"ci-preview", "ci-deploy"}, set())


def test_an_environment_with_the_boundary_of_another_makes_none() -> None:
    without = {key: value for key, value in DEV.items() if key not in ("ci", "clusters")}
    settings = platform("small", {**without, "profile": "preview", "boundary": "dev-ci-ephemeral-boundary"})
    recorded = record(lambda: assemble(settings), stack="small")
    assert recorded.all("aws:iam/policy:Policy") == []
    assert {each.inputs["permissionsBoundary"] for each in recorded.all(ROLE)} == {OF_PULL_REQUESTS}


def test_who_changes_something_keeps_its_role_for_two_hours(dev: Recorded) -> None:
    """AWS refuses a job that asks for more than the role says, which is an hour where it says nothing."""
    said = {each.name: each.inputs["maxSessionDuration"] for each in dev.all(ROLE) if each.name.startswith("ci-")}
    assert said == {"ci-preview": 3600, "ci-deploy": 7200, "ci-ephemeral": 7200, "ci-reap": 7200}


def test_a_repository_that_has_ids_in_its_subjects_is_known_by_them() -> None:
    condition = trust(assembled(("ci.github_ids", "12/345")), "ci-deploy")["Condition"]["StringEquals"]
    assert condition["token.actions.githubusercontent.com:sub"] == "repo:example@12/ml-platform@345:environment:dev"


def test_a_public_api_needs_no_runner() -> None:
    recorded = assembled(("ci.runner", False))
    assert recorded.all("aws:codebuild/project:Project") == []
    assert len([each for each in recorded.all(ROLE) if each.name.startswith("ci-")]) == 4


def test_the_runner_reaches_the_api_of_every_cluster(prod: Recorded) -> None:
    rules = [each.inputs for each in prod.all(INGRESS) if each.name.endswith("-runner")]
    assert {(rule["securityGroupId"], rule["fromPort"], rule["toPort"]) for rule in rules} == {
        ("serving-api-id", 443, 443),
        ("training-api-id", 443, 443),
    }
    assert {rule["referencedSecurityGroupId"] for rule in rules} == {"runner-id"}


def test_the_runner_is_in_private_subnets(prod: Recorded) -> None:
    subnets = prod.one("aws:codebuild/project:Project").inputs["vpcConfig"]["subnets"]
    assert len(subnets) == 3
    assert all("-private-" in subnet for subnet in subnets)


def test_the_runner_has_only_what_runs_it(prod: Recorded) -> None:
    policies = [each for each in prod.all("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"] == "prod-runner"]
    actions = {
        action
        for each in policies
        for statement in json.loads(each.inputs["policy"])["Statement"]
        for action in listed(statement["Action"])
    }
    assert {action.split(":")[0] for action in actions} == {"ec2", "logs"}
    assert {action for action in actions if action.split(":")[1].startswith(("Create", "Delete", "Put"))} == {
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    attached = prod.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert [each.name for each in attached if each.inputs["role"] == "prod-runner"] == []


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_runner_has_its_permissions_before_its_project_is_made(prod: Recorded) -> None:
    behind = prod.behind(prod.one("aws:codebuild/project:Project"))
    assert {name for name in behind if "rolePolicy" in name and "runner-" in name} == {
        f"aws:iam/rolePolicy:RolePolicy runner-{policy}" for policy in ("logs", "network", "interfaces")
    }
