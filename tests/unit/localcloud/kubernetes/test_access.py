"""Access entries: who a caller is in the cluster, and that nobody gets more than EKS would give."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

import localcloud.kubernetes
from localcloud.kubernetes.access import POLICIES, Entry, NotMapped, principal, user
from localcloud.kubernetes.token import Caller

ROOT = Caller("arn:aws:iam::111111111111:root", "111111111111", "111111111111")
ALICE = Caller("arn:aws:sts::111111111111:assumed-role/viewer/alice@x", "AROA1:alice@x", "111111111111")
VIEWER = "arn:aws:iam::111111111111:role/team/viewer"


def entry(**changed: Any) -> Entry:
    return replace(Entry(VIEWER, "STANDARD", username="", groups=[], policies=[]), **changed)


def policy(name: str, *, scope: str = "cluster") -> dict[str, Any]:
    return {"policyArn": f"arn:aws:eks::aws:cluster-access-policy/{name}", "accessScope": {"type": scope, "namespaces": ["a"]}}


def silent(message: str) -> None:
    raise AssertionError(message)


def test_a_session_is_its_role_whatever_the_roles_path() -> None:
    assert principal(ALICE, ["arn:aws:iam::111111111111:role/other", VIEWER]) == VIEWER


@pytest.mark.parametrize(
    ("caller", "principals"),
    [
        (ALICE, []),
        (ALICE, ["arn:aws:iam::222222222222:role/team/viewer"]),
        (ALICE, ["arn:aws:iam::111111111111:role/viewer/alice@x"]),
        (ALICE, ["arn:aws:iam::111111111111:user/viewer"]),
        (ALICE, ["arn:aws:iam::111111111111:role/reviewer"]),
        (ROOT, [VIEWER]),
    ],
)
def test_without_an_access_entry_nobody_is_mapped(caller: Caller, principals: list[str]) -> None:
    with pytest.raises(NotMapped, match="access entry"):
        principal(caller, principals)


def test_root_is_mapped_by_an_entry_of_its_own_only() -> None:
    assert principal(ROOT, [ROOT.arn]) == ROOT.arn


def test_a_roles_default_username_is_its_session() -> None:
    assert user(ALICE, entry(), silent).username == "arn:aws:sts::111111111111:assumed-role/viewer/alice-x"


@pytest.mark.parametrize(
    ("template", "username"), [("team:{{SessionName}}", "team:alice-x"), ("team:{{SessionNameRaw}}", "team:alice@x"), ("fixed", "fixed")]
)
def test_an_entrys_own_username_is_filled_in(template: str, username: str) -> None:
    assert user(ALICE, entry(username=template), silent).username == username


def test_groups_are_the_entrys_and_one_per_policy() -> None:
    found = user(ALICE, entry(groups=["team-a"], policies=[policy("AmazonEKSViewPolicy")]), silent)
    assert found.groups == ("team-a", "localcloud:AmazonEKSViewPolicy")


@pytest.mark.parametrize("association", [policy("AmazonEKSViewPolicy", scope="namespace"), policy("AmazonEKSAutoNodePolicy")])
def test_an_association_that_is_not_modelled_gives_nothing_and_says_so(association: dict[str, Any]) -> None:
    said: list[str] = []
    assert user(ALICE, entry(policies=[association]), said.append).groups == ()
    assert len(said) == 1


@pytest.mark.parametrize(
    "changed", [{"groups": ["system:masters"]}, {"groups": ["localcloud:AmazonEKSClusterAdminPolicy"]}, {"username": "system:admin"}]
)
def test_reserved_names_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(NotMapped, match="may not begin with"):
        user(ALICE, entry(**changed), silent)


def test_an_entry_for_nodes_lets_nobody_in() -> None:
    with pytest.raises(NotMapped, match="for nodes"):
        user(ALICE, entry(type="EC2"), silent)


def test_every_modelled_policy_has_a_binding() -> None:
    manifests = Path(localcloud.kubernetes.__path__[0]) / "manifests" / "access_policies.yaml"
    documents = list(yaml.safe_load_all(manifests.read_text()))
    bound = {each["subjects"][0]["name"] for each in documents if each["kind"] == "ClusterRoleBinding"}
    assert bound == {f"localcloud:{name}" for name in POLICIES}
