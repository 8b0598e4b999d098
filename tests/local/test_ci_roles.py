"""Who may become a role of CI, and what it may then do, as the local AWS evaluates it with enforcement on.

The roles are made from the program's own documents. What the local AWS does not evaluate has no line here, for it is refused here whatever
the documents say, and is a test on them (tests/unit/planning/test_ci_policies.py, test_ephemeral_policies.py, test_boundary.py,
test_key_policies.py): what depends on KMS's condition keys, `aws:ResourceTag`, `aws:RequestTag`, `iam:PermissionsBoundary` or
`iam:PassedToService`. The simulator takes no `ContextEntries`, and `aws:PrincipalArn` is the session's here, the role's on AWS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from localcloud import emulator
from localcloud.instance import Instance
from planning.documents import boundary, ci, ephemeral, ephemeral_boundary, trust
from planning.documents.statements import allow, document
from planning.names import Names
from tests.local.callers import token
from tests.local.conftest import REGION

NAMES = Names(environment="dev", account="300000009001")
OTHER = Names(environment="prod", account=NAMES.account)
REPOSITORY = "example/ml-platform"
APPROVED, DEPLOYMENT = "repo:example/ml-platform:environment:preview-dev", "repo:example/ml-platform:environment:dev"
READING = "repo:example/ml-platform:environment:read-dev"
MAKING, REAPING = "repo:example/ml-platform:environment:ephemeral-dev", "repo:example/ml-platform:environment:reap-dev"
AUDIENCE = "sts.amazonaws.com"
JOBS = ci.environments(NAMES.environment, ephemeral=True)


@dataclass(frozen=True)
class Account:
    """An account of the local AWS with the roles of CI, the boundary that they carry, and one that may do everything within it."""

    instance: Instance
    made: list[Callable[[], object]] = field(default_factory=list[Callable[[], object]])

    def client(self, service: str, keys: Mapping[str, str] | None = None, **options: Any) -> Any:
        """As the account's root, or as whoever the keys are of."""
        keys = keys or {"AccessKeyId": NAMES.account, "SecretAccessKey": "local"}
        session: Any = boto3
        return session.client(
            service,
            region_name=options.pop("region", REGION),
            endpoint_url=emulator.endpoint(self.instance),
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys.get("SessionToken"),
            **options,
        )

    def make_policy(self, name: str, text: str) -> str:
        arn: str = self.client("iam").create_policy(PolicyName=name, PolicyDocument=text)["Policy"]["Arn"]
        self.made.append(lambda: self.client("iam").delete_policy(PolicyArn=arn))
        return arn

    def make_role(self, name: str, trusted: str, policies: Mapping[str, str], boundary_arn: str) -> None:
        iam = self.client("iam")
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted, PermissionsBoundary=boundary_arn)
        self.made.append(lambda: iam.delete_role(RoleName=name))
        for purpose, text in policies.items():
            arn = self.make_policy(f"{name}-{purpose}", text)
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
            self.made.append(lambda arn=arn: iam.detach_role_policy(RoleName=name, PolicyArn=arn))

    def make_object(self, bucket: str, key: str, body: bytes) -> None:
        s3 = self.client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.made.append(lambda: s3.delete_bucket(Bucket=bucket))
        s3.put_object(Bucket=bucket, Key=key, Body=body)
        self.made.append(lambda: s3.delete_object(Bucket=bucket, Key=key))

    def become(self, role: str, subject: str, audience: str = AUDIENCE, issuer: str = f"https://{trust.GITHUB}") -> dict[str, str]:
        """The keys that AWS gives a job with this token. Raises ClientError where it gives none."""
        sts = self.client("sts", config=Config(signature_version=UNSIGNED))
        return sts.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{NAMES.account}:role/{role}",
            RoleSessionName="job",
            WebIdentityToken=token(issuer, audience, subject),
        )["Credentials"]

    def allows(self, role: str, action: str, resource: str) -> bool:
        """Whether the policies of the role allow an action, by IAM's simulator."""
        arn = f"arn:aws:iam::{NAMES.account}:role/{role}"
        (result,) = self.client("iam").simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], ResourceArns=[resource])[
            "EvaluationResults"
        ]
        return result["EvalDecision"] == "allowed"


