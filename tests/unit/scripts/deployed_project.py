"""A project with a deployed stack, on a pulumi that only writes down what it is asked, and an account of moto's."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto import mock_aws

ACCOUNT = "123456789012"  # moto's
URN = "urn:pulumi:prod::ml-platform::tier$"

# The command named in FAIL fails, the one in CANCEL does nothing and ends with 0, as a cancelled one does. What it was called with,
# and the stack file of an update, are kept.
PULUMI = f"""#!{sys.executable}
import json, os, pathlib, shutil, sys
here = pathlib.Path({{here!r}})
words = sys.argv[1:]
with (here / "calls").open("a") as calls:
    calls.write(" ".join(words) + "\\n")
if "--config-file" in words:
    shutil.copy(words[words.index("--config-file") + 1], here / "update.yaml")
if words[0] == os.environ.get("FAIL"):
    sys.exit(7)
if words[0] == os.environ.get("CANCEL"):
    sys.exit(0)
state = json.loads((here / "state.json").read_text())
if words[0] == "stack":
    print(json.dumps(state))
elif words[0] == "up":
    for each in state["deployment"]["resources"]:
        each["protect"] = False
        each["inputs"] = dict(each.get("inputs", dict()), deletionProtection=False, forceDestroy=True)
else:
    state["deployment"]["resources"] = []
(here / "state.json").write_text(json.dumps(state))
"""


def resource(type_: str, name: str, *, protect: bool = True, **inputs: Any) -> dict[str, Any]:
    return {"urn": f"{URN}{type_}::{name}", "type": type_, "id": f"{name}-id", "protect": protect, "inputs": inputs}


DATABASE = resource("aws:rds/instance:Instance", "registry", deletionProtection=True, finalSnapshotIdentifier="prod-registry-final")
BUCKET = resource("aws:s3/bucket:Bucket", "models", forceDestroy=False)
KEY = resource("aws:kms/key:Key", "data", deletionWindowInDays=30)
REPOSITORY = resource("aws:ecr/repository:Repository", "trainer", protect=False, forceDelete=False)
ROLE = resource("aws:iam/role:Role", "nodes", protect=False)
STACK = {"urn": "urn:pulumi:prod::ml-platform::pulumi:pulumi:Stack::ml-platform-prod", "type": "pulumi:pulumi:Stack"}


class Project:
    """A project in a directory, with a stack `prod`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.stack_file = directory / "stacks" / "Pulumi.prod.yaml"
        self.stack_file.parent.mkdir()
        (directory / "Pulumi.yaml").write_text("name: ml-platform\nstackConfigDir: stacks\n")
        self.settings(account=ACCOUNT)
        self.state(STACK, DATABASE, BUCKET, KEY, ROLE)
        pulumi = directory / "bin" / "pulumi"
        pulumi.parent.mkdir()
        pulumi.write_text(PULUMI.replace("{here!r}", repr(str(directory))))
        pulumi.chmod(0o755)

    def settings(self, *, account: str, **others: str) -> None:
        settings = {"account": account, "region": "eu-west-1", **others}
        self.stack_file.write_text(yaml.safe_dump({"config": {"ml-platform:settings": settings}, "encryptionsalt": "v1:salt"}))

    def state(self, *resources: dict[str, Any]) -> None:
        (self.directory / "state.json").write_text(json.dumps({"deployment": {"resources": resources}}))

    @property
    def calls(self) -> list[str]:
        path = self.directory / "calls"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def updated_with(self) -> Any:
        return yaml.safe_load((self.directory / "update.yaml").read_text())


@contextmanager
def deployed(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Project]:
    """The project, as the working directory, with its pulumi on PATH."""
    made = Project(directory)
    monkeypatch.chdir(directory)
    monkeypatch.setenv("PATH", f"{directory / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield made
