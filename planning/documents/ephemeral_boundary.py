"""The permissions boundary of environments of pull requests: what no role that is made for one can ever do, whatever the change says.

The roles of CI that make and remove them carry it too. Theirs, and not one that such an environment made for itself: who may make roles
and their boundary may do everything that the account's administrators may.
"""

from planning import arns
from planning.documents import limits
from planning.documents.boundary import GLOBAL, GRANT_RIGHTS, MAKE_DATABASE_SECRETS, MANAGE_ROLES, PASSED_TO, READ_IAM, SERVICES, states
from planning.documents.ci import EPHEMERAL, REAP
from planning.documents.managing_events import in_catalog
from planning.documents.slices import OF_OTHERS
from planning.documents.statements import Statement, allow, deny, deny_all_but, document
from planning.names import PROJECT, PULL_REQUESTS, Names
from planning.tenants import OfPullRequests

PURPOSE = "ci-ephemeral-boundary"
"""It begins as the policies of CI do, which no deployment of the platform may change: documents/boundary.py."""

# What slices do with the platform's key, through the services that its policy names; its buckets are held by their own statements.
_SHARED = ("kms:Decrypt", "kms:GenerateDataKey*", "s3:*")
# Tables have no tags: they are known by their names.
_NAMED = "glue"


def boundary(platform: Names, region: str) -> str:
    """The most that a role for pull requests may do. It names all that Auto Mode's AWS policies allow, and refuses

    - whatever has the tag of another deployment, the platform's too, all but the use of its key;
    - buckets, secrets and roles of another name than a pull request's, and of the platform's buckets all but the prefixes of slices;
    - to make roles that do not carry it, to change it, and policies, users and keys of IAM;
    - any other region than the platform's;
    - states and the key that encrypts them, to all but the roles of CI, which also reach what slices have in the platform.

    Raises Refused for a document that IAM would not take.
    """
    account, slices, every = platform.account, OfPullRequests(platform), Names(environment=f"{PULL_REQUESTS}*", account=platform.account)
    roles = [arns.role(account, every.any_role), arns.role(account, slices.roles)]
    ci_roles = [arns.role(account, platform.role(each)) for each in (EPHEMERAL, REAP)]
    own = arns.policy(account, platform.policy(PURPOSE))
    statements = [
        allow("Services", [f"{service}:*" for service in SERVICES if service != _NAMED], resources="*"),
        allow("Catalog", f"{_NAMED}:*", resources=in_catalog(every, region)),
        *_by_name(platform, region, ci_roles),
        allow("ReadIam", READ_IAM, resources="*"),
        allow("GrantRights", GRANT_RIGHTS, resources=roles, conditions={"StringEquals": {"iam:PermissionsBoundary": own}}),
        allow("Roles", MANAGE_ROLES, resources=roles),
        allow("PassRoles", "iam:PassRole", resources=roles, conditions={"StringEquals": {"iam:PassedToService": PASSED_TO}}),
        allow("InstanceProfiles", "iam:AddRoleToInstanceProfile", resources=f"arn:aws:iam::{account}:instance-profile/eks*"),
        allow(
            "LeftBehind",
            ("iam:DeleteInstanceProfile", "iam:ListInstanceProfiles", "iam:RemoveRoleFromInstanceProfile"),
            resources="*",
            conditions={"ArnLike": {"aws:PrincipalArn": ci_roles}},
        ),
        allow("ServiceRoles", "iam:CreateServiceLinkedRole", resources=arns.role(account, "aws-service-role/*")),
        deny("BoundaryOfRoles", "iam:DeleteRolePermissionsBoundary", resources="*"),
        deny_all_but("Others", _SHARED, conditions={**OF_OTHERS, "ArnNotLike": {"aws:PrincipalArn": ci_roles}}),
        deny_all_but("Region", GLOBAL, conditions={"StringNotEquals": {"aws:RequestedRegion": region}}),
    ]
    return limits.managed(document(*statements), platform.policy(PURPOSE))


def _by_name(platform: Names, region: str, ci_roles: list[str]) -> tuple[Statement, ...]:
    account, slices, every = platform.account, OfPullRequests(platform), f"{PULL_REQUESTS}*"
    own = arns.bucket(f"{PROJECT}-{every}-*-{account}")
    shared = arns.bucket(platform.any_bucket)
    return (
        allow("Buckets", "s3:*", resources=[own, f"{own}/*", f"{shared}/{slices.prefixes}"]),
        allow(
            "FindObjects",
            ("s3:ListBucket", "s3:ListBucketVersions"),
            resources=shared,
            conditions={"StringLike": {"s3:prefix": slices.prefixes}},
        ),
        *states(platform, ci_roles),
        allow("Secrets", "secretsmanager:*", resources=[arns.secret(region, account, name) for name in (f"{every}-*", slices.secrets)]),
        allow("DatabaseSecrets", MAKE_DATABASE_SECRETS, resources=arns.secret(region, account, "rds!*")),
        allow("BecomeRoles", ("sts:AssumeRole", "sts:TagSession"), resources=arns.role(account, f"{every}-*")),
        allow(
            "EnterPlatform",
            "sts:AssumeRole",
            resources=arns.role(account, platform.role("cluster-admin")),
            conditions={"ArnLike": {"aws:PrincipalArn": ci_roles}},
        ),
    )
