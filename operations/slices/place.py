"""Where environments of pull requests are made: a project's directory, and the platform beside them."""

from dataclasses import dataclass
from pathlib import Path

from operations.slices.backend import Backend
from planning.names import Names
from scripts.deployed import Refused, compare_accounts, stack_files
from stacks.models import Settings
from stacks.source import checked, read


@dataclass(frozen=True)
class Place:
    """A project's directory, and the platform whose account and region environments of pull requests are made in."""

    directory: Path
    platform: Settings

    @property
    def backend(self) -> Backend:
        return Backend(self.directory)

    def stack_file(self, stack: str) -> Path:
        return stack_files(self.directory) / f"Pulumi.{stack}.yaml"

    def deployment(self, stack: str) -> str:
        """The tag of everything of a stack."""
        return Names(environment=stack, account=self.platform.account).deployment

    def must_be_ours(self, stack: str) -> None:
        """Raises Refused for a stack that is in another account, or says of nothing until when it is wanted: it was not made here."""
        found = self.backend.recorded(stack)
        if others := found.accounts - {self.platform.account}:
            raise Refused(f"{stack} is in account {', '.join(sorted(others))}, and {self.platform.environment} in {self.platform.account}")
        if found.resources and found.expires is None:
            raise Refused(f"{stack} has {found.resources} resources and no expiry: scripts/slice.py did not make it, and does not touch it")


def place(directory: Path, platform: str) -> Place:
    """Raises Refused where there is no such platform or the credentials are of another account, and StackFileRefused."""
    path = stack_files(directory) / f"Pulumi.{platform}.yaml"
    if not path.is_file():
        raise Refused(f"got platform `{platform}`; expected one that has a file {path}; name another with --platform")
    settings = checked(read(path))
    if not isinstance(settings, Settings):
        raise Refused(f"got `{platform}`, a tenant; expected a platform; name the one that it is on with --platform")
    compare_accounts(settings.account, settings.region, f"the stack file of {platform}")
    return Place(directory, settings)
