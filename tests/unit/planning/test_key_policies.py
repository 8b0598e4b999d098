"""Who may do what with the key of each domain. The local AWS knows none of KMS's own condition keys, so they are evaluated here."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from planning.documents import keys
from planning.documents.keys import DOMAINS, Domain

ACCOUNT, REGION = "111111111111", "eu-west-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
CLUSTER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev-eks-cluster"
ENCRYPT_AND_DECRYPT = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom"]


def policy(domain: Domain) -> list[dict[str, Any]]:
    own = {
        "clusters": keys.cluster_volumes(REGION, ACCOUNT, ["dev-eks-cluster"]),
        "logs": keys.log_writers(REGION, ACCOUNT, ["/aws/eks/dev-*", "/aws/codebuild/dev-*"]),
    }
    return json.loads(keys.domain_key(domain, region=REGION, account=ACCOUNT, own=own.get(domain, ())))["Statement"]


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def allows(domain: Domain, who: str, action: str, **context: str) -> bool:
    """Whether the policy lets `who` (an ARN or a service) do it, in a request with these condition keys (`kms__ViaService`)."""
    given = {key.replace("__", ":"): value for key, value in context.items()}
    for each in policy(domain):
        assert each["Effect"] == "Allow"
        (principals,) = each["Principal"].values()
        conditions = [(operator, key, value) for operator, some in each.get("Condition", {}).items() for key, value in some.items()]
        if (
            who in listed(principals)
            and any(fnmatchcase(action, pattern) for pattern in listed(each["Action"]))
            and all(met(operator, given.get(key), listed(value)) for operator, key, value in conditions)
        ):
            return True
    return False


def met(operator: str, given: str | None, wanted: list[str]) -> bool:
    assert operator in {"StringEquals", "ArnLike", "Bool"}
    return given is not None and any(fnmatchcase(given, each) if operator == "ArnLike" else given == each for each in wanted)


@pytest.mark.parametrize("domain", DOMAINS)
def test_whoever_makes_the_key_may_put_its_policy_again(domain: Domain) -> None:
    assert allows(domain, ROOT, "kms:PutKeyPolicy")


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("action", [*ENCRYPT_AND_DECRYPT, "kms:CreateGrant"])
def test_administrators_of_the_account_cannot_use_the_key_themselves(domain: Domain, action: str) -> None:
    assert not allows(domain, ROOT, action, kms__CallerAccount=ACCOUNT)


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_administration_is_a_wildcard(domain: Domain) -> None:
    (administration,) = [each for each in policy(domain) if each["Sid"] == "Administration"]
    assert [action for action in administration["Action"] if "*" in action] == []


@pytest.mark.parametrize(
    ("domain", "service", "may"),
    [
        ("features", "rds", True),
        ("features", "elasticache", True),
        ("features", "s3", True),
        ("features", "secretsmanager", True),
        ("features", "kinesis", True),
        ("features", "ec2", False),
        ("models", "s3", True),
        ("models", "rds", False),
        ("clusters", "ec2", True),
        ("clusters", "ecr", True),
        ("clusters", "eks", True),
        ("clusters", "s3", False),
        ("logs", "s3", True),
        ("logs", "sns", True),
        ("logs", "secretsmanager", False),
    ],
)
def test_the_account_uses_the_key_through_the_services_of_its_domain_only(domain: Domain, service: str, may: bool) -> None:
    via = f"{service}.{REGION}.amazonaws.com"
    assert allows(domain, ROOT, "kms:Decrypt", kms__CallerAccount=ACCOUNT, kms__ViaService=via) is may


@pytest.mark.parametrize("domain", DOMAINS)
def test_another_account_cannot_use_the_key_even_through_a_service(domain: Domain) -> None:
    via = f"{keys.SERVICES[domain][0]}.{REGION}.amazonaws.com"
    assert not allows(domain, ROOT, "kms:Decrypt", kms__CallerAccount="222222222222", kms__ViaService=via)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize(("for_aws", "may"), [("true", True), ("false", False)])
def test_the_key_is_granted_to_aws_services_only(domain: Domain, for_aws: str, may: bool) -> None:
    via = f"{keys.SERVICES[domain][0]}.{REGION}.amazonaws.com"
    given = {"kms__CallerAccount": ACCOUNT, "kms__ViaService": via, "kms__GrantIsForAWSResource": for_aws}
    assert allows(domain, ROOT, "kms:CreateGrant", **given) is may


def test_eks_is_granted_the_key_although_it_does_not_say_for_what() -> None:
    via = f"eks.{REGION}.amazonaws.com"
    assert allows("clusters", ROOT, "kms:CreateGrant", kms__CallerAccount=ACCOUNT, kms__ViaService=via)


@pytest.mark.parametrize(
    ("who", "action", "for_aws", "may"),
    [
        (CLUSTER_ROLE, "kms:Decrypt", "false", True),
        (CLUSTER_ROLE, "kms:GenerateDataKeyWithoutPlaintext", "false", True),
        (CLUSTER_ROLE, "kms:CreateGrant", "true", True),
        (CLUSTER_ROLE, "kms:CreateGrant", "false", False),
        (f"{CLUSTER_ROLE}-other", "kms:Decrypt", "false", False),
    ],
)
def test_the_cluster_role_encrypts_node_volumes(who: str, action: str, for_aws: str, may: bool) -> None:
    assert allows("clusters", who, action, kms__GrantIsForAWSResource=for_aws) is may


@pytest.mark.parametrize(
    ("log_group", "may"), [("/aws/eks/dev-main/cluster", True), ("/aws/codebuild/dev-runner", True), ("/aws/eks/prod-main/cluster", False)]
)
def test_cloudwatch_logs_uses_the_key_for_our_log_groups_only(log_group: str, may: bool) -> None:
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{log_group}"
    given = {"kms:EncryptionContext:aws:logs:arn": arn}
    assert allows("logs", f"logs.{REGION}.amazonaws.com", "kms:GenerateDataKey", **given) is may


@pytest.mark.parametrize("service", ["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "events.rds.amazonaws.com"])
@pytest.mark.parametrize(("account", "may"), [(ACCOUNT, True), ("222222222222", False)])
def test_publishers_of_alarms_use_the_key_for_this_account_only(service: str, account: str, may: bool) -> None:
    assert allows("logs", service, "kms:GenerateDataKey", aws__SourceAccount=account) is may


@pytest.mark.parametrize(("account", "may"), [(ACCOUNT, True), ("222222222222", False)])
def test_caches_use_the_key_for_messages_to_this_accounts_topics_only(account: str, may: bool) -> None:
    given = {"kms:EncryptionContext:aws:sns:topicArn": f"arn:aws:sns:{REGION}:{account}:dev-alarms"}
    assert allows("logs", "elasticache.amazonaws.com", "kms:GenerateDataKey", **given) is may


@pytest.mark.parametrize(("account", "may"), [(ACCOUNT, True), ("222222222222", False)])
def test_flow_logs_are_delivered_for_this_account_only(account: str, may: bool) -> None:
    given = {"aws__SourceAccount": account, "aws__SourceArn": f"arn:aws:logs:{REGION}:{account}:delivery-source:x"}
    assert allows("logs", "delivery.logs.amazonaws.com", "kms:GenerateDataKey", **given) is may


@pytest.mark.parametrize("domain", ["features", "models", "clusters"])
def test_no_other_key_is_open_to_a_service_by_itself(domain: Domain) -> None:
    assert [each["Sid"] for each in policy(domain) if "Service" in each["Principal"]] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_key_is_open_to_nobody_at_large(domain: Domain) -> None:
    assert [each["Sid"] for each in policy(domain) if "*" in str(each["Principal"])] == []
