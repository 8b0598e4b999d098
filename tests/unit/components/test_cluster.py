"""What EKS Auto Mode needs, and what we want of a cluster, one promise a line."""

import json

import pulumi
import pytest

from components.cluster import Cluster, ClusterArgs
from planning import node_pools
from planning.refusal import Refused
from tests.unit.registrations import ACCOUNT, Recorded, record

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
LOG_KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/logs"
REQUIRED = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["spot"])
CLUSTER, PROVIDER = "aws:eks/cluster:Cluster", "pulumi:providers:kubernetes"
ENTRY, ASSOCIATION = "aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"


def cluster(
    *,
    public_access_cidrs: tuple[str, ...] = (),
    private_access_cidrs: tuple[str, ...] = (),
    zonal_shift: bool = False,
    protected: bool = False,
) -> Recorded:
    def program() -> None:
        args = ClusterArgs(
            cluster="dev-main",
            version="1.36",
            pools=node_pools.growing("serving", REQUIRED, reserved=True, cpu_limit=8, memory_limit_gib=32),
            role_arn=f"arn:aws:iam::{ACCOUNT}:role/dev-eks-cluster",
            admin_role_arn=pulumi.Output.from_input(f"arn:aws:iam::{ACCOUNT}:role/dev-cluster-admin"),
            node_role_arn=pulumi.Output.from_input(f"arn:aws:iam::{ACCOUNT}:role/nodes-1"),
            vpc_id="vpc-1",
            subnet_ids=["subnet-a", "subnet-b"],
            service_cidr="172.20.0.0/16",
            public_access_cidrs=public_access_cidrs,
            private_access_cidrs=private_access_cidrs,
            key_arn=KEY,
            log_group="/aws/eks/dev-main/cluster",
            log_key_arn=LOG_KEY,
            log_retention_days=30,
            zonal_shift=zonal_shift,
            protected=protected,
        )
        Cluster("main", args)

    return record(program)


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return cluster()


@pytest.mark.parametrize(
    ("property_", "value"),
    [
        ("version", "1.36"),
        ("bootstrapSelfManagedAddons", False),
        ("upgradePolicy", {"supportType": "STANDARD"}),
        ("enabledClusterLogTypes", ["api", "audit", "authenticator", "controllerManager", "scheduler"]),
        ("encryptionConfig", {"provider": {"keyArn": KEY}, "resources": ["secrets"]}),
        ("accessConfig", {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}),
    ],
)
def test_the_cluster_is_set_up_as_designed(recorded: Recorded, property_: str, value: object) -> None:
    assert recorded.one(CLUSTER).inputs[property_] == value


def test_compute_storage_and_load_balancing_are_on_together(recorded: Recorded) -> None:
    inputs = recorded.one(CLUSTER).inputs
    assert inputs["computeConfig"]["enabled"] is True
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": True}


def test_there_are_no_built_in_pools_and_no_built_in_node_class(recorded: Recorded) -> None:
    assert recorded.one(CLUSTER).inputs["computeConfig"] == {"enabled": True, "nodePools": []}


def test_who_else_reaches_the_api_is_said_in_a_group_of_ours(recorded: Recorded) -> None:
    group = recorded.one("aws:ec2/securityGroup:SecurityGroup")
    assert (group.name, group.inputs["vpcId"]) == ("main-api", "vpc-1")
    assert recorded.one(CLUSTER).inputs["vpcConfig"]["securityGroupIds"] == ["main-api-id"]


def test_a_private_api_lets_in_the_listed_ranges_and_stays_private() -> None:
    made = cluster(private_access_cidrs=("10.99.0.0/16",))
    rule = made.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs
    assert (rule["securityGroupId"], rule["cidrIpv4"], rule["fromPort"]) == ("main-api-id", "10.99.0.0/16", 443)
    assert made.one(CLUSTER).inputs["vpcConfig"]["endpointPublicAccess"] is False