@pytest.fixture(scope="module")
def account(cloud: Instance) -> Generator[Account]:
    account = Account(cloud)
    own = account.make_policy(NAMES.policy(boundary.PURPOSE), boundary.boundary(NAMES, REGION, keeps_audit_logs=True))
    subjects = {role: [trust.deployment(REPOSITORY, each) for each in jobs] for role, jobs in JOBS.items()}
    account.make_role(NAMES.role(ci.PREVIEW), trust.github(NAMES.account, *subjects[ci.PREVIEW]), ci.preview(NAMES, REGION), own)
    deploy = ci.deploy(NAMES, REGION, destroyable=False)
    account.make_role(NAMES.role(ci.DEPLOY), trust.github(NAMES.account, *subjects[ci.DEPLOY]), deploy, own)
    shared = account.make_policy(NAMES.policy(ephemeral_boundary.PURPOSE), ephemeral_boundary.boundary(NAMES, REGION))
    for role, policies in {ci.EPHEMERAL: ephemeral.create(NAMES, REGION), ci.REAP: ephemeral.reap(NAMES, REGION)}.items():
        account.make_role(NAMES.role(role), trust.github(NAMES.account, *subjects[role]), policies, shared)
    everything = {"everything": document(allow("Everything", "*", resources="*"))}
    account.make_role(NAMES.role("careless"), trust.github(NAMES.account, "careless"), everything, own)
    account.make_role("pr-7-careless", trust.github(NAMES.account, "careless"), everything, shared)
    yield account
    for undo in reversed(account.made):
        undo()


OWN_JOBS = [
    ("dev-ci-preview", APPROVED),
    ("dev-ci-preview", READING),
    ("dev-ci-deploy", DEPLOYMENT),
    ("dev-ci-ephemeral", MAKING),
    ("dev-ci-reap", REAPING),
]


@pytest.mark.parametrize(("role", "subject"), OWN_JOBS)
def test_its_own_jobs_become_the_role(account: Account, role: str, subject: str) -> None:
    keys = account.become(role, subject)
    assert account.client("sts", keys).get_caller_identity()["Arn"] == f"arn:aws:sts::{NAMES.account}:assumed-role/{role}/job"


# Of a job's token: subject, audience, issuer.
OTHERS = {
    "another-repository": ("repo:example/other:{}", AUDIENCE, trust.GITHUB),
    "another-owner": ("repo:evil/ml-platform:{}", AUDIENCE, trust.GITHUB),
    "a-fork-like-name": ("repo:example/ml-platform-fork:{}", AUDIENCE, trust.GITHUB),
    "an-owner-that-ends-so": ("repo:not-example/ml-platform:{}", AUDIENCE, trust.GITHUB),
    "the-same-name-with-ids": ("repo:example@12/ml-platform@345:{}", AUDIENCE, trust.GITHUB),
    "other-letters": ("repo:Example/ML-Platform:{}", AUDIENCE, trust.GITHUB),
    "more-before-it": (" repo:example/ml-platform:{}", AUDIENCE, trust.GITHUB),
    "more-after-it": ("repo:example/ml-platform:{}:more", AUDIENCE, trust.GITHUB),
    "another-audience": ("repo:example/ml-platform:{}", "https://github.com/example", trust.GITHUB),
    "another-issuer": ("repo:example/ml-platform:{}", AUDIENCE, "token.actions.example.com"),
}
SUBJECTS = {
    "a-branch": "repo:example/ml-platform:ref:refs/heads/main",
    "a-tag": "repo:example/ml-platform:ref:refs/tags/v1",
    "a-pull-request-that-nobody-approved": "repo:example/ml-platform:pull_request",
    "another-environment": "repo:example/ml-platform:environment:prod",
    "an-environment-that-begins-so": "repo:example/ml-platform:environment:dev-eu",
    "no-environment": "repo:example/ml-platform:environment:",
    "a-wildcard": "repo:example/ml-platform:*",
    "a-wildcard-over-all": "*",
    "a-question-mark": "repo:example/ml-platform:environment:de?",
    "nothing": "",
}


