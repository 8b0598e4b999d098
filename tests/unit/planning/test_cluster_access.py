"""What people may do inside a cluster, by its rules. Who really gets in, and does what: tests/local/test_cluster_access.py."""

from collections.abc import Sequence

import pytest

from planning.cluster_access import DEPLOYER_RULES, DEPLOYERS, VIEWER_RULES, VIEWERS, Rule, team

RULES = {"deployer": DEPLOYER_RULES, "viewer": VIEWER_RULES}
# Groups that EKS refuses: https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html.
RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")


def allows(rules: Sequence[Rule], verb: str, group: str, resource: str) -> bool:
    return any(verb in rule["verbs"] and group in rule["apiGroups"] and resource in rule["resources"] for rule in rules)


@pytest.mark.parametrize("who", RULES)
def test_no_rule_has_a_wildcard(who: str) -> None:
    assert [rule for rule in RULES[who] for words in rule.values() if any("*" in word for word in words)] == []


@pytest.mark.parametrize("who", RULES)
def test_no_rule_lends_a_right_on_or_takes_another_identity(who: str) -> None:
    verbs = {verb for rule in RULES[who] for verb in rule["verbs"]}
    assert not verbs & {"escalate", "bind", "impersonate", "deletecollection", "approve", "sign"}


@pytest.mark.parametrize("who", RULES)
def test_no_rule_is_about_secrets_tokens_or_a_way_into_pods(who: str) -> None:
    resources = {resource for rule in RULES[who] for resource in rule["resources"]}
    assert not resources & {
        "secrets", "serviceaccounts/token", "pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy",
        "pods/ephemeralcontainers",
    }  # fmt: skip


def test_a_viewer_only_reads() -> None:
    assert {verb for rule in VIEWER_RULES for verb in rule["verbs"]} == {"get", "list", "watch"}


@pytest.mark.parametrize(
    ("group", "resource"),
    [("", "nodes"), ("karpenter.sh", "nodepools"), ("eks.amazonaws.com", "nodeclasses"), ("", "pods/log"), ("apps", "deployments")],
)
def test_a_viewer_sees_nodes_pools_and_workloads(group: str, resource: str) -> None:
    assert allows(VIEWER_RULES, "list", group, resource)


@pytest.mark.parametrize(
    ("group", "resource"),
    [
        ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "roles"), ("", "serviceaccounts"), ("", "pods"),
        ("", "resourcequotas"), ("", "namespaces"), ("karpenter.sh", "nodepools"), ("scheduling.k8s.io", "priorityclasses"),
    ],
)  # fmt: skip
def test_a_deployer_makes_nothing_of_the_platforms(group: str, resource: str) -> None:
    assert not any(allows(DEPLOYER_RULES, verb, group, resource) for verb in ("create", "update", "patch"))


@pytest.mark.parametrize("group", [DEPLOYERS, VIEWERS, team("risk")])
def test_eks_takes_the_groups(group: str) -> None:
    assert not group.startswith(RESERVED)
