"""What CI may do: a preview reads, a deployment manages what the stack is made of. Managed policies by name, for one role each."""

from collections.abc import Mapping, Sequence

from planning import arns
from planning.documents import boundary, limits
from planning.documents.ci_state import read_state, write_state
from planning.documents.managing import network, services
from planning.documents.managing_data import data
from planning.documents.managing_events import events
from planning.documents.reading import reading, watching
from planning.documents.statements import Statement, allow, document
from planning.names import Names
from planning.refusal import Refused

PREVIEW, DEPLOY, EPHEMERAL, REAP = "ci-preview", "ci-deploy", "ci-ephemeral", "ci-reap"

SESSION_SECONDS: Mapping[str, int] = {PREVIEW: 3600, DEPLOY: 7200, EPHEMERAL: 7200, REAP: 7200}
"""How long a job may be the role, which is how long a job of it may last: what the engine has made when the session ends, it cannot save
(https://github.com/pulumi/pulumi/issues/19452)."""

_APPROVED, _READING, _EPHEMERAL, _REAPING = "preview-", "read-", "ephemeral-", "reap-"

_PASSED_TO = tuple(f"{service}.amazonaws.com" for service in ("codebuild", "eks", "firehose", "monitoring.rds", "pods.eks", "s3"))


def environments(stack: str, *, ephemeral: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Whose jobs become each role: names of GitHub environments, which docs/threat-model.md says how to protect. Raises Refused.

    `preview-STACK` somebody approves, for pull requests; `read-STACK` and STACK take nothing but the main branch, and STACK somebody
    approves. Where pull requests get environments of their own beside the stack (`ephemeral`), `ephemeral-STACK` somebody approves, and
    `reap-STACK` takes nothing but the main branch.
    """
    for before in (_APPROVED, _READING, _EPHEMERAL, _REAPING):
        if stack.startswith(before):
            raise Refused(
                got=f"stack `{stack}` with `ci`",
                expected=f"one that does not begin with `{before}`, because that is a GitHub environment of another stack",
                remedy="give it another name, or remove `ci`",
            )
    own = {PREVIEW: (f"{_APPROVED}{stack}", f"{_READING}{stack}"), DEPLOY: (stack,)}
    return {**own, EPHEMERAL: (f"{_EPHEMERAL}{stack}",), REAP: (f"{_REAPING}{stack}",)} if ephemeral else own


def preview(names: Names, region: str) -> Mapping[str, str]:
    """Reads settings, the contract and the stack's own state, and changes nothing: no secret, no data, of another stack only the name.

    It cannot enter a cluster: docs/decisions/0014 says why. What is in clusters is previewed from the state. Raises Refused for policies
    that IAM would not take.
    """
    return checked(names, PREVIEW, {"read": reading(names, region), "state": read_state(names, region)})


def deploy(names: Names, region: str, *, destroyable: bool) -> Mapping[str, str]:
    """Makes, changes and removes what the stack is made of, within the boundary; with the data in buckets only where the environment is
    `destroyable`. Raises Refused for policies that IAM would not take."""
    return checked(
        names,
        DEPLOY,
        {
            "read": (*reading(names, region), *watching(names, region)),
            "network": network(),
            "data": data(names, region, destroyable=destroyable),
            "services": services(names, region),
            "events": events(names, region),
            "roles": _roles(names),
            "state": (*read_state(names, region), *write_state(names, region)),
        },
    )


def checked(names: Names, role: str, policies: Mapping[str, Sequence[Statement]]) -> Mapping[str, str]:
    """The policies of a role of CI by the purpose of each, which follows the role's name in the policy's. Raises Refused for one that IAM
    would not take."""
    return {name: limits.managed(document(*each), names.policy(f"{role}-{name}")) for name, each in policies.items()}


def service_roles(account: str) -> Statement:
    """AWS's own roles, which services that the program uses make for themselves once in an account."""
    services = [f"{name}.amazonaws.com" for name in ("eks", "elasticache", "rds", "spot")]
    return allow(
        "ServiceRoles",
        "iam:CreateServiceLinkedRole",
        resources=arns.role(account, "aws-service-role/*"),
        conditions={"StringEquals": {"iam:AWSServiceName": services}},
    )


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
        service_roles(account),
        # Whoever makes what is in a cluster enters it as its administrator: docs/decisions/0003.
        allow("EnterClusters", "sts:AssumeRole", resources=arns.role(account, names.role("cluster-admin"))),
    )
