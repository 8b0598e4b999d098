"""What can go wrong before an update: one clear message with the remedy, an exit code other than 0, and nothing half made."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localcloud.instance import Instance
from localcloud.toolchain.catalogue import PULUMI, TOOLS, cache
from tests.local.conftest import Stack
from tests.local.home import Home, checkout_copy, fresh, one_parameter

_PLAIN = "/usr/bin:/bin"


@pytest.fixture
def home(tmp_path: Path) -> Generator[Home]:
    with fresh(tmp_path) as made:
        yield made


@pytest.fixture
def copied(home: Home, tmp_path: Path) -> Home:
    """With a copy of the checkout, whose files a test may break."""
    return Home(checkout_copy(tmp_path / "checkout"), home.instance)


@pytest.fixture
def without_pulumi(tmp_path: Path) -> dict[str, str]:
    """Variables for a tool cache that has everything but pulumi."""
    tools = tmp_path / "cache" / "ml-platform" / "tools"
    tools.mkdir(parents=True)
    for tool in TOOLS:
        if tool is not PULUMI:
            (tools / tool.target.name).symlink_to(tool.target)
    assert cache() != tools
    return {"XDG_CACHE_HOME": str(tmp_path / "cache")}


def half_made(variables: dict[str, str]) -> list[str]:
    return sorted(path.name for path in Path(variables["XDG_CACHE_HOME"]).glob("ml-platform/tools/pulumi-*"))


def test_unknown_stack_names_the_stacks_there_are(home: Home) -> None:
    said = home.run("make", "demo", "STACK=nowhere")
    assert said.code != 0
    assert "there is no stack 'nowhere'" in said.text
    assert "there are: dev" in said.text
    assert not home.instance.exists()


def test_broken_yaml_names_the_file_and_the_line(copied: Home) -> None:
    (copied.checkout / "stacks" / "Pulumi.dev.yaml").write_text("config:\n  ml-platform:settings: [\n")
    said = copied.run("make", "demo")
    assert said.code != 0
    assert "Pulumi.dev.yaml is not YAML" in said.text
    assert "line 3" in said.text
    assert "Traceback" not in said.text
    assert not copied.instance.exists()


def test_project_that_pulumi_refuses_is_quoted_without_a_traceback(copied: Home) -> None:
    (copied.checkout / "Pulumi.yaml").write_text("name: [\n")
    said = copied.localcloud("demo", "dev")
    assert said.code == 1
    assert "localcloud: `pulumi stack select --create dev` ended with" in said.text
    assert "Pulumi.yaml" in said.text
    assert "Traceback" not in said.text


def test_no_go_and_no_pulumi_says_what_to_install(home: Home, without_pulumi: dict[str, str]) -> None:
    said = home.run(sys.executable, "-m", "localcloud.toolchain", **without_pulumi, PATH=_PLAIN)
    assert said.code == 1
    assert "No `go` on PATH: install Go 1.26 or newer. There is no pulumi either" in said.text
    assert half_made(without_pulumi) == []


def test_old_pulumi_on_path_is_named_beside_the_one_that_is_needed(home: Home, without_pulumi: dict[str, str], tmp_path: Path) -> None:
    said = home.run(sys.executable, "-m", "localcloud.toolchain", **without_pulumi, PATH=f"{_old_pulumi(tmp_path)}:{_PLAIN}")
    assert said.code == 1
    assert f"{tmp_path}/old/pulumi, is v3.100.0: only v{PULUMI.version} can be taken" in said.text
    assert half_made(without_pulumi) == []


def test_old_pulumi_on_path_is_never_what_the_local_cloud_runs(home: Home, tmp_path: Path) -> None:
    script = 'eval "$("$0" -m localcloud env dev)"; pulumi version'
    said = home.run("sh", "-c", script, sys.executable, PATH=f"{_old_pulumi(tmp_path)}:{_PLAIN}")
    assert (said.code, said.text.splitlines()[0]) == (0, f"v{PULUMI.version}")


def test_module_that_cannot_be_had_is_named_with_what_go_said(home: Home, without_pulumi: dict[str, str], tmp_path: Path) -> None:
    nothing = {"GOPROXY": "off", "GOMODCACHE": str(tmp_path / "modules"), "GOCACHE": str(tmp_path / "built")}
    said = home.run(sys.executable, "-m", "localcloud.toolchain", **without_pulumi, **nothing)
    assert said.code == 1
    assert f"pulumi {PULUMI.version} could not be made" in said.text
    assert "module lookup disabled by GOPROXY=off" in said.text
    assert "the package registries must be reachable the first time" in said.text
    assert half_made(without_pulumi) == []


def test_missing_tool_is_refused_before_anything_runs(home: Home, without_pulumi: dict[str, str]) -> None:
    said = home.localcloud("demo", "dev", **without_pulumi)
    assert said.code == 1
    assert f"pulumi {PULUMI.version} is not built yet: run `make tools`" in said.text
    assert home.processes() == []


def test_missing_plugin_is_named_with_the_remedy_before_anything_is_begun(home: Home, tmp_path: Path) -> None:
    assert home.localcloud("start").code == 0
    stack = Stack.init(Instance(home.instance), one_parameter(tmp_path), "bare", "300000000302")
    (missing,) = home.instance.glob("pulumi/plugins/resource-aws-v*/pulumi-resource-aws")
    missing.unlink()
    said = home.run("sh", "-c", 'cd "$0" && pulumi up --yes --skip-preview --non-interactive', str(tmp_path), **stack.variables)
    assert said.code == 1
    remedy = 'run eval "$(python -m localcloud env STACK)" again, in the checkout; nothing was begun.'
    assert said.text == f"localcloud: the plugin {missing} is missing: {remedy}\n"
    # What the remedy does.
    assert home.localcloud("env", "dev").code == 0
    assert stack.resources() == []
    stack.up()


def test_taken_port_is_named_and_what_the_cloud_held_survives(home: Home, tmp_path: Path) -> None:
    assert home.localcloud("start").code == 0
    stack = Stack.init(Instance(home.instance), one_parameter(tmp_path), "kept", "300000000301")
    stack.up()
    assert home.localcloud("stop").code == 0
    port = json.loads((home.instance / "ports.json").read_text())["aws"]
    with _listening(port):
        said = home.localcloud("start")
        assert said.code == 1
        assert f"http://127.0.0.1:{port}" in said.text
        assert "If its port is taken (`ss -ltnp`), end what holds it" in said.text
        assert home.processes() == []
    again = home.localcloud("start")
    assert again.code == 0
    assert "discarded" not in again.text
    assert stack.aws("ssm").get_parameter(Name="/kept")["Parameter"]["Value"] == "1"


def test_second_start_is_no_error_and_says_that_it_runs(home: Home) -> None:
    first = home.localcloud("start")
    assert (first.code, first.text.splitlines()[0]) == (0, "The local cloud is started.")
    before = (home.instance / "run" / "emulator.json").read_text()
    second = home.localcloud("start")
    assert (second.code, second.text.splitlines()[0]) == (0, "The local cloud runs already.")
    assert (home.instance / "run" / "emulator.json").read_text() == before


def _old_pulumi(directory: Path) -> Path:
    old = directory / "old" / "pulumi"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho v3.100.0\n")
    old.chmod(0o755)
    return old.parent


@contextmanager
def _listening(port: int) -> Generator[None]:
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port))
        stranger.listen()
        yield
