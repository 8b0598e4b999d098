"""Rights to everything: IAM.1."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.documents import allowing, everything, listed
from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_ADMINISTRATOR = ":iam::aws:policy/AdministratorAccess"
_DOCUMENTS = ("Policy", "RolePolicy", "UserPolicy", "GroupPolicy", "Role")
_ATTACHMENTS = (
    "RolePolicyAttachment",
    "UserPolicyAttachment",
    "GroupPolicyAttachment",
    "PolicyAttachment",
    "RolePolicyAttachmentsExclusive",
)


def _check(resource: Resource) -> Iterator[Finding]:
    properties = resource.properties
    if "policy" in properties:
        yield from _document(properties["policy"], "policy")
    inline: Any = properties.get("inlinePolicies") or []
    if inline is UNKNOWN:
        yield Unverified("inlinePolicies is not known yet.")
    else:
        for index, each in enumerate(inline):
            document = UNKNOWN if each is UNKNOWN else each.get("policy")
            yield from _document(document, f"inlinePolicies[{index}].policy")
    yield from _attached(properties)


def _document(document: Any, where: str) -> Iterator[Finding]:
    for statement in allowing(document, where):
        if not isinstance(statement, Mapping):
            yield statement
            continue
        said = f"the statement {statement.get('Sid', 'without Sid')!r} of {where}"
        actions = listed(statement.get("Action"))
        if any(everything(each) for each in actions):
            yield Violation(f"{said} allows every action: list the actions that are needed.")
        elif "NotAction" in statement:
            yield Violation(f"{said} allows all but some actions (NotAction): list the actions that are needed.")
        elif UNKNOWN in actions:
            yield Unverified(f"an action of {said} is not known yet.")


def _attached(properties: Mapping[str, Any]) -> Iterator[Finding]:
    several = [listed(properties.get(name)) for name in ("policyArn", "policyArns", "managedPolicyArns")]
    for arn in [arn for some in several for arn in some]:
        if arn is UNKNOWN:
            yield Unverified("the ARN of an attached policy is not known yet; the document of a policy of ours is checked itself.")
        elif isinstance(arn, str) and arn.endswith(_ADMINISTRATOR):
            yield Violation(f"{arn} allows every action on everything: attach a policy with the actions that are needed.")


RULE = ResourceRule(
    name="iam-all-actions",
    description="No policy allows every action.",
    types=frozenset(f"aws:iam/{name[0].lower()}{name[1:]}:{name}" for name in (*_DOCUMENTS, *_ATTACHMENTS)),
    check=_check,
)
