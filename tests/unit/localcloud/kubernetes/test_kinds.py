"""Kinds: what is taken, what is refused by name, and what replaces an object."""

import pytest

from localcloud.kubernetes.kinds import TypeName, parse_type, replaced_by
from localcloud.provider.interface import Refused


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("kubernetes:core/v1:Namespace", TypeName("v1", "Namespace")),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", TypeName("networking.k8s.io/v1", "NetworkPolicy")),
        ("kubernetes:karpenter.sh/v1:NodePool", TypeName("karpenter.sh/v1", "NodePool")),
        ("kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue", TypeName("kueue.x-k8s.io/v1beta1", "ClusterQueue")),
    ],
)
def test_a_resource_type_names_a_kind(token: str, expected: TypeName) -> None:
    assert parse_type(token) == expected


@pytest.mark.parametrize(
    "token",
    [
        "kubernetes:core/v1:Pod",
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:ConfigMapPatch",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:batch/v1:CronJob",
        "kubernetes:helm.sh/v3:Release",
        "kubernetes:yaml/v2:ConfigGroup",
        "kubernetes:kustomize/v2:Directory",
        "aws:s3/bucket:Bucket",
        "kubernetes:Namespace",
    ],
)
def test_what_is_not_modelled_is_refused_by_name(token: str) -> None:
    with pytest.raises(Refused, match=r"kinds\.py") as refusal:
        parse_type(token)
    assert token in str(refusal.value)


def test_a_config_map_is_replaced_unless_it_may_be_changed() -> None:
    kind = TypeName("v1", "ConfigMap")
    assert "data" in replaced_by(kind, {}, mutable_config_maps=False)
    assert "data" not in replaced_by(kind, {}, mutable_config_maps=True)
    assert "data" in replaced_by(kind, {"immutable": True}, mutable_config_maps=True)