@pytest.mark.parametrize(("role", "what"), [(f"dev-{role}", f"environment:{jobs[0]}") for role, jobs in JOBS.items()])
@pytest.mark.parametrize(("subject", "audience", "issuer"), OTHERS.values(), ids=OTHERS)
def test_no_job_of_anybody_else_becomes_the_role(account: Account, role: str, what: str, subject: str, audience: str, issuer: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        account.become(role, subject.format(what), audience, f"https://{issuer}")


@pytest.mark.parametrize("role", [f"dev-{role}" for role in JOBS])
@pytest.mark.parametrize("subject", SUBJECTS.values(), ids=SUBJECTS)
def test_no_other_job_of_the_repository_becomes_the_role(account: Account, role: str, subject: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        account.become(role, subject)


SUBJECT_OF_OTHERS = [(role, subject) for role, _ in OWN_JOBS for _, subject in OWN_JOBS if (role, subject) not in OWN_JOBS]


@pytest.mark.parametrize(("role", "subject"), SUBJECT_OF_OTHERS)
def test_no_job_becomes_anothers_role(account: Account, role: str, subject: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        account.become(role, subject)


@pytest.mark.parametrize("role", [f"dev-{role}" for role in JOBS])
def test_the_account_itself_does_not_become_a_role_of_ci(account: Account, role: str) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        account.client("sts").assume_role(RoleArn=f"arn:aws:iam::{NAMES.account}:role/{role}", RoleSessionName="admin")


HERE = f"{REGION}:{NAMES.account}"
STATE = f"arn:aws:s3:::{NAMES.state_bucket}/.pulumi"
# What it does, to what, whether a preview may, whether a deployment may.
ACTIONS: tuple[tuple[str, str, bool, bool], ...] = (
    ("ec2:DescribeVpcs", "*", True, True),
    ("ec2:CreateVpc", "*", False, True),
    ("ec2:RunInstances", "*", False, False),
    ("ec2:CreateVpcPeeringConnection", "*", False, False),
    ("eks:DescribeCluster", f"arn:aws:eks:{HERE}:cluster/dev-main", True, True),
    ("eks:CreateCluster", f"arn:aws:eks:{HERE}:cluster/dev-main", False, True),
    ("eks:DeleteCluster", f"arn:aws:eks:{HERE}:cluster/prod-serving", False, False),
    ("eks:CreateAccessEntry", f"arn:aws:eks:{HERE}:cluster/dev-main", False, True),
    ("rds:DescribeDBInstances", "*", True, True),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:dev-registry", False, True),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:prod-registry", False, False),
    ("rds-db:connect", f"arn:aws:rds-db:{HERE}:dbuser:*/administrator", False, False),
    ("rds-data:ExecuteStatement", "*", False, False),
    ("elasticache:Connect", "*", False, False),
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/anything", False, False),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:dev-registry-mlflow_dml", False, True),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-1", False, False),
    ("secretsmanager:CreateSecret", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-1", False, True),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/network", True, True),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/prod/network", False, False),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/anything", False, False),
    ("ssm:PutParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/network", False, True),
    ("s3:GetBucketPolicy", f"arn:aws:s3:::{NAMES.bucket('models')}", True, True),
    ("s3:PutBucketPolicy", f"arn:aws:s3:::{NAMES.bucket('models')}", False, True),
    ("s3:GetObject", f"arn:aws:s3:::{NAMES.bucket('models')}/release/model", False, False),
    ("s3:PutObject", f"arn:aws:s3:::{NAMES.bucket('models')}/release/model", False, False),
    ("s3:DeleteObject", f"arn:aws:s3:::{NAMES.bucket('models')}/release/model", False, False),
    ("s3:GetObject", f"{STATE}/stacks/ml-platform/dev.json", True, True),
    ("s3:PutObject", f"{STATE}/stacks/ml-platform/dev.json", False, True),
    ("s3:GetObject", f"{STATE}/stacks/ml-platform/prod.json", False, False),
    ("s3:GetObject", f"{STATE}/history/ml-platform/dev/dev-1.checkpoint.json", False, True),
    ("s3:PutObject", f"{STATE}/locks/organization/ml-platform/dev/1.json", False, True),
    ("s3:PutObject", f"{STATE}/locks/organization/ml-platform/prod/1.json", False, False),
    ("s3:BypassGovernanceRetention", f"arn:aws:s3:::{NAMES.bucket('decision-log')}/decisions/1", False, False),
    ("s3:PutObjectRetention", f"arn:aws:s3:::{NAMES.bucket('decision-log')}/decisions/1", False, False),
    ("s3:PutBucketObjectLockConfiguration", f"arn:aws:s3:::{NAMES.bucket('decision-log')}", False, True),
    ("kinesis:DescribeStreamSummary", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", True, True),
    ("kinesis:CreateStream", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", False, True),
    ("kinesis:DeleteStream", f"arn:aws:kinesis:{HERE}:stream/prod-feature-events", False, False),
    ("kinesis:PutRecord", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", False, False),
    ("kinesis:GetRecords", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", False, False),
    ("firehose:UpdateDestination", f"arn:aws:firehose:{HERE}:deliverystream/dev-feature-events", False, True),
    ("firehose:PutRecord", f"arn:aws:firehose:{HERE}:deliverystream/dev-feature-events", False, False),
    ("glue:GetTable", f"arn:aws:glue:{HERE}:table/dev_features/decisions", True, True),
    ("glue:UpdateTable", f"arn:aws:glue:{HERE}:table/dev_features/decisions", False, True),
    ("glue:UpdateTable", f"arn:aws:glue:{HERE}:table/prod_features/decisions", False, False),
    ("athena:UpdateWorkGroup", f"arn:aws:athena:{HERE}:workgroup/dev-features", False, True),
    ("athena:StartQueryExecution", f"arn:aws:athena:{HERE}:workgroup/dev-features", False, False),
    ("kms:DescribeKey", f"arn:aws:kms:{HERE}:key/any", True, True),
    ("iam:GetRole", f"arn:aws:iam::{NAMES.account}:role/dev-eks-cluster", True, True),
    ("iam:GetRole", f"arn:aws:iam::{NAMES.account}:role/somebody", False, False),
    ("iam:DeleteRole", f"arn:aws:iam::{NAMES.account}:role/dev-eks-cluster", False, True),
    ("iam:DeleteRole", f"arn:aws:iam::{NAMES.account}:role/prod-eks-cluster", False, False),
    ("iam:CreateUser", f"arn:aws:iam::{NAMES.account}:user/somebody", False, False),
    ("iam:CreateAccessKey", f"arn:aws:iam::{NAMES.account}:user/somebody", False, False),
    ("iam:DeleteRolePermissionsBoundary", f"arn:aws:iam::{NAMES.account}:role/dev-eks-cluster", False, False),
    ("sts:AssumeRole", f"arn:aws:iam::{NAMES.account}:role/dev-cluster-admin", False, True),
    ("sts:AssumeRole", f"arn:aws:iam::{NAMES.account}:role/prod-cluster-admin", False, False),
    ("sts:AssumeRole", f"arn:aws:iam::{NAMES.account}:role/dev-serving-model-server", False, False),
    ("logs:DescribeLogGroups", "*", True, True),
    ("logs:GetLogEvents", f"arn:aws:logs:{HERE}:log-group:/aws/eks/dev-main/cluster", False, False),
    ("logs:CreateLogGroup", f"arn:aws:logs:{HERE}:log-group:/aws/eks/dev-main/cluster", False, True),
    ("ecr:DescribeRepositories", f"arn:aws:ecr:{HERE}:repository/ml-platform/dev/trainer", True, True),
    ("ecr:CreateRepository", f"arn:aws:ecr:{HERE}:repository/ml-platform/dev/trainer", False, True),
    ("ecr:DeleteRepository", f"arn:aws:ecr:{HERE}:repository/ml-platform/prod/trainer", False, False),
    ("ecr:BatchGetImage", f"arn:aws:ecr:{HERE}:repository/ml-platform/dev/trainer", False, False),
    ("ecr:PutImage", f"arn:aws:ecr:{HERE}:repository/ml-platform/dev/trainer", False, False),
    ("sns:Publish", f"arn:aws:sns:{HERE}:dev-alarms", False, False),
    ("sns:SetTopicAttributes", f"arn:aws:sns:{HERE}:dev-alarms", False, True),
    ("budgets:ViewBudget", f"arn:aws:budgets::{NAMES.account}:budget/dev-monthly", True, True),
    ("budgets:ModifyBudget", f"arn:aws:budgets::{NAMES.account}:budget/dev-monthly", False, True),
    ("codebuild:CreateProject", f"arn:aws:codebuild:{HERE}:project/dev-runner", False, True),
    ("codebuild:StartBuild", f"arn:aws:codebuild:{HERE}:project/dev-runner", False, False),
    ("organizations:LeaveOrganization", "*", False, False),
)


@pytest.mark.parametrize(("action", "resource", "preview", "deploy"), ACTIONS)
def test_each_role_may_do_this_and_not_that(account: Account, action: str, resource: str, preview: bool, deploy: bool) -> None:
    assert (account.allows("dev-ci-preview", action, resource), account.allows("dev-ci-deploy", action, resource)) == (preview, deploy)


OF_PULL_REQUEST = Names(environment="pr-7", account=NAMES.account)
# The same, for who makes environments of pull requests, and who reaps them.
EPHEMERAL_ACTIONS: tuple[tuple[str, str, bool, bool], ...] = (
    ("ec2:CreateVpc", "*", True, False),
    ("ec2:DeleteVpc", "*", True, True),
    ("ec2:RunInstances", "*", False, False),
    ("tag:GetResources", "*", False, True),
    ("elasticloadbalancing:DescribeLoadBalancers", "*", False, True),
    ("eks:CreateCluster", f"arn:aws:eks:{HERE}:cluster/pr-7-main", True, False),
    ("eks:DeleteCluster", f"arn:aws:eks:{HERE}:cluster/pr-7-main", True, True),
    ("eks:DeleteCluster", f"arn:aws:eks:{HERE}:cluster/dev-main", False, False),
    ("eks:CreateAccessEntry", f"arn:aws:eks:{HERE}:cluster/dev-main", False, False),
    ("rds:CreateDBInstance", f"arn:aws:rds:{HERE}:db:pr-7-registry", True, False),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:pr-7-registry", True, True),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:dev-registry", False, False),
    ("rds:DeleteDBInstance", f"arn:aws:rds:{HERE}:db:prod-registry", False, False),
    ("s3:CreateBucket", f"arn:aws:s3:::{OF_PULL_REQUEST.bucket('models')}", True, False),
    ("s3:DeleteBucket", f"arn:aws:s3:::{OF_PULL_REQUEST.bucket('models')}", True, True),
    ("s3:DeleteBucket", f"arn:aws:s3:::{NAMES.bucket('models')}", False, False),
    ("s3:GetObject", f"arn:aws:s3:::{NAMES.bucket('offline-features')}/pr_7_12345678/part", False, False),
    ("s3:DeleteObjectVersion", f"arn:aws:s3:::{NAMES.bucket('offline-features')}/pr_7_12345678/part", False, True),
    ("s3:DeleteObjectVersion", f"arn:aws:s3:::{NAMES.bucket('offline-features')}/credit_decisions/part", False, False),
    ("secretsmanager:CreateSecret", f"arn:aws:secretsmanager:{HERE}:secret:dev-tenant-pr-7/registry-ddl", True, False),
    ("secretsmanager:DeleteSecret", f"arn:aws:secretsmanager:{HERE}:secret:dev-tenant-pr-7/registry-ddl-AbCdEf", True, True),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:dev-registry-mlflow_dml-AbCdEf", False, False),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:dev-tenant-risk/registry-ddl-AbCdEf", False, False),
    ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:rds!db-1", False, False),
    ("elasticache:CreateUser", f"arn:aws:elasticache:{HERE}:user:dev-t-pr-7-rw", True, False),
    ("elasticache:ModifyUserGroup", f"arn:aws:elasticache:{HERE}:user:dev-t-pr-7-rw", True, True),
    ("elasticache:ModifyUserGroup", f"arn:aws:elasticache:{HERE}:usergroup:dev-online-store", True, True),
    ("elasticache:ModifyUserGroup", f"arn:aws:elasticache:{HERE}:user:dev-credit-decisions-reader", False, False),
    ("elasticache:DeleteUserGroup", f"arn:aws:elasticache:{HERE}:usergroup:dev-online-store", False, False),
    ("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/feature_store", True, True),
    ("ssm:PutParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/feature_store", False, False),
    ("ssm:PutParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/tenants/pr-7", True, False),
    ("ssm:DeleteParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/tenants/pr-7", True, True),
    ("ssm:DeleteParameter", f"arn:aws:ssm:{HERE}:parameter/ml-platform/dev/tenants/risk", False, False),
    ("iam:DeleteRole", f"arn:aws:iam::{NAMES.account}:role/pr-7-eks-cluster", True, True),
    ("iam:DeleteRole", f"arn:aws:iam::{NAMES.account}:role/dev-tenant-pr-7_worker", True, True),
    ("iam:DeleteRole", f"arn:aws:iam::{NAMES.account}:role/dev-tenant-risk_worker", False, False),
    ("iam:DeleteRole", f"arn:aws:iam::{NAMES.account}:role/dev-eks-cluster", False, False),
    ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{NAMES.account}:role/pr-7-cluster-admin", True, False),
    ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{NAMES.account}:role/dev-ci-ephemeral", False, False),
    ("iam:CreatePolicy", f"arn:aws:iam::{NAMES.account}:policy/pr-7-boundary", False, False),
    ("iam:CreatePolicyVersion", f"arn:aws:iam::{NAMES.account}:policy/dev-ci-ephemeral-boundary", False, False),
    ("iam:DeleteRolePermissionsBoundary", f"arn:aws:iam::{NAMES.account}:role/pr-7-eks-cluster", False, False),
    ("sts:AssumeRole", f"arn:aws:iam::{NAMES.account}:role/pr-7-cluster-admin", True, True),
    ("sts:AssumeRole", f"arn:aws:iam::{NAMES.account}:role/prod-cluster-admin", False, False),
    ("sts:AssumeRole", f"arn:aws:iam::{NAMES.account}:role/dev-ci-deploy", False, False),
    ("kinesis:CreateStream", f"arn:aws:kinesis:{HERE}:stream/pr-7-feature-events", True, False),
    ("kinesis:DeleteStream", f"arn:aws:kinesis:{HERE}:stream/pr-7-feature-events", True, True),
    ("kinesis:DeleteStream", f"arn:aws:kinesis:{HERE}:stream/dev-feature-events", False, False),
    ("codebuild:CreateProject", f"arn:aws:codebuild:{HERE}:project/pr-7-runner", False, False),
    ("organizations:LeaveOrganization", "*", False, False),
)


@pytest.mark.parametrize(("action", "resource", "make", "reap"), EPHEMERAL_ACTIONS)
def test_each_role_for_pull_requests_may_do_this_and_not_that(account: Account, action: str, resource: str, make: bool, reap: bool) -> None:
    assert (account.allows("dev-ci-ephemeral", action, resource), account.allows("dev-ci-reap", action, resource)) == (make, reap)


def test_a_preview_reads_and_changes_nothing_with_its_own_keys(account: Account) -> None:
    keys = account.become("dev-ci-preview", APPROVED)
    assert account.client("ec2", keys).describe_vpcs()["Vpcs"] is not None
    with pytest.raises(ClientError, match=r"UnauthorizedOperation|AccessDenied"):
        account.client("ec2", keys).create_vpc(CidrBlock="10.0.0.0/16")


def test_a_deployment_makes_networks_with_its_own_keys(account: Account) -> None:
    ec2 = account.client("ec2", account.become("dev-ci-deploy", DEPLOYMENT))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.delete_vpc(VpcId=vpc)


NOBODY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
)
ALL = document(allow("All", "*", resources="*"))
OWN = f"arn:aws:iam::{NAMES.account}:policy/dev-boundary"
# What the boundary refuses, tried by a role whose own policy allows everything.
NEVER: Mapping[str, Callable[[Account, dict[str, str]], object]] = {
    "change the boundary": lambda to, keys: to.client("iam", keys).create_policy_version(
        PolicyArn=OWN, PolicyDocument=ALL, SetAsDefault=True
    ),
    "delete the boundary": lambda to, keys: to.client("iam", keys).delete_policy(PolicyArn=OWN),
    "take the boundary off itself": lambda to, keys: to.client("iam", keys).delete_role_permissions_boundary(RoleName="dev-careless"),
    "let somebody else become a role of CI": lambda to, keys: to.client("iam", keys).update_assume_role_policy(
        RoleName="dev-ci-deploy", PolicyDocument=NOBODY
    ),
    "change a policy of CI": lambda to, keys: to.client("iam", keys).create_policy_version(
        PolicyArn=f"arn:aws:iam::{NAMES.account}:policy/dev-ci-preview-read", PolicyDocument=ALL, SetAsDefault=True
    ),
    "read another environment's data": lambda to, keys: to.client("s3", keys).get_object(Bucket=OTHER.bucket("models"), Key="model"),
    "read the state of a stack": lambda to, keys: to.client("s3", keys).get_object(Bucket=NAMES.state_bucket, Key="state"),
    "read another environment's secret": lambda to, keys: to.client("secretsmanager", keys).get_secret_value(SecretId="prod-registry"),
    "become a role of another environment": lambda to, keys: to.client("sts", keys).assume_role(
        RoleArn=f"arn:aws:iam::{NAMES.account}:role/prod-cluster-admin", RoleSessionName="careless"
    ),
    "make a user": lambda to, keys: to.client("iam", keys).create_user(UserName="somebody"),
    "make an access key": lambda to, keys: to.client("iam", keys).create_access_key(UserName="somebody"),
    "leave the region": lambda to, keys: to.client("ec2", keys, region="us-east-1").create_vpc(CidrBlock="10.0.0.0/16"),
    "delete an audit log": lambda to, keys: to.client("logs", keys).delete_log_group(logGroupName="/aws/eks/dev-main/cluster"),
    "delete a decision": lambda to, keys: to.client("s3", keys).delete_object(Bucket=NAMES.bucket("decision-log"), Key="decision"),
    "bypass the lock of a decision": lambda to, keys: to.client("s3", keys).delete_object(
        Bucket=NAMES.bucket("decision-log"), Key="decision", VersionId="null", BypassGovernanceRetention=True
    ),
    "delete what is in the audit bucket": lambda to, keys: to.client("s3", keys).delete_object(Bucket=NAMES.bucket("audit"), Key="log"),
}


@pytest.fixture(scope="module")
def audited(account: Account) -> Account:
    """With an audit log; buckets with an object each, for audits, of another environment, for states; and another's administrator."""
    logs = account.client("logs")
    logs.create_log_group(logGroupName="/aws/eks/dev-main/cluster")
    account.made.append(lambda: logs.delete_log_group(logGroupName="/aws/eks/dev-main/cluster"))
    account.make_object(NAMES.bucket("audit"), "log", b"who did what")
    account.make_object(NAMES.bucket("decision-log"), "decision", b"what was decided")
    account.make_object(OTHER.bucket("models"), "model", b"of another environment")
    account.make_role(OTHER.role("cluster-admin"), trust.people(NAMES.account, []), {}, OWN)
    account.make_object(NAMES.state_bucket, "state", b"of a stack")
    return account


@pytest.mark.parametrize("attempt", NEVER.values(), ids=NEVER)
def test_no_role_within_the_boundary_can_ever(audited: Account, attempt: Callable[[Account, dict[str, str]], object]) -> None:
    keys = audited.become("dev-careless", "careless")
    with pytest.raises(ClientError, match=r"AccessDenied|UnauthorizedOperation"):
        attempt(audited, keys)


SHARED = f"arn:aws:iam::{NAMES.account}:policy/dev-ci-ephemeral-boundary"
# What the boundary of environments of pull requests refuses, tried by a role of one whose own policy allows everything.
NEVER_OF_A_PULL_REQUEST: Mapping[str, Callable[[Account, dict[str, str]], object]] = {
    **{
        what: attempt
        for what, attempt in NEVER.items()
        if not what.startswith(("change the boundary", "delete", "take the boundary", "bypass"))
    },
    "change the boundary": lambda to, keys: to.client("iam", keys).create_policy_version(
        PolicyArn=SHARED, PolicyDocument=ALL, SetAsDefault=True
    ),
    "make a boundary": lambda to, keys: to.client("iam", keys).create_policy(PolicyName="pr-7-boundary", PolicyDocument=ALL),
    "take the boundary off itself": lambda to, keys: to.client("iam", keys).delete_role_permissions_boundary(RoleName="pr-7-careless"),
    "read the platform's data": lambda to, keys: to.client("s3", keys).get_object(Bucket=NAMES.bucket("audit"), Key="log"),
    "delete the platform's data": lambda to, keys: to.client("s3", keys).delete_object(Bucket=NAMES.bucket("audit"), Key="log"),
    "read the platform's secret": lambda to, keys: to.client("secretsmanager", keys).get_secret_value(SecretId="dev-registry"),
    "become a role of the platform": lambda to, keys: to.client("sts", keys).assume_role(
        RoleArn=f"arn:aws:iam::{NAMES.account}:role/dev-ci-deploy", RoleSessionName="careless"
    ),
}


@pytest.mark.parametrize("attempt", NEVER_OF_A_PULL_REQUEST.values(), ids=NEVER_OF_A_PULL_REQUEST)
def test_no_role_of_a_pull_request_can_ever(audited: Account, attempt: Callable[[Account, dict[str, str]], object]) -> None:
    keys = audited.become("pr-7-careless", "careless")
    with pytest.raises(ClientError, match=r"AccessDenied|UnauthorizedOperation"):
        attempt(audited, keys)


def test_the_boundary_leaves_a_role_of_a_pull_request_its_work(audited: Account) -> None:
    keys = audited.become("pr-7-careless", "careless")
    assert audited.client("ec2", keys).describe_vpcs()["Vpcs"] is not None


def test_the_boundary_leaves_a_role_its_work(audited: Account) -> None:
    keys = audited.become("dev-careless", "careless")
    assert audited.client("ec2", keys).describe_vpcs()["Vpcs"] is not None
    assert audited.client("s3", keys).get_object(Bucket=NAMES.bucket("audit"), Key="log")["Body"].read() == b"who did what"
