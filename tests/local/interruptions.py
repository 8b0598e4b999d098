"""Local clouds to be interrupted: programs, and what is left of an instance in this machine's processes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from localcloud import lifecycle, processes
from localcloud.instance import Instance
from localcloud.leftovers import leftovers
from tests.local.conftest import REGION, Stack

ACCOUNT = "600000000001"

NETWORK = f"""
import json, pulumi, pulumi_aws as aws, pulumi_kubernetes as k8s
account = aws.Provider("aws", region="{REGION}", default_tags={{"tags": {{"deployment": pulumi.get_stack()}}}})
inside = pulumi.ResourceOptions(provider=account)
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=inside)
subnets = [
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{{index}}.0/24", availability_zone="{REGION}" + zone, opts=inside)
    for index, zone in enumerate("ab")
]
bucket = aws.s3.Bucket("bucket", bucket=pulumi.get_stack() + "-bucket", opts=inside)
aws.s3.BucketVersioning("versioning", bucket=bucket.bucket, versioning_configuration={{"status": "Enabled"}}, opts=inside)
"""

CLUSTER = f"""
trust = {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "{ACCOUNT}"}}, "Action": "sts:AssumeRole"}}]}}
role = aws.iam.Role("admin", assume_role_policy=json.dumps(trust), opts=inside)
cluster = aws.eks.Cluster(
    "cluster", name="probe", role_arn=role.arn, version="1.36", access_config={{"authentication_mode": "API"}},
    vpc_config={{"subnet_ids": [each.id for each in subnets]}},
    kubernetes_network_config={{"service_ipv4_cidr": "10.100.0.0/16"}}, opts=inside)
entry = aws.eks.AccessEntry("admin", cluster_name=cluster.name, principal_arn=role.arn, opts=inside)
policy = aws.eks.AccessPolicyAssociation(
    "admin", cluster_name=cluster.name, principal_arn=entry.principal_arn, access_scope={{"type": "cluster"}},
    policy_arn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", opts=inside)
user = {{"exec": {{"apiVersion": "client.authentication.k8s.io/v1", "command": "aws", "interactiveMode": "Never"}}}}
config = pulumi.Output.all(cluster.endpoint, cluster.certificate_authority.data, policy.principal_arn).apply(lambda known: json.dumps({{
    "apiVersion": "v1", "kind": "Config", "current-context": "c", "contexts": [{{"name": "c", "context": {{"cluster": "c", "user": "c"}}}}],
    "clusters": [{{"name": "c", "cluster": {{"server": known[0], "certificate-authority-data": known[1]}}}}],
    "users": [{{"name": "c", "user": {{"exec": {{**user["exec"], "args": [
        "eks", "get-token", "--cluster-name", "probe", "--role-arn", known[2], "--output", "json"]}}}}}}],
}}))
kubernetes = k8s.Provider("kubernetes", kubeconfig=config)
k8s.core.v1.Namespace("namespace", metadata={{"name": "probe"}}, opts=pulumi.ResourceOptions(provider=kubernetes, depends_on=[policy]))
"""


@contextmanager
def local_cloud(directory: Path) -> Generator[Instance]:
    """A local cloud of the test's own. When it is stopped nothing of it runs, and none of its locks is held."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LOCALCLOUD_DIR", str(directory))
        instance = Instance.here()
        lifecycle.start(instance)
        try:
            yield instance
        finally:
            lifecycle.stop(instance)
        await_nothing(instance, seconds=5)
        assert list(directory.glob("state/.pulumi/locks/**/*.json")) == []


def processes_of(instance: Instance) -> set[int]:
    """Every live process that has to do with the instance, beside this one."""
    wanted = f"LOCALCLOUD_DIR={instance.directory}".encode()
    marked = f"LOCALCLOUD_PROCESS={instance.directory}:".encode()
    found: set[int] = set()
    for directory in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            variables = (directory / "environ").read_bytes().split(b"\0")
            if any(each == wanted or each.startswith(marked) for each in variables):
                found.add(int(directory.name))
    return found - {os.getpid()}


def await_nothing(instance: Instance, seconds: float) -> None:
    """Only what the instance itself runs is left, within `seconds`."""
    deadline = time.monotonic() + seconds
    while left := processes_of(instance) - {pid_of(instance, name) for name in processes.running(instance)}:
        named = [f"{pid} {command_line(pid)}" for pid in left]
        assert time.monotonic() < deadline, f"still there after {seconds} s: {named}"


def command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def pid_of(instance: Instance, name: str) -> int:
    return json.loads(instance.path("run", f"{name}.json").read_text())["pid"]


def stack_of(instance: Instance, directory: Path, name: str, account: str, program: str) -> Stack:
    directory.mkdir()
    (directory / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
    (directory / "__main__.py").write_text(program)
    return Stack.init(instance, directory, name, account)


def orphans(stack: Stack) -> list[str]:
    return [f"{each.service} {each.name}" for each in leftovers(stack.everything()) if not each.reason]
