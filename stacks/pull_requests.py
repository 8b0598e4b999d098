"""What only environments of pull requests may be called and say, and who may have some beside it.

CI makes and removes them by their names (planning/documents/ephemeral.py): nothing that lasts is called as they are.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from planning.names import PULL_REQUESTS
from stacks.models import Settings, Tenant
from stacks.problems import Problem, shown

SHORT_LIVED = "preview"
"""The profile whose environments may have a day on which they go."""
SHARED = "development"
"""The profile of the platforms that pull requests may share."""

_STACK = re.compile(rf"{PULL_REQUESTS}([1-9][0-9]{{0,8}})")
_IN_FEAST = PULL_REQUESTS.replace("-", "_")
_DELETED = "what begins so in the platform's buckets is deleted with a pull request's slice"


def is_of_pull_request(stack: str) -> bool:
    """Whether a stack has the name of a pull request's: no other is ever deleted by scripts/slice.py."""
    return _STACK.fullmatch(stack) is not None


def about_name(stack: str, given: Mapping[str, Any]) -> Iterator[Problem]:
    """CI may change and delete what is called as pull requests' stacks are: that is so only for what goes by itself."""
    if f"{stack}-".startswith(PULL_REQUESTS) and not (is_of_pull_request(stack) and given.get("expires")):
        expected = (
            f"one that is not {PULL_REQUESTS[:-1]} and does not begin with {PULL_REQUESTS}, unless a number follows and `expires` is set"
        )
        yield Problem(
            "the stack's name", shown(stack), expected, "rename the stack and its file: scripts/slice.py deletes what is called so"
        )


def problems(settings: Settings) -> Iterator[Problem]:
    """Everything in which a platform's settings do not fit what it is for."""
    if settings.expires is not None and settings.profile != SHORT_LIVED:
        expected = f"no day: only an environment of the profile {SHORT_LIVED} is ever deleted by itself, and this one is {settings.profile}"
        yield Problem("expires", str(settings.expires), expected, "remove it: docs/procedures/retire-a-stack.md says how one is retired")
    if settings.boundary is not None and settings.profile != SHORT_LIVED:
        expected = f"nothing: only an environment of the profile {SHORT_LIVED} has another's boundary, and this one is {settings.profile}"
        yield Problem("boundary", shown(settings.boundary), expected, "remove it: the environment makes one of its own")
    if settings.ci is not None and settings.ci.ephemeral and settings.profile != SHARED:
        expected = f"false: pull requests share a platform of the profile {SHARED} only, and this one is {settings.profile}"
        yield Problem("ci.ephemeral", "true", expected, f"remove it, or set it in a stack file of the profile {SHARED}")
    for number, project in enumerate(settings.feature_store.projects):
        if project.startswith(PULL_REQUESTS):
            yield Problem(
                f"feature_store.projects.{number}", shown(project), f"none that begins with {PULL_REQUESTS}: {_DELETED}", "rename it"
            )


def of_tenant(tenant: Tenant) -> Iterator[Problem]:
    """The same, of a tenant."""
    if tenant.boundary is not None and tenant.expires is None:
        expected = "nothing: only a tenant that goes by itself has another boundary than its platform's"
        yield Problem("boundary", shown(tenant.boundary), expected, "remove it, or say in `expires` until when the tenant is wanted")
    if tenant.feast_project.startswith(_IN_FEAST) and not is_of_pull_request(tenant.environment):
        yield Problem("feast_project", shown(tenant.feast_project), f"none that begins with {_IN_FEAST}: {_DELETED}", "rename it")
