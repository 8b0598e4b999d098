"""Which stacks a change can touch, by the paths of the files that it changes."""

import re
from collections.abc import Iterable, Set

_STACK_FILE = re.compile(r"stacks/Pulumi\.([^/]+)\.yaml")

# Nothing that is deployed is made from them. The local cloud only shows what is: its own tests are what a change of it is held against.
_INERT_DIRECTORIES = ("tests/", "docs/", "examples/", "bench/", "scripts/", "operations/", "localcloud/", ".github/", ".ci/")
_INERT_FILES = ("Makefile", "pyproject.toml", ".gitignore", "stacks/schema.json", "stacks/generate.py", "stacks/documentation.py")
# Of what is installed, the program runs on the project's own packages.
_OTHER_PACKAGES = re.compile(r"requirements/(?!project\.)")


def stack_of(path: str) -> str | None:
    """The stack whose file it is."""
    found = _STACK_FILE.fullmatch(path)
    return found[1] if found else None


def stacks(paths: Iterable[str]) -> set[str]:
    """The stacks that have a file among these."""
    return {stack for path in paths if (stack := stack_of(path)) is not None}


def of_program(path: str) -> bool:
    """Whether every stack is made from the file: so it is with any that is not known to be of something else."""
    if stack_of(path) is not None or path.endswith(".md"):
        return False
    return not (path.startswith(_INERT_DIRECTORIES) or path in _INERT_FILES or _OTHER_PACKAGES.match(path))


def affected(changed: Iterable[str], there: Set[str]) -> list[str]:
    """The stacks that may differ after a change of these files, sorted. `there` are those that have a file before or after it."""
    paths = list(changed)
    if any(of_program(path) for path in paths):
        return sorted(there)
    return sorted(stacks(paths) & there)
