"""A stack whose state is where an account has it: the bucket and the key of scripts/bootstrap_state.py, under the real engine and, from its
first plan on, as the roles of CI, whose calls the local AWS holds against their policies."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from localcloud import emulator
from localcloud.instance import Instance
from operations.deploy.digest import digest
from planning.documents import ci
from planning.names import PROJECT, STATE_KEY, Names
from planning.state import secrets_provider
from tests.local.account import NAMES, Account, account
from tests.local.conftest import REGION, Stack
from tests.local.deploys import run

PASSWORD = "hunter2hunter2"
_PROGRAM = f"""
import pulumi, pulumi_aws as aws
own = pulumi.ResourceOptions(provider=aws.Provider("aws", region="{REGION}"))
tags = {{"owner": pulumi.Config().require("owner"), "deployment": "{NAMES.deployment}"}}
aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags=tags, opts=own)
secret = pulumi.Output.secret("{PASSWORD}")
aws.ssm.Parameter("parameter", name="/{PROJECT}/{NAMES.environment}/database", type="String", value=secret, opts=own)
pulumi.export("password", secret)
"""
STACK = NAMES.environment


@dataclass(frozen=True)
class Life:
    """What was seen of it. The tests only read it."""

    account: Account
    bootstrapped: Sequence[tuple[int, str]]
    """Twice made, then with --check: exit code, and what it said."""
    applied: tuple[int, str]
    """By the role that deploys: the plan that the role for previews made."""
    previewed: Mapping[str, Any]
    """preview.json's stack, of a change on top of a commit that was not deployed."""
    locked: tuple[int, str]
    """What an apply said while another run held the state."""
    drift: Sequence[tuple[int, str]]
    """Untouched, and when it was changed by hand."""

    def client(self, service: str, role: str) -> Any:
        """As a job that has become a role of CI."""
        session: Any = boto3
        keys = {name.lower(): value for name, value in self.account.job(role).items()}
        return session.client(service, region_name=REGION, endpoint_url=emulator.endpoint(self.account.stack.instance), **keys)


