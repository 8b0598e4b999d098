"""What scripts/new_stack.py does, step by step: everything is right before anything is written, and everything written is whole."""

import argparse
import os
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

from planning import catalogue
from planning.names import Names
from planning.refusal import Refused
from planning.state import secrets_provider
from scripts import asking, first_preview
from scripts.asking import Question
from scripts.first_preview import Place, Stopped
from scripts.shown import INTERRUPTED
from stacks.checking import profiles
from stacks.draft import IDENTITY, SALT, Draft, free_range
from stacks.models import Settings
from stacks.models.platform import Classification
from stacks.outline import description
from stacks.problems import Problem, shown

_NOBODY = 2
_SECRETS = "secrets_provider"

_ALLOWED = {"profile": tuple(profiles()), "region": tuple(catalogue.ZONES), "data_classification": get_args(Classification)}


def create(options: argparse.Namespace, project: Path) -> int:
    """Makes the stack that the options of scripts/new_stack.py describe. Returns its exit code; what is refused is on stderr."""
    try:
        _make(_complete(options, _draft(options, project / "stacks")), project, options)
    except Stopped as refusal:
        print(f"new_stack: {refusal}", file=sys.stderr)
        return refusal.code
    except (KeyboardInterrupt, EOFError):
        print("\nnew_stack: interrupted", file=sys.stderr)
        return INTERRUPTED
    return 0


def _draft(options: argparse.Namespace, directory: Path) -> Draft:
    """What was given. Raises Stopped where there is such a stack file, or no range that is free."""
    given = {key: vars(options)[key] for key in IDENTITY if vars(options)[key] is not None}
    try:
        draft = Draft(directory, options.name, given, options.cidr or free_range(directory), _zones(options))
    except Refused as refused:
        raise Stopped(f"network.cidr: {refused}; or give a range with --cidr") from None
    if os.path.lexists(draft.path):
        raise Stopped(f"stacks/{draft.path.name} exists already, and is not overwritten: choose another name, or edit the file")
    return draft


def _zones(options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(name.strip() for name in (options.zone_names or "").split(",") if name.strip())


def _complete(options: argparse.Namespace, draft: Draft) -> Draft:
    """The draft with nothing missing and nothing wrong. Raises Stopped, with all that is."""
    questions = {key: _question(draft, key) for key in draft.unanswered}
    provider: str | None = options.secrets_provider
    refused = _lines(draft, draft.problems)
    if provider is not None:
        refused += _wrong_provider(provider) if options.on == "aws" else ["--secrets-provider: is only for --on aws; remove it"]
    nobody = bool(questions) and not asking.terminal()
    if nobody:
        refused += ["there is no terminal to ask on; these options are missing:", asking.missing(list(questions.values()))]
    _must_be_right(refused, _NOBODY if nobody else 1)
    answers = asking.answers(questions)
    for key, value in answers.items():
        draft = draft.saying(key, value)
    if answers:
        print(f"\nThe same without questions: {_command(options, draft, provider)}\n", flush=True)
        _must_be_right(_lines(draft, draft.problems))
    return draft


def _command(options: argparse.Namespace, draft: Draft, provider: str | None) -> str:
    """What would have made the same without a question."""
    given = {**draft.values, "cidr": options.cidr, "zone_names": options.zone_names, "on": options.on, _SECRETS: provider}
    words = [word for key, value in given.items() if value is not None for word in (_option(key), value)]
    return shlex.join(["scripts/new_stack.py", draft.stack, *words, *([] if options.preview else ["--no-preview"])])


def _make(draft: Draft, project: Path, options: argparse.Namespace) -> None:
    stack = draft.stack
    place = None
    if options.on == "aws":
        account, region = draft.values["account"], draft.values["region"]
        provider: str = options.secrets_provider or secrets_provider(Names(environment=stack, account=account), region)
        place = first_preview.aws(project, account, region, provider)
    _write(draft)
    try:
        place = place or first_preview.local_cloud(project, stack)
        place.initialise(stack)
    except BaseException:
        draft.path.unlink(missing_ok=True)
        print(f"new_stack: stacks/{draft.path.name} is removed again, nothing was deployed", file=sys.stderr)
        raise
    _explain_salt(draft.path)
    print(f"stacks/{draft.path.name} is written, and its stack has nothing in it. To undo this, delete the file.", flush=True)
    if options.preview:
        _preview(place, draft)
    print("\n".join(_next(draft, options.on)))


def _preview(place: Place, draft: Draft) -> None:
    try:
        place.preview(draft.stack)
    except (Stopped, KeyboardInterrupt):
        print(f"new_stack: stacks/{draft.path.name} stands, correct it or delete it; nothing was deployed", file=sys.stderr)
        raise


def _next(draft: Draft, on: str) -> tuple[str, str]:
    name, stack = f"stacks/{draft.path.name}", draft.stack
    if on == "local":
        return f"make demo STACK={stack}  # brings it up on this machine", f"make down STACK={stack}  # takes it away"
    commit = f"git switch -c {stack} && git add {name} && git commit -m 'Stack {stack}'  # then a pull request"
    return commit, f"pulumi up --policy-pack policies --stack {stack}  # when it is merged"


def _write(draft: Draft) -> None:
    """All of the file at once, or none of it, and never over another one."""
    unfinished = draft.path.with_name(f".{draft.path.name}.{os.getpid()}")
    try:
        unfinished.write_text(draft.text, encoding="utf-8")
        os.link(unfinished, draft.path)
    except FileExistsError:
        raise Stopped(f"stacks/{draft.path.name} was made by somebody else just now, and is not overwritten") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _explain_salt(path: Path) -> None:
    """Puts the comment above `encryptionsalt`, which Pulumi adds without one."""
    text = path.read_text(encoding="utf-8")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(text.replace("\nencryptionsalt:", f"\n{SALT}\nencryptionsalt:"), encoding="utf-8")
    unfinished.replace(path)


def _question(draft: Draft, key: str) -> Question:
    def wrong(answer: str) -> Sequence[str]:
        asked = draft.saying(key, answer)
        return _lines(asked, (problem for problem in asked.problems if problem.path == key))

    return Question(_option(key), description(Settings, (key,)), wrong, _ALLOWED.get(key, ()), draft.usual(key))


def _wrong_provider(url: str) -> list[str]:
    if url.startswith("awskms://") and len(url) > len("awskms://"):
        return []
    expected = Problem(
        _option(_SECRETS), shown(url), "a KMS key", "write awskms://alias/NAME?region=REGION, or awskms:///ARN?region=REGION"
    )
    return [expected.line("scripts/new_stack.py")]


def _must_be_right(refused: Sequence[str], code: int = 1) -> None:
    if refused:
        raise Stopped("\n".join(["nothing was written:", *refused]), code)


def _lines(draft: Draft, problems: Iterable[Problem]) -> list[str]:
    return [problem.line(f"stacks/{draft.path.name}") for problem in problems]


def _option(key: str) -> str:
    return f"--{key.replace('_', '-')}"
