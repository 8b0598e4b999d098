"""One control plane for all of these tests, with an EKS cluster, roles and access entries to it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import yaml

from localcloud import emulator, toolchain
from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.kubernetes.api import Api
from localcloud.kubernetes.layout import ClusterKey

ACCOUNT, REGION = "111111111111", "eu-west-1"


@dataclass(frozen=True)
class Cluster:
    """A running cluster, its administrator's connection, and its account's root clients."""

    instance: Instance
    key: ClusterKey
    admin: Api

    def aws(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=emulator.endpoint(self.instance),
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key="local",
        )

    def kubeconfig(self, role: str | None) -> dict[str, Any]:
        """What a program would build for `role`: the token of `aws eks get-token`. None: the account's root."""
        endpoint = control_plane.endpoint(self.instance, self.key)
        assert endpoint is not None
        as_role = ["--role-arn", f"arn:aws:iam::{ACCOUNT}:role/{role}"] if role else []
        environment = {
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": emulator.endpoint(self.instance),
        }
        command = {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": str(toolchain.binary("aws")),
            "args": ["eks", "get-token", "--cluster-name", self.key.name, *as_role],
            "env": [{"name": name, "value": value} for name, value in environment.items()],
            "interactiveMode": "Never",
        }
        server = {"server": endpoint.url, "certificate-authority-data": endpoint.ca_data}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": server}],
            "users": [{"name": "c", "user": {"exec": command}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
            "current-context": "c",
        }


def connect_as_admin(instance: Instance, key: ClusterKey) -> Api:
    return Api.connect(yaml.safe_load(control_plane.admin_kubeconfig(instance, key).read_text()))


@pytest.fixture(scope="session")
def cluster(cloud: Instance) -> Iterator[Cluster]:
    key = ClusterKey(ACCOUNT, REGION, "dev")
    try:
        control_plane.start(cloud, key, "1.36")
        made = Cluster(cloud, key, connect_as_admin(cloud, key))
        _register(made)
        yield made
        made.aws("eks").delete_cluster(name=key.name)
    finally:
        control_plane.delete(cloud, key)


def _register(cluster: Cluster) -> None:
    """The EKS cluster of the control plane in AWS, without its bootstrap administrator; roles, two of them with access entries."""
    iam, eks = cluster.aws("iam"), cluster.aws("eks")
    statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for role, path in (("eks", "/"), ("admin", "/"), ("viewer", "/team/"), ("nobody", "/")):
        iam.create_role(RoleName=role, Path=path, AssumeRolePolicyDocument=trust)
    eks.create_cluster(
        name=cluster.key.name,
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks",
        resourcesVpcConfig={"subnetIds": ["subnet-1", "subnet-2"]},
        accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
    )
    for role, policy in (("admin", "AmazonEKSClusterAdminPolicy"), ("team/viewer", "AmazonEKSViewPolicy")):
        principal = f"arn:aws:iam::{ACCOUNT}:role/{role}"
        eks.create_access_entry(clusterName=cluster.key.name, principalArn=principal)
        eks.associate_access_policy(
            clusterName=cluster.key.name,
            principalArn=principal,
            policyArn=f"arn:aws:eks::aws:cluster-access-policy/{policy}",
            accessScope={"type": "cluster"},
        )
