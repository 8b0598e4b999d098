"""`python -m localcloud` as a person uses it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from localcloud import lifecycle
from localcloud.cli import main
from localcloud.data_plane import authority
from localcloud.instance import CHECKOUT, Instance


@pytest.fixture(autouse=True)
def instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Instance:
    monkeypatch.setenv("LOCALCLOUD_DIR", str(tmp_path))
    return Instance(tmp_path)


def test_status_of_a_cloud_that_never_ran_changes_nothing_and_exits_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 3
    assert "Local AWS     not running" in capsys.readouterr().out


def test_stopping_what_does_not_run_is_no_error() -> None:
    assert main(["stop"]) == 0


@pytest.mark.parametrize("command", ["env", "demo", "down"])
def test_an_unknown_stack_is_refused_before_anything_is_started(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "nowhere"]) == 1
    said = capsys.readouterr()
    assert "there is no stack 'nowhere'" in said.err
    assert "dev" in said.err
    assert said.out == "", "what eval reads must stay empty"
    assert main(["status"]) == 3


def test_the_authority_of_the_servers_is_told_once_there_is_one(
    instance: Instance, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["ca"]) == 1
    assert "there is no database or cache yet" in capsys.readouterr().err
    authority.issue_once(instance, tmp_path, "127.20.30.1")
    assert main(["ca"]) == 0
    file = Path(capsys.readouterr().out.strip())
    assert file.read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert all(f"    {command} " in said for command in ("start", "status", "stop", "env", "ca", "gaps", "demo", "down"))


def test_a_start_releases_the_lock_of_a_killed_pulumi_and_says_so(instance: Instance) -> None:
    lock = instance.path("state", ".pulumi", "locks", "organization", "ml-platform", "dev", "gone.json")
    # One more than Linux's highest process id.
    holder = {"pid": 4194304, "username": "me", "hostname": socket.gethostname(), "timestamp": "2026-11-23T14:44:45.836269238Z"}
    lock.write_text(json.dumps(holder))
    said: list[str] = []
    lifecycle.start(instance, said.append)
    lifecycle.stop(instance)
    assert not lock.exists()
    assert said == ["Removed the lock on stack dev of a pulumi that is gone (process 4194304)."]


def test_any_python_finds_the_checkout_s_own_environment() -> None:
    bare = Path(sys.base_prefix) / "bin" / "python3"
    environment = {name: value for name, value in os.environ.items() if name != "LOCALCLOUD_PYTHON"}
    asked = [bare, "-m", "localcloud", "gaps", "aws:rds/instance:Instance"]
    done = subprocess.run(asked, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
