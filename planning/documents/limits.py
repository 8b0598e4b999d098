"""How long IAM lets a policy be: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read November 2026."""

from planning.refusal import Refused

MANAGED_POLICY = 6_144
"""Characters of one managed policy."""


def managed(policy: str, name: str) -> str:
    """The policy, if a managed one may be as long. Raises Refused."""
    # As IAM counts: without white space.
    characters = len("".join(policy.split()))
    if characters > MANAGED_POLICY:
        remedy = f"allow {characters - MANAGED_POLICY} characters less: merge statements, or leave out actions that nothing uses"
        raise Refused(
            got=f"policy `{name}`, {characters} characters without white space", expected=f"at most {MANAGED_POLICY}", remedy=remedy
        )
    return policy
