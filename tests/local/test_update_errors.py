"""What can go wrong in an update: a clear message with the remedy, an exit code other than 0, and nothing half made."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import Stack, platform
from tests.local.home import Home, fresh, one_parameter


@pytest.fixture
def home(tmp_path: Path) -> Generator[Home]:
    with fresh(tmp_path) as made:
        yield made


def test_credentials_of_another_account_are_refused_with_both_accounts(cloud: Instance, tmp_path: Path) -> None:
    stack = platform(cloud, tmp_path, "dev", "mine")
    other = "300000000999"
    stack.variables["AWS_ACCESS_KEY_ID"] = other
    said = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert f"the credentials are of account {other}; the stack file allows {stack.account}" in said
    assert 'eval "$(python -m localcloud env STACK)"' in said
    assert [each["type"] for each in stack.resources() if each["type"].startswith("aws:")] == []


def test_missing_provider_is_named_and_put_back_by_env(cloud: Instance, tmp_path: Path) -> None:
    stack = platform(cloud, tmp_path, "dev", "bare")
    (provider,) = cloud.path("pulumi", "plugins", "_").parent.glob("resource-aws-v*/pulumi-resource-aws")
    shutil.rmtree(provider.parent)
    said = stack.pulumi("up", "--yes", "--skip-preview", succeeds=False)
    assert f"the plugin {provider} is missing" in said
    assert 'eval "$(python -m localcloud env STACK)"' in said
    assert [each["type"] for each in stack.resources() if each["type"].startswith("aws:")] == []
    Home(CHECKOUT, cloud.directory).localcloud("env", "dev")
    assert provider.exists()


def test_missing_interpreter_says_to_set_up_again(cloud: Instance, tmp_path: Path) -> None:
    stack = platform(cloud, tmp_path, "dev", "moved")
    stack.variables["LOCALCLOUD_PYTHON"] = str(tmp_path / "gone")
    said = stack.pulumi("preview", succeeds=False)
    assert f"{tmp_path}/gone is gone: run 'make setup'" in said


def test_cloud_that_is_stopped_in_mid_update_is_named_and_the_next_update_goes_on(home: Home, tmp_path: Path) -> None:
    assert home.localcloud("start").code == 0
    stack = Stack.init(Instance(home.instance), one_parameter(tmp_path, then=_WAITING), "halted", "300000000302")
    reached, go_on = tmp_path / "reached", tmp_path / "go-on"
    for pipe in (reached, go_on):
        os.mkfifo(pipe)
    listener = os.open(reached, os.O_RDONLY | os.O_NONBLOCK)
    command = ["pulumi", "up", "--yes", "--skip-preview", "--stack", stack.name, "--non-interactive", "--color", "never"]
    update = subprocess.Popen(command, cwd=stack.project, env=stack.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert select.select([listener], [], [], 120)[0], "the program never got half way"
    assert home.localcloud("stop").code == 0
    go_on.write_text("\n")
    said, _ = update.communicate(timeout=300)
    assert update.returncode != 0
    assert "is the local cloud running? python -m localcloud start" in said

    assert home.localcloud("start").code == 0
    (tmp_path / "half-way").touch()
    assert "+ 1 created" in stack.pulumi("up", "--yes", "--skip-preview")
    assert {each["Name"] for each in stack.aws("ssm").describe_parameters()["Parameters"]} == {"/kept", "/after"}


# Half way the program says so and waits, so that the cloud stops at one place and not at whichever it was at.
_WAITING = """
def half_way(value):
    if not pathlib.Path("half-way").exists():
        pathlib.Path("reached").write_text("\\n")
        pathlib.Path("go-on").read_text()
    return value

aws.ssm.Parameter("second", name="/after", type="String", value=first.arn.apply(half_way), opts=own)
"""
