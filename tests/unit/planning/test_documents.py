"""Promises of the IAM documents. Each document is JSON; `statement` finds one of its statements by Sid."""

import json
from typing import Any

import pytest

from planning.documents import auto_mode, buckets, keys, trust

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


KEY = keys.data_key(region="eu-west-1", account=ACCOUNT, volume_roles=["dev-eks-cluster"], log_groups=["/aws/eks/dev-*"])


def test_the_cluster_role_may_encrypt_node_volumes() -> None:
    role = {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/dev-eks-cluster"]}
    assert statement(KEY, "NodeVolumes")["Principal"] == role
    grants = statement(KEY, "NodeVolumeGrants")
    assert grants["Principal"] == role
    assert "kms:CreateGrant" in grants["Action"]


def test_the_cluster_role_may_grant_the_key_to_aws_services_only() -> None:
    assert statement(KEY, "NodeVolumeGrants")["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_logs_may_use_the_key_for_our_log_groups_only() -> None:
    logs = statement(KEY, "Logs")
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"]["ArnLike"] == {
        "kms:EncryptionContext:aws:logs:arn": [f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/eks/dev-*"]
    }


def test_the_key_is_open_to_nobody_at_large() -> None:
    assert all(each["Principal"] != "*" and each["Principal"].get("AWS") != "*" for each in statements(KEY))


def test_workloads_may_use_the_key_through_s3_only() -> None:
    (use,) = statements(keys.use_for_objects("eu-west-1", "arn:aws:kms:eu-west-1:111111111111:key/k"))
    assert use["Resource"] == "arn:aws:kms:eu-west-1:111111111111:key/k"
    assert use["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


@pytest.mark.parametrize("policy", [buckets.tls_only("b"), buckets.log_delivery("b", ACCOUNT)])
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
