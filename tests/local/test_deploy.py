"""Deploys under the real engine: what was approved is applied or nothing is, and whatever stops one underway, the next goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from localcloud import faults
from localcloud.faults import Fault
from localcloud.instance import Instance
from tests.local.conftest import REGION, Stack
from tests.local.deploys import command, deployable, run
from tests.local.interruptions import orphans
from tests.local.kills import find

_PROGRAM = f"""
import os, pulumi, pulumi_aws as aws
account = aws.Provider("aws", region="{REGION}", default_tags={{"tags": {{"deployment": pulumi.get_stack()}}}})
inside = pulumi.ResourceOptions(provider=account)
vpc = aws.ec2.Vpc("vpc", cidr_block=os.environ.get("CIDR", "10.0.0.0/16"), tags={{"owner": os.environ.get("OWNER", "a")}}, opts=inside)
for index, zone in enumerate("ab"):
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{{index}}.0/24", availability_zone="{REGION}" + zone, opts=inside)
# While the VPC is made nothing else is: whoever is killed then is not killed while pulumi writes the state.
after = pulumi.ResourceOptions(provider=account, depends_on=[vpc])
bucket = aws.s3.Bucket("bucket", opts=after)
aws.s3.BucketVersioning("versioning", bucket=bucket.bucket, versioning_configuration={{"status": "Enabled"}}, opts=inside)
secret = pulumi.Output.secret("hunter2hunter2")
aws.ssm.Parameter("parameter", name="/" + pulumi.get_stack(), type="SecureString", value=secret, opts=after)
"""


@pytest.fixture
def stack(cloud: Instance, tmp_path: Path) -> Iterator[Stack]:
    made = deployable(cloud, tmp_path, _PROGRAM)
    yield made
    faults.set_faults(cloud)
    made.pulumi("cancel", "--yes")
    made.destroy()
    assert orphans(made) == []


def _planned(stack: Stack, **variables: str) -> str:
    """Plans into plan.json. The digest."""
    done = run(stack, "deploy", "plan", stack.name, "--output", "plan.json", **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((stack.project / "plan.json").read_text())["digest"]


def _applied(stack: Stack, **variables: str) -> subprocess.CompletedProcess[str]:
    return run(stack, "deploy", "apply", stack.name, "--approved", "plan.json", **variables)


def _vpcs(stack: Stack) -> list[str]:
    """The ranges of those that the stack has made, asked of AWS."""
    tagged = [{"Name": "tag:deployment", "Values": [stack.name]}]
    return sorted(each["CidrBlock"] for each in stack.aws("ec2").describe_vpcs(Filters=tagged)["Vpcs"])


def _begun_until_it_makes_the_vpc(stack: Stack) -> subprocess.Popen[str]:
    """An apply whose VPC is being made, for some seconds more."""
    faults.set_faults(stack.instance, Fault("slow", "create_vpc", seconds=3.0))
    argv = command("deploy", "apply", stack.name, "--approved", "plan.json")
    running = subprocess.Popen(
        argv, cwd=stack.project, env=stack.variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while json.loads(stack.instance.path("faults.json").read_text()):
        assert running.poll() is None, "it ended before the slow call"
    return running


def test_what_was_approved_is_applied_and_then_there_is_nothing_to_do(stack: Stack) -> None:
    _planned(stack)
    done = _applied(stack)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _vpcs(stack) == ["10.0.0.0/16"]
    assert "nothing to do" in run(stack, "deploy", "plan", stack.name, "--output", "plan.json").stdout


def test_two_previews_of_one_program_have_one_digest_and_hold_no_secret(stack: Stack) -> None:
    """Though the bucket's name is drawn anew in each."""
    assert _planned(stack) == _planned(stack)
    assert "hunter2" not in (stack.project / "plan.json").read_text()


def test_update_between_plan_and_apply_stops_the_apply(stack: Stack) -> None:
    stack.up()
    _planned(stack, OWNER="b")
    other = run(stack, "deploy", "plan", stack.name, "--output", "other.json", OWNER="c")
    assert other.returncode == 0, other.stderr
    assert run(stack, "deploy", "apply", stack.name, "--approved", "other.json", OWNER="c").returncode == 0
    done = _applied(stack, OWNER="b")
    assert done.returncode == 1
    assert "update aws:ec2/vpc:Vpc vpc: tags.owner is something else than when it was approved" in done.stderr
    assert stack.resource("aws:ec2/vpc:Vpc")["inputs"]["tags"]["owner"] == "c"


