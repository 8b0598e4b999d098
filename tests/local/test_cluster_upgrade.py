"""Changing the version of a cluster, on the real engine: what a preview refuses, and what it says.

The local AWS updates no cluster (localcloud/aws/rows/eks.py), so what is there already is put into the state.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import REGION, Stack

ACCOUNT = "300000009001"
CLUSTER = "aws:eks/cluster:Cluster"
PROGRAM = f"""
import sys

sys.path.insert(0, {str(CHECKOUT)!r})

import pulumi
import pulumi_aws as aws
from components.cluster_upgrade import before_upgrade
from planning import node_pools

required = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["spot"])
pools = node_pools.growing("serving", required, reserved=True, cpu_limit=8, memory_limit_gib=32)
provider = aws.Provider("aws", region="{REGION}")
trust = '{{"Version": "2012-10-17", "Statement": []}}'
role = aws.iam.Role("eks", assume_role_policy=trust, opts=pulumi.ResourceOptions(provider=provider))
aws.eks.Cluster(
    "main", name="upgraded", version="1.36", role_arn=role.arn,
    vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=["subnet-1", "subnet-2"]),
    opts=pulumi.ResourceOptions(provider=provider, hooks=before_upgrade("main-upgrade", "upgraded", pools)),
)
"""


@dataclass(frozen=True)
class Said:
    """What pulumi said, by the version that the cluster runs; the program wants 1.36."""

    upgraded: str
    previews: Mapping[str, str]
    updates: Mapping[str, str]
    untouched: Mapping[str, bool]
    """Whether the state was as before after them."""


@pytest.fixture(scope="module")
def said(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Said:
    directory = tmp_path_factory.mktemp("upgrade")
    (directory / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    (directory / "__main__.py").write_text(PROGRAM)
    stack = Stack.init(cloud, directory, "upgrade", ACCOUNT)
    stack.up()
    _run(stack, "1.35")
    upgraded = stack.pulumi("preview")
    previews, updates, untouched = dict[str, str](), dict[str, str](), dict[str, bool]()
    for version in ("1.34", "1.37"):
        _run(stack, version)
        before = stack.resources()
        previews[version] = stack.pulumi("preview", succeeds=False)
        updates[version] = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
        untouched[version] = stack.resources() == before
    # What is there is of 1.36.
    _run(stack, "1.36")
    stack.destroy()
    return Said(upgraded, previews, updates, untouched)


def test_a_preview_of_an_upgrade_says_what_it_replaces_and_how_much_at_once(said: Said) -> None:
    assert "upgraded goes from Kubernetes 1.35 to 1.36" in said.upgraded
    assert "serving (5%)" in said.upgraded
    assert "metrics-server v0.8.1-eksbuild.10 -> v0.8.1-eksbuild.11" in said.upgraded


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.34", "expected 1.35: EKS goes up one minor at a time"), ("1.37", "expected 1.37 or 1.38: EKS does not go back")],
)
def test_what_eks_would_not_do_is_refused_at_preview(said: Said, version: str, expected: str) -> None:
    assert f"got Kubernetes 1.36 for upgraded, which runs {version}; {expected}" in said.previews[version]


@pytest.mark.parametrize("version", ["1.34", "1.37"])
def test_what_eks_would_not_do_is_refused_without_a_preview_before_anything_is_changed(said: Said, version: str) -> None:
    assert f"got Kubernetes 1.36 for upgraded, which runs {version}" in said.updates[version]
    assert "update_cluster_version" not in said.updates[version]
    assert said.untouched[version]


def _run(stack: Stack, version: str) -> None:
    """Puts a version of the cluster into the state: as after an update that is done."""
    exported = json.loads(stack.pulumi("stack", "export"))
    for each in exported["deployment"]["resources"]:
        if each["type"] == CLUSTER:
            for properties in (each["inputs"], each["outputs"]):
                properties["version"] = version
    edited = stack.project / "edited.json"
    edited.write_text(json.dumps(exported))
    stack.pulumi("stack", "import", "--file", str(edited))
