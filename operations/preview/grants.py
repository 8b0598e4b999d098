"""Whether a change lets anybody do more than before.

By statements, not by what they amount to: an Allow that was not there word for word is more, and so is a Deny that goes, or gets another
word, unless what it guards goes too. What binds a role to permissions, or somebody to a role, is more when it comes or changes. A document
that is known only after the update is taken for more.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from operations.preview.changes import Change
from planning.billed import UNKNOWN

# The inputs of AWS's resources that are such documents.
_DOCUMENTS = frozenset({"policy", "assumeRolePolicy", "accessPolicies", "resourcePolicy"})

_BINDINGS = frozenset(
    {
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "aws:iam/policyAttachment:PolicyAttachment",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "kubernetes:rbac.authorization.k8s.io/v1:Role",
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    }
)

_ROLE = "aws:iam/role:Role"


def widened(change: Change, gone: Collection[str]) -> list[str]:
    """The properties by which more is allowed; `*` is the resource as such. Empty where nothing is.

    `gone` are the URNs of all that is deleted.
    """
    if change.type in _BINDINGS:
        return [] if change.action == "delete" else ["*"]
    if change.action == "delete" and any(urn in gone for urn in change.before.get("dependencies") or ()):
        return []
    if not change.type.startswith("aws:"):
        return []
    before, after = (state.get("inputs") or {} for state in (change.before, change.after))
    names = sorted(_DOCUMENTS & {*before, *after})
    return [name for name in names if _is_more(before.get(name), after.get(name))] + list(_of_a_role(change, before, after))


def _is_more(before: Any, after: Any) -> bool:
    if before == after and before != UNKNOWN:
        return False
    was, would = _statements(before), _statements(after)
    if would is None:
        return True
    return bool(would["Allow"] - (was or _NONE)["Allow"]) or bool((was or _NONE)["Deny"] - would["Deny"])


_NONE: Mapping[str, frozenset[str]] = {"Allow": frozenset(), "Deny": frozenset()}


def _statements(document: Any) -> Mapping[str, frozenset[str]] | None:
    """The statements by their effect, each in one spelling; None where they cannot be read."""
    if document is None:
        return _NONE
    try:
        found: Any = json.loads(document)["Statement"]
        each_of = found if isinstance(found, list) else [found]
        # An Sid says nothing.
        spelled = [(one["Effect"], json.dumps({**one, "Sid": ""}, sort_keys=True)) for one in each_of]
    except (ValueError, TypeError, KeyError):
        return None
    return {effect: frozenset(text for of, text in spelled if of == effect) for effect in _NONE}


def _of_a_role(change: Change, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if change.type != _ROLE or change.action == "delete":
        return
    if change.action != "create" and before.get("permissionsBoundary") != after.get("permissionsBoundary"):
        yield "permissionsBoundary"
    attached = after.get("managedPolicyArns") or []
    if attached == UNKNOWN or set(attached) - set(before.get("managedPolicyArns") or ()):
        yield "managedPolicyArns"
    if (policies := after.get("inlinePolicies")) and policies != before.get("inlinePolicies"):
        yield "inlinePolicies"
