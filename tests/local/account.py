"""A project in a git repository, in an account of the local AWS as `scripts/bootstrap_state.py` leaves one, and the roles of CI in it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localcloud import environment
from localcloud.instance import Instance
from localcloud.stack_file import StackFile
from planning.documents import boundary, ci, trust
from planning.names import PROJECT, STATE_KEY, Names
from tests.local.callers import with_token
from tests.local.conftest import REGION, Stack
from tests.local.deploys import policy_pack

NAMES = Names(environment="staging", account="300000009401")
REPOSITORY = "example/ml-platform"

# The local cloud's own backend and passphrase.
_NOT_OF_AN_ACCOUNT = ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER")

# What is a condition on nothing to the local AWS, or, as `aws:PrincipalArn`, on something else than to AWS.
_UNKNOWN = ("kms:", "aws:PrincipalArn")


@dataclass(frozen=True)
class Account:
    """`stack` is a project's, and acts as the account's root."""

    stack: Stack

    def owned_by(self, owner: str) -> None:
        """Writes the stack file, with the lines that pulumi has put into it."""
        file = self.stack.project / "stacks" / f"Pulumi.{NAMES.environment}.yaml"
        kept = yaml.safe_load(file.read_text()) if file.exists() else {}
        settings = {"account": NAMES.account, "region": REGION}
        config = {f"{PROJECT}:settings": settings, f"{PROJECT}:owner": owner}
        file.write_text(yaml.safe_dump({**kept, "config": config}))

    def git(self, *arguments: str) -> None:
        identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=self.stack.project, capture_output=True, check=True)

    def shell(self, command: str) -> None:
        """Runs a command as a person who has pasted it."""
        subprocess.run(["sh", "-c", command], cwd=self.stack.project, env=self.stack.variables, capture_output=True, check=True)

    def make_roles(self) -> None:
        """Both roles from the program's own documents, and the key's policy, without the conditions that the local AWS does not know: they
        are tests on the documents (tests/unit/planning/test_state.py, test_ci_policies.py, test_boundary.py)."""
        iam, kms = self.stack.aws("iam"), self.stack.aws("kms")
        text = _evaluated(boundary.boundary(NAMES, REGION, keeps_audit_logs=True))
        limit = iam.create_policy(PolicyName=NAMES.policy(boundary.PURPOSE), PolicyDocument=text)["Policy"]["Arn"]
        policies = {ci.PREVIEW: ci.preview(NAMES, REGION), ci.DEPLOY: ci.deploy(NAMES, REGION, destroyable=False)}
        for role, jobs in ci.environments(NAMES.environment).items():
            trusted = trust.github(NAMES.account, *(trust.deployment(REPOSITORY, each) for each in jobs))
            iam.create_role(RoleName=NAMES.role(role), AssumeRolePolicyDocument=trusted, PermissionsBoundary=limit)
            for purpose, each in policies[role].items():
                made = iam.create_policy(PolicyName=NAMES.policy(f"{role}-{purpose}"), PolicyDocument=_evaluated(each))["Policy"]["Arn"]
                iam.attach_role_policy(RoleName=NAMES.role(role), PolicyArn=made)
        key = kms.describe_key(KeyId=STATE_KEY)["KeyMetadata"]["Arn"]
        policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=_evaluated(policy))
        # It has nobody but root come without TLS, and the local AWS has none.
        self.stack.aws("s3").delete_bucket_policy(Bucket=NAMES.state_bucket)

    def job(self, role: str) -> dict[str, str]:
        """The credentials of a job that becomes a role, as variables."""
        subject = trust.deployment(REPOSITORY, ci.environments(NAMES.environment)[role][0])
        return with_token(self.stack, NAMES.role(role), f"https://{trust.GITHUB}", trust.AUDIENCE, subject)


def account(cloud: Instance, directory: Path, program: str) -> Account:
    """An account with nothing in it, and a project with a program given as text."""
    project = directory / "project"
    (project / "stacks").mkdir(parents=True)
    (project / "Pulumi.yaml").write_text(yaml.safe_dump({"name": PROJECT, "runtime": "python", "stackConfigDir": "stacks"}))
    (project / "__main__.py").write_text(program)
    (project / ".gitignore").write_text("*.json\n")
    policy_pack(project)
    settings = StackFile(NAMES.account, REGION)
    # Who logs in here is logged in nowhere else.
    own = {"PULUMI_CREDENTIALS_PATH": str(directory / "login")}
    variables = environment.applied({**environment.variables(cloud, NAMES.environment, settings), **own})
    as_on_aws = {name: value for name, value in variables.items() if name not in _NOT_OF_AN_ACCOUNT}
    made = Account(Stack(cloud, project, NAMES.environment, NAMES.account, as_on_aws))
    made.git("init", "--quiet", "--initial-branch", "main")
    return made


def _evaluated(text: str) -> str:
    document: dict[str, Any] = json.loads(text)
    return json.dumps({**document, "Statement": [_known(each) for each in document["Statement"]]})


def _known(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    if statement["Effect"] == "Deny" or "Condition" not in statement:
        return statement
    conditions = {
        operator: {key: value for key, value in keys.items() if not key.startswith(_UNKNOWN)}
        for operator, keys in statement["Condition"].items()
    }
    return {**statement, "Condition": {operator: keys for operator, keys in conditions.items() if keys}}