def test_the_api_is_private_unless_ranges_are_listed(recorded: Recorded) -> None:
    network = recorded.one(CLUSTER).inputs["vpcConfig"]
    assert network["endpointPrivateAccess"] is True
    assert network["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in network


def test_the_api_is_public_for_the_listed_ranges_only() -> None:
    network = cluster(public_access_cidrs=("203.0.113.0/24",)).one(CLUSTER).inputs["vpcConfig"]
    assert network["endpointPrivateAccess"] is True
    assert network["endpointPublicAccess"] is True
    assert network["publicAccessCidrs"] == ["203.0.113.0/24"]


@pytest.mark.parametrize("on", [True, False])
def test_protection_is_as_asked(on: bool) -> None:
    made = cluster(zonal_shift=on, protected=on).one(CLUSTER)
    inputs = made.inputs
    assert made.protect is on
    assert inputs["deletionProtection"] is on
    assert inputs["zonalShiftConfig"] == {"enabled": on}


def test_the_log_group_is_there_before_the_cluster_encrypted_and_not_for_ever(recorded: Recorded) -> None:
    group = recorded.one("aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs == {"name": "/aws/eks/dev-main/cluster", "retentionInDays": 30, "kmsKeyId": LOG_KEY}
    assert group.urn in recorded.one(CLUSTER).dependencies


@pytest.mark.parametrize(
    ("name", "role", "kind", "policy"),
    [
        ("main-nodes", "nodes-1", "EC2", "AmazonEKSAutoNodePolicy"),
        ("main-admin", "dev-cluster-admin", "STANDARD", "AmazonEKSClusterAdminPolicy"),
    ],
)
def test_only_the_named_roles_are_let_in(recorded: Recorded, name: str, role: str, kind: str, policy: str) -> None:
    entry, association = recorded.one(ENTRY, name).inputs, recorded.one(ASSOCIATION, name).inputs
    assert len(recorded.all(ENTRY)) == 2
    assert (entry["principalArn"], entry["type"]) == (f"arn:aws:iam::{ACCOUNT}:role/{role}", kind)
    assert association["principalArn"] == entry["principalArn"]
    assert association["policyArn"] == f"arn:aws:eks::aws:cluster-access-policy/{policy}"
    assert association["accessScope"] == {"type": "cluster"}


def test_a_policy_is_associated_once_its_entry_is_there(recorded: Recorded) -> None:
    assert recorded.one(ENTRY, "main-admin").urn in recorded.one(ASSOCIATION, "main-admin").dependencies


def test_nothing_goes_into_the_cluster_before_the_administrator_is_let_in(recorded: Recorded) -> None:
    assert recorded.one(ASSOCIATION, "main-admin").urn in recorded.one(PROVIDER).dependencies


def test_the_program_enters_as_the_administrator(recorded: Recorded) -> None:
    user = json.loads(recorded.one(PROVIDER).inputs["kubeconfig"])["users"][0]["user"]
    assert f"arn:aws:iam::{ACCOUNT}:role/dev-cluster-admin" in user["exec"]["args"]


def test_network_policies_are_enforced(recorded: Recorded) -> None:
    config = recorded.one("kubernetes:core/v1:ConfigMap")
    assert config.inputs["metadata"] == {"name": "amazon-vpc-cni", "namespace": "kube-system"}
    assert config.inputs["data"] == {"enable-network-policy-controller": "true"}
    assert config.provider == recorded.one(PROVIDER).urn


def updated(recorded: Recorded, old: str, new: str) -> None:
    """What the engine does before it updates the cluster, at preview as well."""
    (name,) = recorded.one(CLUSTER).hooks["before_update"]
    hook = recorded.hooks[name]
    assert hook.opts.on_dry_run
    hook(pulumi.ResourceHookArgs("urn", "dev-main", "main", CLUSTER, new_inputs={"version": new}, old_outputs={"version": old}))


@pytest.mark.parametrize(("old", "new"), [("1.34", "1.36"), ("1.37", "1.36")])
def test_an_upgrade_that_eks_would_not_make_is_refused_before_the_update(recorded: Recorded, old: str, new: str) -> None:
    with pytest.raises(Refused, match=f"got Kubernetes {new} for dev-main, which runs {old}"):
        updated(recorded, old, new)


def test_an_upgrade_says_what_it_replaces(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", said.append)
    updated(recorded, "1.35", "1.36")
    (line,) = said
    assert line.startswith("dev-main goes from Kubernetes 1.35 to 1.36")
    assert "serving (5%)" in line
    assert "metrics-server v" in line


def test_an_update_that_leaves_the_version_says_nothing(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", said.append)
    updated(recorded, "1.36", "1.36")
    assert said == []


def test_a_destroy_needs_no_program(recorded: Recorded) -> None:
    # Hooks of a deletion would make `pulumi destroy` ask for --run-program.
    assert recorded.one(CLUSTER).hooks.keys() == {"before_update"}


def test_a_config_map_that_changes_stays_where_it_is(recorded: Recorded) -> None:
    assert recorded.one(PROVIDER).inputs["enableConfigMapMutable"] in (True, "true")
