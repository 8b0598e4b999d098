"""Who of the feature store's service accounts may read which secret, bucket and stream, and who may not, as the local AWS evaluates it.

The roles are made with the documents that the program registers, under its boundary. What depends on KMS's condition keys is refused here
whatever they say, and is a test on the documents (tests/unit/planning/test_documents.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from localcloud import emulator
from localcloud.instance import Instance
from planning.documents import boundary
from planning.names import Names
from tests.local.conftest import REGION
from tests.unit.conftest import platform, stack_file
from tests.unit.registrations import Recorded, record
from tiers.assembly import assemble

NAMES = Names(environment="dev", account="300000009002")
HERE = f"{REGION}:{NAMES.account}"
WHO = ("materializer", "feature-reader", "registry-admin", "event-writer")

# An identity that may become the roles: on AWS that is the Pod Identity service, which nobody can be here.
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{NAMES.account}:root"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
        ],
    }
)


@dataclass(frozen=True)
class Account:
    instance: Instance
    made: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    def client(self, service: str, keys: dict[str, str] | None = None) -> Any:
        """As the account's root, or as whoever the keys are of."""
        keys = keys or {"AccessKeyId": NAMES.account, "SecretAccessKey": "local"}
        session: Any = boto3
        return session.client(
            service,
            region_name=REGION,
            endpoint_url=emulator.endpoint(self.instance),
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
        )

    def make_role(self, role: str, policies: dict[str, str], boundary_arn: str) -> None:
        iam = self.client("iam")
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=TRUST, PermissionsBoundary=boundary_arn)
        self.made.append(lambda: iam.delete_role(RoleName=role))
        for name, text in policies.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text)
            self.made.append(lambda name=name: iam.delete_role_policy(RoleName=role, PolicyName=name))

    def make_secret(self, name: str) -> None:
        secrets = self.client("secretsmanager")
        secrets.create_secret(Name=name, SecretString=json.dumps({"password": name}))
        self.made.append(lambda: secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True))

    def become(self, who: str) -> dict[str, str]:
        arn = f"arn:aws:iam::{NAMES.account}:role/{role(who)}"
        return self.client("sts").assume_role(RoleArn=arn, RoleSessionName="pod")["Credentials"]

    def allows(self, who: str, action: str, resource: str) -> bool:
        """Whether the policies of the role allow an action, by IAM's simulator."""
        arn = f"arn:aws:iam::{NAMES.account}:role/{role(who)}"
        found = self.client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], ResourceArns=[resource])
        (result,) = found["EvaluationResults"]
        return result["EvalDecision"] == "allowed"


def role(who: str) -> str:
    return NAMES.role(f"feature-store-{who}")


def policies(recorded: Recorded, who: str) -> dict[str, str]:
    """The inline policies of a role as the program registers them, by name."""
    prefix = f"feature-store-{who}-"
    found = [each for each in recorded.all("aws:iam/rolePolicy:RolePolicy") if each.inputs["role"] == role(who)]
    assert all(each.name.startswith(prefix) for each in found)
    return {each.inputs["name"]: each.inputs["policy"] for each in found}


@pytest.fixture(scope="module")
def account(cloud: Instance) -> Generator[Account]:
    account = Account(cloud)
    iam = account.client("iam")
    text = boundary.boundary(NAMES, REGION, keeps_audit_logs=False)
    own: str = iam.create_policy(PolicyName=NAMES.policy(boundary.PURPOSE), PolicyDocument=text)["Policy"]["Arn"]
    account.made.append(lambda: iam.delete_policy(PolicyArn=own))
    projects = ["credit-decisions", "decisions"]
    given = {**stack_file("dev"), "account": NAMES.account, "feature_store": {"projects": projects, "decision_log": {"retention_days": 7}}}
    recorded = record(lambda: assemble(platform("dev", given)))
    for who in WHO:
        account.make_role(role(who), policies(recorded, who), own)
    for secret in ("registry-feast_credit_decisions_ro", "registry-feast_credit_decisions_ddl", "online-store-credit-decisions-writer"):
        account.make_secret(f"dev-{secret}")
    yield account
    for undo in reversed(account.made):
        undo()


