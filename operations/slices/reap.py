"""Finding the environments of pull requests that have expired, and deleting them."""

from collections.abc import Iterable
from datetime import date

from botocore.exceptions import BotoCoreError, ClientError

from operations.slices import leaving, reaping, tagged
from operations.slices.place import Place
from operations.slices.reaping import Then, Verdict
from scripts.deployed import Refused
from stacks.pull_requests import is_of_pull_request
from stacks.source import read


def verdicts(here: Place, today: date, only: str | None = None) -> list[Verdict]:
    """What becomes of every environment that AWS or the backend knows, or of one. Nothing is changed. Raises Refused."""
    backend = here.backend
    listed = {stack: each for stack, each in tagged.by_stack(here.platform.region).items() if only in (None, stack)}
    # Of a stack that is not a pull request's nothing is read: its state is none of the reaper's business.
    marked = backend.stacks()
    names = [stack for stack in sorted({*marked, *listed}) if is_of_pull_request(stack) and only in (None, stack)]
    states = [backend.recorded(stack) for stack in names if stack in marked or backend.has(stack)]
    kept = [stack for stack in {*listed, *(each.stack for each in states)} if _wants_to_stay(here, stack)]
    return [reaping.verdict(each, here.platform.account, today) for each in reaping.all_found(states, listed, kept)]


def delete(here: Place, found: Iterable[Verdict], today: date) -> list[str]:
    """Deletes what is to be deleted, one after the other. Returns what could not be, each with its reason; raises KeyboardInterrupt."""
    failed: list[str] = []
    for each in found:
        if each.then is not Then.DELETED:
            continue
        print(f"{each.found.stack} is deleted: {each.why}", flush=True)
        try:
            # Others took their time, and somebody may want it for longer by now.
            if [again.then for again in verdicts(here, today, each.found.stack)] != [Then.DELETED]:
                print(f"{each.found.stack} stays: it is wanted again", flush=True)
                continue
            leaving.destroy(here, each.found.stack)
        except (Refused, BotoCoreError, ClientError) as error:
            failed.append(f"{each.found.stack}: {error}")
    return failed


def _wants_to_stay(here: Place, stack: str) -> bool:
    path = here.stack_file(stack)
    return path.is_file() and "expires" not in read(path).given
