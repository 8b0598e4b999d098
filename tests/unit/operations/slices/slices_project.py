"""A project with the development environment's stack file, on a pulumi that keeps its stacks in a file, and an account of moto's."""

import json
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from planning.names import EXPIRES_TAG
from scripts import slice as slice_
from tests.unit.conftest import stack_file

ACCOUNT, REGION = "123456789012", "eu-west-1"  # moto's
TODAY = date(2026, 11, 26)
SETTINGS = "ml-platform:settings"

# It says what pulumi 3.259.0 says. An update makes one bucket, with the tags that the stack file leads to; FAIL and LOCKED are files.
PULUMI = f"""#!{sys.executable}
import json, pathlib, sys, yaml
here = pathlib.Path({{here!r}})
words = [word for word in sys.argv[1:] if word != "--non-interactive"]
with (here / "calls").open("a") as calls:
    calls.write(" ".join(words) + "\\n")
def job(condition):
    status = dict(status=dict(conditions=[dict(type=condition, status="True")]))
    under = "urn::ml-platform:components:DatabaseJob$"
    files = dict(urn=under + "files", id="3", type="kubernetes:core/v1:ConfigMap", inputs=dict())
    return [files, dict(urn=under + "job", id="4", type="kubernetes:batch/v1:Job", inputs=dict(), outputs=status)]
kept = json.loads((here / "stacks.json").read_text())
name = words[words.index("--stack") + 1] if "--stack" in words else words[-1]
stack = kept.get(name)
command = " ".join(words[:3]) if words[1] == "tag" else " ".join(words[:2]) if words[0] == "stack" else words[0]
if command in ("up", "destroy") and (here / "LOCKED").exists():
    at = (here / "LOCKED").read_text()
    sys.exit("error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file"
             " with `pulumi cancel`.\\n  file:///x.json: created by root@host (pid 7) at " + at)
if command == "cancel":
    (here / "LOCKED").unlink()
elif command == "stack ls":
    shown = [each for each in kept if words[words.index("--tag") + 1] in kept[each]["tags"]]
    print(json.dumps([dict(name="organization/ml-platform/" + each) for each in shown]))
elif command == "stack init":
    kept[name] = dict(tags=dict(), resources=[])
elif stack is None:
    sys.exit("error: no stack named '" + name + "' found")
elif command == "stack tag ls":
    print(json.dumps(stack["tags"]))
elif command == "stack tag set":
    stack["tags"][words[3]] = words[4]
elif command == "stack export":
    print(json.dumps(dict(deployment=dict(resources=stack["resources"]))))
elif command == "stack rm":
    del kept[name]
elif (here / "FAIL").exists():
    print("error: AWS says no", file=sys.stderr)
    sys.exit(255)
elif command == "up":
    said = yaml.safe_load((here / "stacks" / ("Pulumi." + name + ".yaml")).read_text())["config"]["{SETTINGS}"]
    tags = dict(tags={{"{EXPIRES_TAG}": said["expires"]}})
    if "retiring" in said:
        kept[name]["retired"] = [words[at + 1] for at, word in enumerate(words) if word == "--target"]
    provider = dict(allowedAccountIds=json.dumps([said["account"]]), defaultTags=json.dumps(tags))
    stack["resources"] = [
        dict(urn="urn::aws", id="1", type="pulumi:providers:aws", inputs=provider),
        dict(urn="urn::own", id="2", type="aws:s3/bucket:Bucket", inputs=dict()),
        *job("Running" if (here / "SLOW").exists() else "Complete"),
    ]
elif command == "refresh":
    stack["resources"] = [each for each in stack["resources"] if "DatabaseJob" not in each["urn"]] + job((here / "SLOW").read_text())
elif command == "destroy":
    (here / "retired").write_text(json.dumps(stack.get("retired")))
    stack["resources"] = []
(here / "stacks.json").write_text(json.dumps(kept))
"""


class Project:
    """A project in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "stacks").mkdir()
        (directory / "Pulumi.yaml").write_text("name: ml-platform\nstackConfigDir: stacks\n")
        self.stack_file("dev").write_text(yaml.safe_dump({"config": {SETTINGS: {**stack_file("dev"), "account": ACCOUNT}}}))
        self.kept({})
        pulumi = directory / "bin" / "pulumi"
        pulumi.parent.mkdir()
        pulumi.write_text(PULUMI.replace("{here!r}", repr(str(directory))))
        pulumi.chmod(0o755)

    def stack_file(self, stack: str) -> Path:
        return self.directory / "stacks" / f"Pulumi.{stack}.yaml"

    def settings(self, stack: str) -> Any:
        return yaml.safe_load(self.stack_file(stack).read_text())["config"][SETTINGS]

    def kept(self, stacks: dict[str, Any]) -> None:
        (self.directory / "stacks.json").write_text(json.dumps(stacks))

    @property
    def stacks(self) -> dict[str, Any]:
        return json.loads((self.directory / "stacks.json").read_text())

    @property
    def calls(self) -> list[str]:
        path = self.directory / "calls"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def changes(self) -> list[str]:
        """The calls that change something, without their options."""
        told = [" ".join(word for word in call.split(" --", maxsplit=1)[0].split()[:4]) for call in self.calls]
        return [call for call in told if not call.endswith(("ls", "export", "output"))]

    @property
    def retired(self) -> Any:
        """What an update with `retiring` reached before the last destroy; None where there was none."""
        return json.loads((self.directory / "retired").read_text())

    def fails(self) -> None:
        (self.directory / "FAIL").touch()

    def works(self) -> None:
        (self.directory / "FAIL").unlink()

    def runs_jobs_slowly(self, until: str) -> None:
        """They are not complete when they are made, but when they are looked at: or say `until` then."""
        (self.directory / "SLOW").write_text(until)

    def locked(self, since: str) -> None:
        (self.directory / "LOCKED").write_text(since)


def state(account: str = ACCOUNT, expires: str | None = "2026-11-25", kind: str = "slice") -> dict[str, Any]:
    """A stack of the fake's with one bucket."""
    tags = {"tags": {} if expires is None else {EXPIRES_TAG: expires}}
    inputs = {"allowedAccountIds": json.dumps([account]), "defaultTags": json.dumps(tags)}
    provider = {"urn": "urn::aws", "id": "1", "type": "pulumi:providers:aws", "inputs": inputs}
    return {"tags": {"kind": kind}, "resources": [provider, {"urn": "urn::own", "id": "2", "type": "aws:s3/bucket:Bucket"}]}


def tagged_queue(stack: str, expires: str) -> str:
    """Something in AWS with the tags of a stack; its ARN."""
    tags = {"deployment": f"ml-platform/{stack}", EXPIRES_TAG: expires}
    boto3.client("sqs", region_name=REGION).create_queue(QueueName=stack, tags=tags)
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{stack}"


def run(*arguments: str) -> int:
    return slice_.main(arguments, TODAY)


@contextmanager
def project_at(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Project]:
    """The project, as the working directory, with its pulumi on PATH."""
    made = Project(directory)
    monkeypatch.chdir(directory)
    monkeypatch.setenv("PATH", f"{directory / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield made