def secret(name: str) -> str:
    return f"arn:aws:secretsmanager:{HERE}:secret:{name}-AbCdEf"


READ = "secretsmanager:GetSecretValue"
PAST, STAGING, MODELS = (f"arn:aws:s3:::{NAMES.bucket(purpose)}" for purpose in ("offline-features", "feature-staging", "models"))
NOBODY: set[str] = set()
# What, on what, and who may.
ACTIONS: tuple[tuple[str, str, set[str]], ...] = (
    (READ, secret("dev-registry-feast_credit_decisions_ddl"), {"registry-admin"}),
    (READ, secret("dev-registry-feast_credit_decisions_dml"), {"materializer", "registry-admin"}),
    (READ, secret("dev-registry-feast_credit_decisions_ro"), {"feature-reader", "registry-admin"}),
    (READ, secret("dev-registry-feast_decisions_ro"), {"feature-reader", "registry-admin"}),
    (READ, secret("dev-registry-mlflow_dml"), {"registry-admin"}),
    (READ, secret("dev-online-store-credit-decisions-writer"), {"materializer"}),
    (READ, secret("dev-online-store-credit-decisions-reader"), {"feature-reader"}),
    (READ, secret("dev-online-store-credit-decisions-reader-more"), NOBODY),
    (READ, secret("dev-online-store-other-reader"), NOBODY),
    (READ, secret("prod-online-store-credit-decisions-reader"), NOBODY),
    ("secretsmanager:PutSecretValue", secret("dev-registry-feast_credit_decisions_ro"), NOBODY),
    ("secretsmanager:DeleteSecret", secret("dev-registry-feast_credit_decisions_ddl"), NOBODY),
    ("s3:GetObject", f"{PAST}/credit/part", {"materializer"}),
    ("s3:PutObject", f"{PAST}/credit/part", NOBODY),
    ("s3:GetObject", f"{STAGING}/credit/part", {"materializer"}),
    ("s3:PutObject", f"{STAGING}/credit/part", {"materializer"}),
    ("s3:ListBucket", MODELS, NOBODY),
    ("s3:GetObject", f"{MODELS}/release/model", NOBODY),
    ("kinesis:PutRecord", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", {"event-writer"}),
    ("kinesis:PutRecords", f"arn:aws:kinesis:{HERE}:stream/dev-decision-events", {"event-writer"}),
    ("kinesis:PutRecord", f"arn:aws:kinesis:{HERE}:stream/dev-other", NOBODY),
    ("kinesis:GetRecords", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", NOBODY),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-1/registry_admin", {"registry-admin"}),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-1/administrator", NOBODY),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:db-2/registry_admin", NOBODY),
    ("elasticache:Connect", "*", NOBODY),
    ("iam:PassRole", f"arn:aws:iam::{NAMES.account}:role/{role('registry-admin')}", NOBODY),
)


@pytest.mark.parametrize(("action", "resource", "allowed"), ACTIONS)
def test_these_service_accounts_may_and_no_other(account: Account, action: str, resource: str, allowed: set[str]) -> None:
    assert {who for who in WHO if account.allows(who, action, resource)} == allowed


@pytest.mark.parametrize(
    ("name", "readers"),
    [
        ("dev-registry-feast_credit_decisions_ro", {"feature-reader", "registry-admin"}),
        ("dev-registry-feast_credit_decisions_ddl", {"registry-admin"}),
        ("dev-online-store-credit-decisions-writer", {"materializer"}),
    ],
)
def test_a_secret_opens_with_the_keys_of_its_readers_only(account: Account, name: str, readers: set[str]) -> None:
    answers = dict.fromkeys(WHO, "opened")
    for who in WHO:
        try:
            account.client("secretsmanager", account.become(who)).get_secret_value(SecretId=name)
        except ClientError as error:
            answers[who] = error.response["Error"]["Code"]
    assert answers == {who: "opened" if who in readers else "AccessDeniedException" for who in WHO}
