"""What CI may do: a preview reads, a deployment manages what the stack is made of. Managed policies by name, for one role each."""

from collections.abc import Mapping, Sequence

from planning import arns
from planning.documents import boundary, limits
from planning.documents.managing import network, services
from planning.documents.managing_data import data
from planning.documents.managing_events import events
from planning.documents.reading import reading, watching
from planning.documents.statements import Conditions, Statement, allow, document
from planning.names import PROJECT, STATE_KEY, Names
from planning.refusal import Refused

PREVIEW, DEPLOY = "ci-preview", "ci-deploy"

SESSION_SECONDS: Mapping[str, int] = {PREVIEW: 3600, DEPLOY: 7200}
"""How long a job may be the role, which is how long a job of it may last: what the engine has made when the session ends, it cannot save
(https://github.com/pulumi/pulumi/issues/19452)."""

_APPROVED, _READING = "preview-", "read-"
_EPHEMERAL = ("ephemeral-", "reap-")
"""Of environments of pull requests, whose role no stack makes: docs/threat-model.md."""

_PASSED_TO = tuple(f"{service}.amazonaws.com" for service in ("codebuild", "eks", "firehose", "monitoring.rds", "pods.eks", "s3"))

# https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
_STATE_KEY: Conditions = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": STATE_KEY}}


def environments(stack: str) -> Mapping[str, tuple[str, ...]]:
    """Whose jobs become each role: names of GitHub environments, which docs/threat-model.md says how to protect. Raises Refused.

    `preview-STACK` somebody approves, for pull requests; `read-STACK` and STACK take nothing but the main branch, and STACK somebody
    approves.
    """
    for before in (_APPROVED, _READING, *_EPHEMERAL):
        if stack.startswith(before):
            raise Refused(
                got=f"stack `{stack}` with `ci`",
                expected=f"one that does not begin with `{before}`, because that is a GitHub environment of another stack",
                remedy="give it another name, or remove `ci`",
            )
    return {PREVIEW: (f"{_APPROVED}{stack}", f"{_READING}{stack}"), DEPLOY: (stack,)}


def preview(names: Names, region: str) -> Mapping[str, str]:
    """Reads settings, the contract and the stack's own state, and changes nothing: no secret, no data, of another stack only the name.

    It cannot enter a cluster: docs/decisions/0014 says why. What is in clusters is previewed from the state. Raises Refused for policies
    that IAM would not take.
    """
    return _checked(names, PREVIEW, {"read": reading(names, region), "state": _read_state(names, region)})


def deploy(names: Names, region: str, *, destroyable: bool) -> Mapping[str, str]:
    """Makes, changes and removes what the stack is made of, within the boundary; with the data in buckets only where the environment is
    `destroyable`. Raises Refused for policies that IAM would not take."""
    return _checked(
        names,
        DEPLOY,
        {
            "read": (*reading(names, region), *watching(names, region)),
            "network": network(),
            "data": data(names, region, destroyable=destroyable),
            "services": services(names, region),
            "events": events(names, region),
            "roles": _roles(names),
            "state": (*_read_state(names, region), *_write_state(names, region)),
        },
    )


def _checked(names: Names, role: str, policies: Mapping[str, Sequence[Statement]]) -> Mapping[str, str]:
    """By the purpose of each: what follows the role's name in the policy's."""
    return {name: limits.managed(document(*each), names.policy(f"{role}-{name}")) for name, each in policies.items()}


def _read_state(names: Names, region: str) -> tuple[Statement, ...]:
    """As the engine lays a state out in a bucket (pulumi 3.259.0, backend/diy): one object per stack, one of its tags if it has any, and
    one that says how.

    FindState has no condition on `s3:prefix`, so that names of other stacks are seen: the engine takes the tags to be none only if S3
    answers that there is no such object, and S3 says so to nobody who may not list the bucket; whether it does to who may list a part
    of it, nothing says (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    """
    state = arns.bucket(names.state_bucket)
    key = f"arn:aws:kms:{region}:{names.account}:key/*"
    return (
        allow("FindState", "s3:ListBucket", resources=state),
        allow("ReadState", "s3:GetObject", resources=[f"{state}/.pulumi/meta.yaml", _state_of(names), _tags_of(names)]),
        allow("DecryptState", "kms:Decrypt", resources=key, conditions=_STATE_KEY),
    )


def _write_state(names: Names, region: str) -> tuple[Statement, ...]:
    state, stack = arns.bucket(names.state_bucket), f"{PROJECT}/{names.environment}"
    beside = [f"{state}/.pulumi/{kind}/{stack}/*" for kind in ("backups", "history", "locks/organization")]
    return (
        allow(
            "WriteState",
            ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=[_state_of(names), f"{_state_of(names)}.bak", _tags_of(names), *beside],
        ),
        allow(
            "EncryptState",
            ("kms:Encrypt", "kms:GenerateDataKey"),
            resources=f"arn:aws:kms:{region}:{names.account}:key/*",
            conditions=_STATE_KEY,
        ),
    )


def _state_of(names: Names) -> str:
    return f"{arns.bucket(names.state_bucket)}/.pulumi/stacks/{PROJECT}/{names.environment}.json"


def _tags_of(names: Names) -> str:
    return f"{arns.bucket(names.state_bucket)}/.pulumi/stacks/{PROJECT}/{names.environment}.pulumi-tags"


def _roles(names: Names) -> tuple[Statement, ...]:
    account, roles = names.account, arns.role(names.account, names.any_role)
    own = arns.policy(account, names.policy(boundary.PURPOSE))
    return (
        allow("GrantRights", boundary.GRANT_RIGHTS, resources=roles, conditions={"StringEquals": {"iam:PermissionsBoundary": own}}),
        allow("Roles", (*boundary.MANAGE_ROLES, "iam:ListInstanceProfilesForRole"), resources=roles),
        allow("Policies", boundary.MANAGE_POLICIES, resources=arns.policy(account, names.any_role)),
        allow(
            "PassRoles",
            "iam:PassRole",
            resources=roles,
            conditions={"StringEquals": {"iam:PassedToService": _PASSED_TO}},
        ),
        allow(
            "ServiceRoles",
            "iam:CreateServiceLinkedRole",
            resources=arns.role(account, "aws-service-role/*"),
            conditions={
                "StringEquals": {"iam:AWSServiceName": [f"{name}.amazonaws.com" for name in ("eks", "elasticache", "rds", "spot")]}
            },
        ),
        # Whoever makes what is in a cluster enters it as its administrator: docs/decisions/0003.
        allow("EnterClusters", "sts:AssumeRole", resources=arns.role(account, names.role("cluster-admin"))),
    )
