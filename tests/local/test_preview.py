"""`make preview`, as a reviewer types it."""

import os
import re
import subprocess

from localcloud import emulator
from localcloud.instance import CHECKOUT, Instance

STAGING_ACCOUNT = "222222222222"


def test_preview_of_a_stack_that_is_not_there_leaves_nothing_behind(cloud: Instance) -> None:
    stack_files = {path: path.read_bytes() for path in (CHECKOUT / "stacks").glob("*.yaml")}
    environment = {**os.environ, "LOCALCLOUD_DIR": str(cloud.directory)}
    done = subprocess.run(["make", "preview", "STACK=staging"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\+ \d+ to create", done.stdout), done.stdout
    assert {path: path.read_bytes() for path in (CHECKOUT / "stacks").glob("*.yaml")} == stack_files
    assert STAGING_ACCOUNT not in emulator.dump(cloud)
    assert "staging" not in [path.stem for path in cloud.path("state").rglob("*.json")]