def test_mandatory_policy_stops_the_plan(stack: Stack) -> None:
    done = run(stack, "deploy", "plan", stack.name, "--output", "plan.json", OWNER="nobody")
    assert done.returncode == 1
    assert "somebody-owns-it: vpc: " in done.stderr
    assert not (stack.project / "plan.json").exists()


def test_update_that_fails_underway_says_what_was_applied_and_the_next_goes_on(stack: Stack) -> None:
    stack.up()
    _planned(stack, CIDR="10.0.0.0/20")
    faults.set_faults(stack.instance, Fault("error", "create_subnet", nth=1))
    failed = _applied(stack, CIDR="10.0.0.0/20")
    assert failed.returncode == 1
    applied, _, rest = failed.stderr.partition("Failed: ")
    assert "  create-replacement aws:ec2/vpc:Vpc vpc\n" in applied.partition("Applied, and in the state:")[2]
    assert rest.startswith("create-replacement aws:ec2/subnet:Subnet ")
    assert "InternalFailure: injected" in rest
    assert "  delete-replaced aws:ec2/vpc:Vpc vpc\n" in rest.partition("Not begun:")[2]
    assert _vpcs(stack) == ["10.0.0.0/16", "10.0.0.0/20"]
    # What is left is another plan, and the old range is still to be deleted in it.
    assert _applied(stack, CIDR="10.0.0.0/20").returncode == 1
    _planned(stack, CIDR="10.0.0.0/20")
    done = _applied(stack, CIDR="10.0.0.0/20")
    assert done.returncode == 0, done.stdout + done.stderr
    assert _vpcs(stack) == ["10.0.0.0/20"]


@pytest.mark.parametrize("victim", ["engine", "aws-provider"])
def test_update_that_is_killed_is_reported_and_the_next_makes_nothing_twice(stack: Stack, victim: str) -> None:
    _planned(stack)
    running = _begun_until_it_makes_the_vpc(stack)
    process = find(stack.instance, victim)
    assert process is not None
    os.kill(process, signal.SIGKILL)
    _, said = running.communicate(timeout=150)
    assert running.returncode == 1, said
    assert "it is not as approved" in said
    if victim == "engine":
        _planned(stack)
        locked = _applied(stack)
        assert locked.returncode == 2
        assert "That process has ended without taking it off" in locked.stderr
        stack.pulumi("cancel", "--yes")
    _planned(stack)
    done = _applied(stack)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _vpcs(stack) == ["10.0.0.0/16"]
    assert len(stack.aws("s3").list_buckets()["Buckets"]) == 1


def test_state_that_another_run_has_locked_is_said_with_its_holder(stack: Stack) -> None:
    _planned(stack)
    first = _begun_until_it_makes_the_vpc(stack)
    engine = find(stack.instance, "engine")
    assert engine is not None
    os.kill(engine, signal.SIGSTOP)
    try:
        # What the first has made by now is in the state: approved is what is left.
        _planned(stack)
        second = _applied(stack)
    finally:
        os.kill(engine, signal.SIGCONT)
    assert second.returncode == 2, second.stdout + second.stderr
    assert f"the state of {stack.name} is locked, and nothing was begun" in second.stderr
    assert f"process {engine}, since " in second.stderr
    assert "Only when it is certain that it has ended" in second.stderr
    _, said = first.communicate()
    assert first.returncode == 0, said


def test_interrupt_reaches_pulumi_once_and_what_was_not_begun_is_said(stack: Stack) -> None:
    _planned(stack)
    running = _begun_until_it_makes_the_vpc(stack)
    os.kill(running.pid, signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 130, said
    assert "create aws:ec2/subnet:Subnet a" in said.partition("Not begun:")[2]
    # It finished what it had begun.
    assert "create aws:ec2/vpc:Vpc vpc" in said.partition("Not begun:")[0].partition("Applied, and in the state:")[2]
    assert len(_vpcs(stack)) == 1
