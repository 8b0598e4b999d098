"""From the caller of a token to a Kubernetes user: what EKS does with access entries and access policies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from localcloud.kubernetes.token import Caller

# The access policies whose meaning manifests/access_policies.yaml gives to a group of the same name.
POLICIES = (
    "AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSViewPolicy",
)  # fmt: skip

# https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html: neither usernames nor groups may begin so.
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:", "localcloud:")

_ASSUMED_ROLE = re.compile(r"arn:(?P<partition>aws[a-z-]*):sts::(?P<account>\d{12}):assumed-role/(?P<role>[^/]+)/(?P<session>.+)")
_ROLE = re.compile(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):role/(?:.*/)?(?P<role>[^/]+)")


class NotMapped(Exception):
    """The caller has no access to the cluster; the message says why and what would give it."""


@dataclass(frozen=True)
class Entry:
    """An access entry with its policy associations, as EKS describes them."""

    principal: str
    type: str
    username: str
    groups: Sequence[str]
    policies: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class User:
    """A Kubernetes user: what TokenReview answers. `extra` is as aws-iam-authenticator fills it."""

    username: str
    uid: str
    groups: tuple[str, ...]
    extra: Mapping[str, Sequence[str]]


def principal(caller: Caller, principals: Sequence[str]) -> str:
    """The one of the cluster's access-entry principals that the caller is. Raises NotMapped.

    A session's ARN lacks the path of its role, and role names are unique in an account, so paths are left out of the comparison.
    """
    wanted = _without_path(caller.arn)
    for candidate in principals:
        if _without_path(candidate) == wanted:
            return candidate
    raise NotMapped(f"{caller.arn} has no access entry in this cluster: create one for {wanted}")


def user(caller: Caller, entry: Entry, log: Callable[[str], None]) -> User:
    """The Kubernetes user of a caller with an access entry. Raises NotMapped.

    `log` is told of every association that is not modelled: the caller then has less than on AWS, never more.
    """
    if entry.type != "STANDARD":
        raise NotMapped(f"the access entry of {entry.principal} is of type {entry.type}, which is for nodes; there are none here")
    reserved = [name for name in (entry.username, *entry.groups) if name.startswith(_RESERVED)]
    if reserved:
        raise NotMapped(f"the access entry of {entry.principal} has {reserved}: names may not begin with {', '.join(_RESERVED)}")
    session = _ASSUMED_ROLE.fullmatch(caller.arn)
    name = session["session"] if session else ""
    template = entry.username or _default_username(entry.principal)
    username = template.replace("{{SessionNameRaw}}", name).replace("{{SessionName}}", name.replace("@", "-"))
    extra = {"arn": [caller.arn], "canonicalArn": [entry.principal], "principalId": [caller.user_id.split(":")[0]], "sessionName": [name]}
    groups = (*entry.groups, *_policy_groups(entry, log))
    return User(username, f"aws-iam-authenticator:{caller.account}:{caller.user_id.split(':')[0]}", tuple(dict.fromkeys(groups)), extra)


def _policy_groups(entry: Entry, log: Callable[[str], None]) -> list[str]:
    groups: list[str] = []
    for association in entry.policies:
        policy = str(association["policyArn"]).rpartition("/")[2]
        scope = association["accessScope"]
        if policy not in POLICIES:
            log(f"{entry.principal}: access policy {policy} is not modelled and gives nothing; add it to manifests/access_policies.yaml")
        elif scope["type"] != "cluster":
            log(f"{entry.principal}: {policy} for namespaces {scope.get('namespaces')} gives nothing: only cluster scope is modelled")
        else:
            groups.append(f"localcloud:{policy}")
    return groups


def _default_username(principal_arn: str) -> str:
    role = _ROLE.fullmatch(principal_arn)
    if role is None:
        return principal_arn
    return f"arn:{role['partition']}:sts::{role['account']}:assumed-role/{role['role']}/{{{{SessionName}}}}"


def _without_path(arn: str) -> str:
    match = _ASSUMED_ROLE.fullmatch(arn) or _ROLE.fullmatch(arn)
    return f"arn:{match['partition']}:iam::{match['account']}:role/{match['role']}" if match else arn
