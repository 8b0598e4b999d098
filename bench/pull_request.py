"""How long a pull request waits for its preview."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from bench.cloud import cloud, demo, platform
from bench.measure import Figure, say, seconds
from bench.new_stack import copy
from localcloud.instance import CHECKOUT

_FLOOR_SECONDS, _GOAL_SECONDS = 240.0, 120.0
_CHANGED, _BEFORE, _AFTER = Path("tiers", "data_bucket.py"), "NONCURRENT_DAYS = 30\n", "NONCURRENT_DAYS = 31\n"
_STACKS = ("dev", "staging", "prod")
_PREVIEWED = (0, 1)
"""With 1 somebody is to look."""


def preview() -> Figure:
    """`scripts/preview.py` of one changed line, over three stacks, with everything installed and no base kept.

    Taken once, because a pair is ten minutes. With the bases kept it is said, and not judged.
    """
    with _clone() as clone, tempfile.TemporaryDirectory(prefix="bench-") as kept:
        command = [sys.executable, "scripts/preview.py", "--base", "main", "--cache", kept, "--output", str(Path(kept, "output"))]
        cold, warm = (seconds(command, clone, os.environ, _PREVIEWED) for _ in range(2))
    say(f"  {cold:.0f} s where no base is kept, {warm:.0f} s where all are")
    return Figure(
        name="preview-pull-request",
        unit="s",
        measured=f"a pull request of one line previewed for {len(_STACKS)} stacks, no base kept (kept: {warm:.0f} s)",
        values=[cold],
        compared_to="`pulumi up` and `pulumi preview` of dev alone",
        others=[_plain()],
        floor=_FLOOR_SECONDS,
        goal=_GOAL_SECONDS,
        absolute=True,
    )


def _plain() -> float:
    with cloud() as instance:
        up = demo(instance, "dev")
        return up + platform(instance, "dev").pulumi("preview", "--policy-pack", "policies")


@contextmanager
def _clone() -> Generator[Path]:
    """A clone of the checkout as it is, with the line changed."""
    with copy() as checkout:
        for file in (checkout / "stacks").glob("Pulumi.*.yaml"):
            if file.name.split(".")[1] not in _STACKS:
                file.unlink()
        (checkout / ".gitignore").write_bytes((CHECKOUT / ".gitignore").read_bytes() + b".venv\n")
        for arguments in (["init", "--initial-branch", "main"], ["add", "."], ["commit", "--message", "base"], ["switch", "-c", "topic"]):
            identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", *identity, *arguments], cwd=checkout, check=True, capture_output=True)
        text = (checkout / _CHANGED).read_text()
        (checkout / _CHANGED).write_text(text.replace(_BEFORE, _AFTER))
        yield checkout
