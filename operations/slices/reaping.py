"""Which environments are deleted by themselves. Whoever is in doubt keeps them, and says why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from operations.slices.recorded import Recorded
from operations.slices.tagged import Tagged
from stacks.pull_requests import is_of_pull_request


class Then(Enum):
    """What happens to an environment."""

    DELETED = "is deleted"
    KEPT = "is kept"
    LOOKED_AT = "needs somebody to look"


@dataclass(frozen=True, kw_only=True)
class Found:
    """An environment that has an expiry, or the name of one that should have."""

    stack: str
    recorded: Recorded | None
    """None: no state has it."""
    tagged: Tagged | None
    """None: AWS lists nothing of it."""
    file_without_expiry: bool
    """Whether the checkout has a stack file of that name which wants it to stay."""

    @property
    def expires(self) -> date | None:
        """The last day that anything says of it."""
        days = [each.expires for each in (self.recorded, self.tagged) if each is not None]
        return max((day for day in days if day is not None), default=None)


@dataclass(frozen=True)
class Verdict:
    """What happens to an environment, and why."""

    found: Found
    then: Then
    why: str


def all_found(recorded: Iterable[Recorded], tagged: Mapping[str, Tagged], without_expiry: Iterable[str]) -> list[Found]:
    """Everything that a state or AWS knows, each once, by name."""
    states, files = {each.stack: each for each in recorded}, {*without_expiry}
    return [
        Found(stack=stack, recorded=states.get(stack), tagged=tagged.get(stack), file_without_expiry=stack in files)
        for stack in sorted({*states, *tagged})
    ]


def verdict(found: Found, account: str, today: date) -> Verdict:
    """What happens to an environment on a day, with the credentials of an account."""
    expires = found.expires
    if expires is None:
        return Verdict(found, Then.KEPT, "it has no expiry: nothing deletes it by itself")
    if expires >= today:
        return Verdict(found, Then.KEPT, f"it is wanted until {expires}")
    if not is_of_pull_request(found.stack):
        return Verdict(found, Then.LOOKED_AT, f"expired on {expires}; it is no pull request's: destroy it, and delete its stack file")
    if found.file_without_expiry:
        return Verdict(found, Then.LOOKED_AT, "its stack file says no expiry: deploy that, or delete the file")
    if found.recorded is None:
        count = len(found.tagged.arns) if found.tagged else 0
        return Verdict(found, Then.LOOKED_AT, f"no state has it, and AWS lists {count} with its tag: delete them by hand")
    if others := found.recorded.accounts - {account}:
        return Verdict(found, Then.LOOKED_AT, f"it is in account {', '.join(sorted(others))}: reap there")
    return Verdict(found, Then.DELETED, f"expired on {expires}")
