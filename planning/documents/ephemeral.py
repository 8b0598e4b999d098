"""What CI may do with environments of pull requests: one role makes them, the other only looks at them and removes them.

Both act on whatever is called after a pull request, on all of them alike: planning/names.py says how, and stacks/checking.py that nothing
else is called so.
"""

from collections.abc import Mapping

from planning import arns
from planning.documents import boundary, ephemeral_boundary
from planning.documents.ci import EPHEMERAL, REAP, checked, service_roles
from planning.documents.ci_state import read_state, write_state
from planning.documents.managing import network, services
from planning.documents.managing_data import data
from planning.documents.managing_events import events
from planning.documents.reading import reading
from planning.documents.removing import left_behind, removing
from planning.documents.slices import OF_OTHERS, objects, on_platform
from planning.documents.statements import Statement, allow, deny_all_but
from planning.names import PULL_REQUESTS, Names
from planning.tenants import OfPullRequests

_PASSED_TO = tuple(f"{service}.amazonaws.com" for service in ("eks", "firehose", "monitoring.rds", "pods.eks"))

_LOOKING = ("ec2:Describe*", "ec2:Get*", "elasticache:Describe*", "elasticache:List*", "rds:Describe*", "rds:List*")


def create(platform: Names, region: str) -> Mapping[str, str]:
    """Makes, changes and removes what stacks of pull requests are made of, within the boundary that all their roles carry: whole
    environments, and slices of the platform. Of the platform it reads the contract, and enters its clusters as their administrator: a
    slice's namespaces, and the Job that makes its database, are in them. Raises Refused for policies that IAM would not take."""
    every = every_pull_request(platform)
    return checked(
        platform,
        EPHEMERAL,
        {
            "read": reading(every, region),
            "network": (*network(), _others(every, region)),
            "data": data(every, region, destroyable=True),
            "services": _services(every, region),
            "events": events(every, region),
            "roles": (*_roles(platform, every), *_entering(platform, every)),
            "slices": on_platform(platform, region),
            "state": (*read_state(every, region), *write_state(every, region)),
        },
    )


def reap(platform: Names, region: str) -> Mapping[str, str]:
    """Looks at what stacks of pull requests are made of, and removes it, with what controllers made and pods wrote. It makes and changes
    nothing in AWS; the Job that drops a slice's database it makes in the platform's cluster. Raises Refused for policies that IAM would
    not take."""
    every = every_pull_request(platform)
    return checked(
        platform,
        REAP,
        {
            "read": reading(every, region),
            "network": (*removing(network()), *left_behind(), _others(every, region)),
            "data": tuple(removing(data(every, region, destroyable=True))),
            "services": (*removing(_services(every, region)), *removing(events(every, region))),
            "slices": (
                *removing(_roles(platform, every)),
                *_entering(platform, every),
                *removing(on_platform(platform, region)),
                *objects(platform),
            ),
            "state": (*read_state(every, region), *write_state(every, region)),
        },
    )


def every_pull_request(platform: Names) -> Names:
    """Of all environments of pull requests at once, for patterns only: nothing can be called so."""
    return Names(environment=f"{PULL_REQUESTS}*", account=platform.account)


def _services(every: Names, region: str) -> tuple[Statement, ...]:
    """No runner: that is the platform's, and an environment of a pull request has no `ci`."""
    return tuple(each for each in services(every, region) if each["Sid"] != "Runners")


def _roles(platform: Names, every: Names) -> tuple[Statement, ...]:
    """It makes no managed policy: the boundary is the platform's, and the roles of a pull request have inline policies."""
    account = platform.account
    roles = [arns.role(account, every.any_role), arns.role(account, OfPullRequests(platform).roles)]
    own = {"StringEquals": {"iam:PermissionsBoundary": arns.policy(account, platform.policy(ephemeral_boundary.PURPOSE))}}
    return (
        allow("GrantRights", boundary.GRANT_RIGHTS, resources=roles, conditions=own),
        allow("Roles", (*boundary.MANAGE_ROLES, "iam:ListInstanceProfilesForRole"), resources=roles),
        allow("PassRoles", "iam:PassRole", resources=roles, conditions={"StringEquals": {"iam:PassedToService": _PASSED_TO}}),
        service_roles(account),
    )


def _entering(platform: Names, every: Names) -> tuple[Statement, ...]:
    """As their administrator, whose group may do everything in them: docs/decisions/0003, and docs/threat-model.md for what it means that
    the platform's cluster is among them."""
    account = platform.account
    return (
        allow("EnterClusters", "sts:AssumeRole", resources=arns.role(account, f"{every.environment}-cluster-admin")),
        allow("EnterPlatform", "sts:AssumeRole", resources=arns.role(account, platform.role("cluster-admin"))),
    )


def _others(every: Names, region: str) -> Statement:
    """EC2 names what it makes itself, and Pulumi groups of parameters and subnets: whatever is allowed on all of these, what another
    deployment has tagged as its own is not touched. What nobody has tagged is not kept from it."""
    here = f"{region}:{every.account}"
    groups = [f"arn:aws:elasticache:{here}:{kind}:*" for kind in ("parametergroup", "subnetgroup")]
    return deny_all_but("Others", _LOOKING, conditions=OF_OTHERS, resources=["arn:aws:ec2:*", f"arn:aws:rds:{here}:*", *groups])
