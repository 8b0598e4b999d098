"""What a project of the feature store is called in Feast.

Feast ends the keys of the online store with the project's name and puts nothing before it, and ElastiCache tells users apart by
patterns of keys: whoever may read `*risk` reads the keys of a project `credit_risk` too. So no name may be the end of another.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from planning.refusal import Refused

MOST = 8
"""Projects of one platform: planning/names.py and ElastiCache's 100 users of a group leave room for them, and for tenants beside them."""

_DIGITS = 8


def project(name: str) -> str:
    """The project's name in Feast: `name` with `_` for hyphens, `_`, and 8 hexadecimal digits of its SHA-256.

    All end in as many digits, so that one can be the end of another only if their digits are the same.
    """
    return f"{name.replace('-', '_')}_{sha256(name.encode()).hexdigest()[:_DIGITS]}"


def of_tenant(project: str, tenant: str) -> str:
    """The name in Feast of a tenant's project: `project`, `_`, and 8 hexadecimal digits of a SHA-256 of the tenant's stack.

    Of the stack, which is the only one of its name, so that two tenants that call their projects alike are kept apart too, where neither
    knows of the other: two pull requests say.
    """
    return f"{project}_{sha256(f'tenant/{tenant}'.encode()).hexdigest()[:_DIGITS]}"


def apart(project: str, others: Iterable[str]) -> None:
    """Raises Refused where a name in Feast ends one of the others, or one of them ends it."""
    for other in others:
        if project.endswith(other) or other.endswith(project):
            raise Refused(
                got=f"project `{project}` in Feast beside `{other}`",
                expected="names of which none is the end of another, as the keys of one could be taken for the other's",
                remedy="rename the stack",
            )


def projects(names: Iterable[str]) -> Mapping[str, str]:
    """The names in Feast by the names of a stack file. Raises Refused for two with the same digits."""
    found: dict[str, str] = {}
    for name in names:
        made = project(name)
        same = next((each for each, other in found.items() if other[-_DIGITS:] == made[-_DIGITS:]), None)
        if same is not None:
            raise Refused(
                got=f"projects `{same}` and `{name}`, whose names in Feast both end with {made[-_DIGITS:]}",
                expected="names with different ends, as the keys of one could be taken for the other's",
                remedy="rename one of them",
            )
        found[name] = made
    return found
