"""Promises of the IAM documents. Each document is JSON; `statement` finds one of its statements by Sid."""

import json
from typing import Any

import pytest

from planning import images
from planning.documents import auto_mode, buckets, endpoints, keys, publishers, runner, trust, workloads

ACCOUNT = "111111111111"


def statements(document: str) -> list[dict[str, Any]]:
    return json.loads(document)["Statement"]


def statement(document: str, sid: str) -> dict[str, Any]:
    return next(each for each in statements(document) if each["Sid"] == sid)


PODS = statement(trust.pods(account=ACCOUNT, cluster="dev-main", namespace="serving", service_account="model-server"), "PodIdentity")


def test_pods_come_through_pod_identity_and_bring_their_tags() -> None:
    assert PODS["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert PODS["Action"] == ["sts:AssumeRole", "sts:TagSession"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:SourceAccount", ACCOUNT),
        ("aws:RequestTag/eks-cluster-name", "dev-main"),
        ("aws:RequestTag/kubernetes-namespace", "serving"),
        ("aws:RequestTag/kubernetes-service-account", "model-server"),
    ],
)
def test_no_other_pods_may_become_the_role(key: str, value: str) -> None:
    assert PODS["Condition"]["StringEquals"][key] == value


def test_only_eks_for_clusters_of_this_account_may_become_the_cluster_role() -> None:
    trusted = statement(trust.cluster_service("eu-west-1", ACCOUNT, "dev-*"), "ControlPlane")
    assert trusted["Principal"] == {"Service": "eks.amazonaws.com"}
    assert trusted["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trusted["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/dev-*"},
    }


def test_people_are_of_the_account_or_listed() -> None:
    listed = "arn:aws:iam::222222222222:role/platform"
    trusted = statement(trust.people(ACCOUNT, [listed]), "People")
    assert trusted["Principal"] == {"AWS": [f"arn:aws:iam::{ACCOUNT}:root", listed]}


def test_auto_mode_may_tag_only_on_behalf_of_its_own_cluster() -> None:
    for each in statements(auto_mode.custom_tags()):
        condition = each["Condition"]["StringEquals"]
        assert condition == {"aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}"}, each["Sid"]


@pytest.mark.parametrize(
    "action",
    ["ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:CreateVolume", "ec2:CreateNetworkInterface"],
)
def test_auto_mode_may_tag_what_it_launches(action: str) -> None:
    assert any(action in each["Action"] for each in statements(auto_mode.custom_tags()))


@pytest.mark.parametrize(
    ("service", "actions"),
    [
        ("s3", ["kms:Decrypt", "kms:GenerateDataKey"]),
        ("secretsmanager", ["kms:Decrypt"]),
        ("kinesis", ["kms:GenerateDataKey"]),
    ],
)
def test_workloads_may_use_the_key_through_what_they_work_with_only(service: keys.Service, actions: list[str]) -> None:
    (use,) = statements(keys.use_through("eu-west-1", "arn:aws:kms:eu-west-1:111111111111:key/k", [service]))
    assert use["Action"] == actions
    assert use["Resource"] == "arn:aws:kms:eu-west-1:111111111111:key/k"
    assert use["Condition"] == {"StringEquals": {"kms:ViaService": f"{service}.eu-west-1.amazonaws.com"}}


