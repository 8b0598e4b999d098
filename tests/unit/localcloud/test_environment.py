"""The environment that leads plain tools to the local cloud."""

import os
import subprocess
from pathlib import Path

import pytest

from localcloud import environment, toolchain
from localcloud.instance import Instance
from localcloud.stack_file import StackFile

_SETTINGS = StackFile("111111111111", "eu-west-1")


@pytest.fixture(autouse=True)
def built_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(toolchain, "binary", lambda name: tmp_path / "tools" / name)  # pyright: ignore[reportUnknownLambdaType]


def test_a_posix_shell_takes_over_every_value_as_it_is(tmp_path: Path) -> None:
    instance = Instance(tmp_path / 'it\'s a "path" with $HOME')
    values = environment.variables(instance, "dev", _SETTINGS, {"PATH": "/usr/bin:/bin"})
    script = f'{environment.exports(values)}\nprintf %s "$LOCALCLOUD_DIR|$AWS_PAGER|$AWS_ACCESS_KEY_ID|${{AWS_PROFILE-unset}}"'
    said = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True, env={"AWS_PROFILE": "mine"})
    assert said.stdout == f"{instance.directory}||111111111111|unset"


def test_a_second_eval_does_not_make_path_longer(tmp_path: Path) -> None:
    once = environment.variables(Instance(tmp_path), "dev", _SETTINGS, {"PATH": "/usr/bin:/bin"})
    assert environment.variables(Instance(tmp_path), "dev", _SETTINGS, once) == once


def test_credentials_of_the_user_do_not_reach_the_local_cloud(tmp_path: Path) -> None:
    base = {"PATH": "/bin", "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "t", "AWS_ACCESS_KEY_ID": "AKIA", "HOME": "/home/me"}
    applied = environment.applied(environment.variables(Instance(tmp_path), "dev", _SETTINGS, base), base)
    assert "AWS_PROFILE" not in applied
    assert "AWS_SESSION_TOKEN" not in applied
    assert applied["AWS_ACCESS_KEY_ID"] == "111111111111"
    assert applied["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert applied["HOME"] == "/home/me"


def test_providers_are_ours_in_the_versions_of_the_sdk_and_never_on_path(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    values = environment.variables(instance, "dev", _SETTINGS, {"PATH": "/bin"})
    plugins = {path.parent.name for path in instance.directory.glob("pulumi/plugins/*/pulumi-*") if os.access(path, os.X_OK)}
    assert plugins == {"language-python-v3.259.0", "resource-aws-v7.51.1", "resource-kubernetes-v4.34.2"}
    assert values["PULUMI_IGNORE_AMBIENT_PLUGINS"] == "true"
    assert not [part for part in values["PATH"].split(":") if list(Path(part).glob("pulumi-resource-*"))]


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(tmp_path: Path) -> None:
    values = environment.variables(Instance(tmp_path), "dev", _SETTINGS, {"PATH": "/bin", "NO_PROXY": "corp.example"})
    assert values["NO_PROXY"] == values["no_proxy"] == "127.0.0.1,localhost,corp.example"


@pytest.mark.parametrize("plugin", ["pulumi-language-python", "pulumi-resource-aws", "pulumi-resource-kubernetes"])
def test_pulumi_is_not_run_while_a_plugin_is_missing(tmp_path: Path, plugin: str) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "pulumi").write_text('#!/bin/sh\necho ran "$@"\n')
    (tmp_path / "tools" / "pulumi").chmod(0o755)
    instance = Instance(tmp_path / "it's an instance")
    pulumi = [str(instance.directory / "bin" / "pulumi"), "stack", "ls"]
    environment.variables(instance, "dev", _SETTINGS, {"PATH": "/bin"})
    assert subprocess.run(pulumi, capture_output=True, text=True, check=True).stdout == "ran stack ls\n"
    (missing,) = instance.directory.glob(f"pulumi/plugins/*/{plugin}")
    missing.unlink()
    said = subprocess.run(pulumi, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (1, "")
    assert f"the plugin {missing} is missing: run eval" in said.stderr


def test_a_link_to_a_tool_is_replaced_and_the_tool_stays_as_it_is(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    instance.path("tools", "pulumi").write_bytes(b"\x7fELF\xff")
    instance.path("bin", "pulumi").symlink_to(instance.path("tools", "pulumi"))
    environment.variables(instance, "dev", _SETTINGS, {"PATH": "/bin"})
    assert not instance.path("bin", "pulumi").is_symlink()
    assert instance.path("tools", "pulumi").read_bytes() == b"\x7fELF\xff"