@pytest.fixture(scope="module")
def life(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Generator[Life]:
    directory = tmp_path_factory.mktemp("backend")
    made = account(cloud, directory, _PROGRAM)
    made.owned_by("a")
    bootstrapped = [_said(made.stack, "bootstrap_state", STACK, *options) for options in ([], [], ["--check"])]
    for command in bootstrapped[0][1].splitlines()[-2:]:
        made.shell(command)
    # Another stack of the account, whose state the roles of this one do not read.
    other = secrets_provider(Names(environment="other", account=NAMES.account), REGION)
    made.shell(f"pulumi stack init --no-select other --secrets-provider '{other}'")
    made.make_roles()
    preview, deploy = made.job(ci.PREVIEW), made.job(ci.DEPLOY)
    planned = _said(made.stack, "deploy", "plan", STACK, "--output", "plan.json", **preview)
    assert planned[0] == 0, planned[1]
    applied = _said(made.stack, "deploy", "apply", STACK, "--approved", "plan.json", **deploy)
    assert made.stack.resources(), applied[1]
    untouched = _said(made.stack, "drift", STACK, **preview)
    previewed = _previewed(made, preview)
    made.owned_by("a")
    with _held(made.stack, deploy):
        locked = _said(made.stack, "deploy", "apply", STACK, "--approved", digest(STACK, ()), **deploy)
    vpc = made.stack.resource("aws:ec2/vpc:Vpc")["id"]
    made.stack.aws("ec2").create_tags(Resources=[vpc], Tags=[{"Key": "owner", "Value": "somebody"}])
    drift = [untouched, _said(made.stack, "drift", STACK, **preview)]
    yield Life(made, bootstrapped, applied, previewed, locked, drift)
    made.stack.destroy()


def _said(stack: Stack, script: str, *arguments: str, **variables: str) -> tuple[int, str]:
    done = run(stack, script, *arguments, **variables)
    return done.returncode, done.stdout + done.stderr


def _previewed(made: Account, keys: Mapping[str, str]) -> Mapping[str, Any]:
    """Deployed is `a`; main says `b` by now, and the pull request `c`."""
    made.git("add", ".")
    made.git("commit", "--quiet", "--message", "deployed")
    for branch, owner in (("main", "b"), ("topic", "c")):
        made.git("switch", "--quiet", *([] if branch == "main" else ["--create"]), branch)
        made.owned_by(owner)
        made.git("commit", "--quiet", "--all", "--message", owner)
    code, said = _said(made.stack, "preview", "--base", "main", "--stack", STACK, "--account", "--output", "preview", **keys)
    # Without scripts/cost.py in the project nobody knows what it costs, and a human is asked.
    assert code == 1, said
    (found,) = json.loads((made.stack.project / "preview" / "preview.json").read_text())
    return found


@contextmanager
def _held(stack: Stack, keys: Mapping[str, str]) -> Generator[None]:
    """While an update of the stack, with nothing to do, has its lock and stands still."""
    command = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", STACK]
    s3 = stack.aws("s3")
    running = subprocess.Popen(
        command, cwd=stack.project, env={**stack.variables, **keys}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    while not _locks(s3):
        assert running.poll() is None, running.communicate()[0]
    os.kill(running.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(running.pid, signal.SIGCONT)
        said, _ = running.communicate(timeout=150)
    assert running.returncode == 0, said


def _locks(s3: Any) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=NAMES.state_bucket, Prefix=".pulumi/locks/").get("Contents", [])]


def _state(life: Life) -> dict[str, Any]:
    key = f".pulumi/stacks/{PROJECT}/{STACK}.json"
    return json.load(life.account.stack.aws("s3").get_object(Bucket=NAMES.state_bucket, Key=key)["Body"])


def test_bootstrap_makes_all_of_it_and_run_again_changes_nothing(life: Life) -> None:
    (first, _), (second, again), _ = life.bootstrapped
    assert (first, second) == (0, 0)
    assert again.startswith(f"Account {NAMES.account} has all of it, as it should be, in {REGION}. Nothing was changed.")


def test_bootstrap_finds_what_it_has_made(life: Life) -> None:
    code, said = life.bootstrapped[2]
    assert code == 0, said


def test_no_object_of_the_bucket_has_a_secret_in_plain_text(life: Life) -> None:
    s3 = life.account.stack.aws("s3")
    versions = s3.list_object_versions(Bucket=NAMES.state_bucket)["Versions"]
    states = [each for each in versions if each["Key"].endswith(f"/{STACK}.json")]
    assert len(states) > 1
    for each in versions:
        body = s3.get_object(Bucket=NAMES.state_bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
        assert PASSWORD.encode() not in body, each["Key"]


def test_secrets_of_the_state_are_opened_by_the_accounts_key_for_this_deployment_and_no_other(life: Life) -> None:
    (provider,) = [_state(life)["checkpoint"]["latest"]["secrets_providers"]]
    kept = provider["state"]
    assert (provider["type"], parse_qs(urlsplit(kept["url"]).query)["context_deployment"]) == ("cloud", [NAMES.deployment])
    kms = life.account.stack.aws("kms")
    opened = {"CiphertextBlob": base64.b64decode(kept["encryptedkey"]), "EncryptionContext": {"deployment": NAMES.deployment}}
    assert kms.decrypt(**opened)["KeyId"] == kms.describe_key(KeyId=STATE_KEY)["KeyMetadata"]["Arn"]
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        kms.decrypt(**{**opened, "EncryptionContext": {"deployment": f"{PROJECT}/other"}})


def test_state_is_an_object_that_says_it_is_encrypted_with_the_accounts_key(life: Life) -> None:
    head = life.account.stack.aws("s3").head_object(Bucket=NAMES.state_bucket, Key=f".pulumi/stacks/{PROJECT}/{STACK}.json")
    key = life.account.stack.aws("kms").describe_key(KeyId=STATE_KEY)["KeyMetadata"]["Arn"]
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", key)


def test_digest_that_who_may_only_read_approves_is_the_one_that_who_may_write_finds(life: Life) -> None:
    code, said = life.applied
    assert code == 0, said


def test_who_may_only_read_writes_no_state_and_takes_no_lock(life: Life) -> None:
    s3 = life.client("s3", ci.PREVIEW)
    for key in (f"stacks/{PROJECT}/{STACK}.json", f"locks/organization/{PROJECT}/{STACK}/1.json"):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=NAMES.state_bucket, Key=f".pulumi/{key}", Body=b"{}")


def test_preview_shows_what_would_change_of_what_is_deployed_and_not_of_the_base(life: Life) -> None:
    (vpc,) = [each for each in life.previewed["engine"]["steps"] if each["urn"].endswith("::vpc")]
    assert (vpc["op"], life.previewed["made"]) == ("update", "account")
    assert [vpc[side]["inputs"]["tags"]["owner"] for side in ("oldState", "newState")] == ["a", "c"]


def test_state_that_another_run_has_locked_is_said_with_its_holder(life: Life) -> None:
    code, said = life.locked
    assert code == 2, said
    assert f"the state of {STACK} is locked, and nothing was begun" in said
    assert "Wait for that run." in said


def test_run_that_has_ended_leaves_no_lock(life: Life) -> None:
    assert _locks(life.account.stack.aws("s3")) == []


def test_drift_is_found_with_the_rights_to_read(life: Life) -> None:
    (before, untouched), (after, changed) = life.drift
    assert (before, after) == (0, 1), untouched + changed
    assert '| `aws:ec2/vpc:Vpc` vpc | `tags.owner` | `"a"` | `"somebody"` |' in changed