def test_a_secret_is_named_with_the_length_of_its_suffix() -> None:
    """With `-*` in its place the secrets of longer names would open too."""
    (read,) = statements(workloads.secrets("eu-west-1", ACCOUNT, ["dev-registry-a_ro"]))
    assert read["Resource"] == [f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:dev-registry-a_ro-??????"]


def test_who_writes_events_reads_none() -> None:
    (write,) = statements(workloads.streams("eu-west-1", ACCOUNT, ["dev-feature-events"]))
    assert write["Action"] == ["kinesis:PutRecord", "kinesis:PutRecords"]


def test_a_login_is_to_one_server_as_one_user() -> None:
    (login,) = statements(workloads.database_user("eu-west-1", ACCOUNT, "db-1", "registry_admin"))
    assert login["Resource"] == f"arn:aws:rds-db:eu-west-1:{ACCOUNT}:dbuser:db-1/registry_admin"


AUDIT = buckets.audit("b", region="eu-west-1", account=ACCOUNT)
DELIVERED = {
    "StringEquals": {"aws:SourceAccount": ACCOUNT},
    "ArnLike": {"aws:SourceArn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:*"},
}


@pytest.mark.parametrize(
    ("sid", "actions", "resource"),
    [
        ("AWSLogDeliveryWrite", "s3:PutObject", f"arn:aws:s3:::b/AWSLogs/{ACCOUNT}/*"),
        ("AWSLogDeliveryAclCheck", ["s3:GetBucketAcl", "s3:ListBucket"], "arn:aws:s3:::b"),
    ],
)
def test_log_delivery_writes_below_its_prefix_of_the_audit_bucket_and_reads_no_object(sid: str, actions: object, resource: str) -> None:
    delivery = statement(AUDIT, sid)
    assert delivery["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert (delivery["Action"], delivery["Resource"]) == (actions, resource)


@pytest.mark.parametrize("sid", ["AWSLogDeliveryWrite", "AWSLogDeliveryAclCheck"])
def test_the_audit_bucket_takes_deliveries_of_this_account_and_region_only(sid: str) -> None:
    condition = statement(AUDIT, sid)["Condition"]
    assert condition["StringEquals"]["aws:SourceAccount"] == ACCOUNT
    assert condition["ArnLike"] == DELIVERED["ArnLike"]


def test_what_is_delivered_belongs_to_the_audit_buckets_owner() -> None:
    assert statement(AUDIT, "AWSLogDeliveryWrite")["Condition"]["StringEquals"]["s3:x-amz-acl"] == "bucket-owner-full-control"


ENDPOINTS = [endpoints.account_only(ACCOUNT), endpoints.interface("ec2", ACCOUNT), endpoints.interface("sts", ACCOUNT),
             endpoints.s3(ACCOUNT, "eu-west-1")]  # fmt: skip


@pytest.mark.parametrize("policy", ENDPOINTS)
def test_endpoints_answer_to_this_account(policy: str) -> None:
    account = statement(policy, "Account")
    assert (account["Effect"], account["Action"], account["Resource"]) == ("Allow", "*", "*")
    assert account["Condition"] == {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}


@pytest.mark.parametrize(
    ("policy", "open_to_others"),
    list(zip(ENDPOINTS, [[], [], ["Federated"], ["EcrLayers", "AmazonLinuxPackages"]], strict=True)),
)
def test_endpoints_answer_to_others_for_tokens_image_layers_and_packages_only(policy: str, open_to_others: list[str]) -> None:
    assert [each["Sid"] for each in statements(policy) if each["Sid"] != "Account"] == open_to_others


def test_a_job_without_credentials_becomes_roles_of_the_account_only_through_the_endpoint_of_sts() -> None:
    federated = statement(endpoints.interface("sts", ACCOUNT), "Federated")
    assert (federated["Principal"], federated["Action"]) == ({"Federated": "*"}, "sts:AssumeRoleWithWebIdentity")
    assert federated["Condition"] == {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_image_layers_are_only_read_and_only_from_the_regions_bucket_of_ecr(region: str) -> None:
    layers = statement(endpoints.s3(ACCOUNT, region), "EcrLayers")
    assert (layers["Action"], layers["Resource"]) == ("s3:GetObject", f"arn:aws:s3:::prod-{region}-starport-layer-bucket/*")


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_packages_are_only_read_and_only_from_the_regions_bucket_of_amazon_linux(region: str) -> None:
    packages = statement(endpoints.s3(ACCOUNT, region), "AmazonLinuxPackages")
    assert (packages["Action"], packages["Resource"]) == ("s3:GetObject", f"arn:aws:s3:::al2023-repos-{region}-de612dc2/*")


@pytest.mark.parametrize("policy", [buckets.tls_only("b"), buckets.log_delivery("b", ACCOUNT), AUDIT])
def test_buckets_refuse_what_is_not_tls(policy: str) -> None:
    refused = statement(policy, "TlsOnly")
    assert (refused["Effect"], refused["Action"], refused["Principal"]) == ("Deny", "s3:*", {"AWS": "*"})
    assert refused["Resource"] == ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_log_bucket_takes_access_logs_of_this_account_only() -> None:
    delivery = statement(buckets.log_delivery("b", ACCOUNT), "AccessLogs")
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_a_reader_cannot_write() -> None:
    document = buckets.role_access([buckets.Access(bucket="b", read=True)])
    assert statement(document, "Objects0")["Action"] == ["s3:GetObject", "s3:GetObjectVersion"]


def test_a_writer_cannot_read() -> None:
    document = buckets.role_access([buckets.Access(bucket="b", write=True)])
    assert "s3:PutObject" in statement(document, "Objects0")["Action"]
    assert "s3:GetObject" not in statement(document, "Objects0")["Action"]


def test_access_below_a_prefix_stays_below_it() -> None:
    document = buckets.role_access([buckets.Access(bucket="b", read=True, prefix="release/")])
    assert statement(document, "Objects0")["Resource"] == "arn:aws:s3:::b/release/*"
    assert statement(document, "List0")["Condition"] == {"StringLike": {"s3:prefix": ["release/*"]}}


def test_a_job_of_github_becomes_a_role_by_its_whole_subject_and_audience() -> None:
    trusted = statement(trust.github(ACCOUNT, trust.deployment("example/ml-platform", "prod")), "GitHubActions")
    assert trusted["Principal"] == {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"}
    assert trusted["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trusted["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": "repo:example/ml-platform:environment:prod",
        }
    }


@pytest.mark.parametrize(
    ("ids", "subject"),
    [(None, "repo:example/ml-platform:environment:dev"), ("12/345", "repo:example@12/ml-platform@345:environment:dev")],
)
def test_a_subject_names_the_repository_as_github_does(ids: str | None, subject: str) -> None:
    assert trust.deployment(trust.in_subjects("example/ml-platform", ids), "dev") == subject


def test_only_codebuild_for_its_own_project_may_become_the_runner() -> None:
    trusted = statement(trust.build_project("eu-west-1", ACCOUNT, "dev-runner"), "CodeBuild")
    assert trusted["Principal"] == {"Service": "codebuild.amazonaws.com"}
    source = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:codebuild:eu-west-1:{ACCOUNT}:project/dev-runner"}
    assert trusted["Condition"] == {"StringEquals": source}


def test_the_runner_lends_its_interfaces_to_codebuild_in_its_own_subnets_only() -> None:
    (lent,) = statements(runner.interfaces("eu-west-1", ACCOUNT, ["subnet-a"]))
    assert lent["Condition"]["StringEquals"] == {
        "ec2:AuthorizedService": "codebuild.amazonaws.com",
        "ec2:Subnet": [f"arn:aws:ec2:eu-west-1:{ACCOUNT}:subnet/subnet-a"],
    }


def test_the_runner_writes_its_own_log_only() -> None:
    (written,) = statements(runner.logs("eu-west-1", ACCOUNT, "/aws/codebuild/dev-runner"))
    assert written["Resource"] == f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/codebuild/dev-runner:*"


ALARMS = publishers.alarm_topic("eu-west-1", ACCOUNT, "dev-alarms")


def test_the_alarm_topic_refuses_what_is_not_tls() -> None:
    refused = statement(ALARMS, "TlsOnly")
    assert (refused["Effect"], refused["Action"], refused["Principal"]) == ("Deny", "sns:Publish", {"AWS": "*"})
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("service", "source"),
    [
        ("cloudwatch", f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:*"),
        ("budgets", f"arn:aws:budgets::{ACCOUNT}:*"),
        ("events.rds", f"arn:aws:rds:eu-west-1:{ACCOUNT}:es:*"),
    ],
)
def test_alarms_are_published_by_services_of_this_account_only(service: str, source: str) -> None:
    (publishing,) = [each for each in statements(ALARMS) if each["Principal"] == {"Service": f"{service}.amazonaws.com"}]
    assert publishing["Action"] == "sns:Publish"
    assert publishing["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": source}}


def test_caches_of_this_account_publish_what_happens_to_them_as_elasticache_does() -> None:
    publishing = statement(ALARMS, "CacheEvents")
    assert (publishing["Effect"], publishing["Action"], publishing["Principal"]) == ("Allow", "sns:Publish", {"AWS": "*"})
    assert publishing["Condition"] == {"StringEquals": {"aws:SourceOwner": ACCOUNT}}


def test_nobody_else_publishes_alarms() -> None:
    assert len([each for each in statements(ALARMS) if each["Effect"] == "Allow"]) == 4


def test_untagged_images_expire_after_a_week_and_the_newest_stay() -> None:
    rules = {rule["selection"]["tagStatus"]: rule for rule in json.loads(images.lifecycle())["rules"]}
    untagged = rules["untagged"]["selection"]
    assert (untagged["countType"], untagged["countNumber"], untagged["countUnit"]) == ("sinceImagePushed", 7, "days")
    assert (rules["any"]["selection"]["countType"], rules["any"]["selection"]["countNumber"]) == ("imageCountMoreThan", 200)
    # ECR takes a rule for `any` only as the last one.
    assert rules["any"]["rulePriority"] > rules["untagged"]["rulePriority"]
