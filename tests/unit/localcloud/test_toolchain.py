"""What is built, and that nothing half-built, unchecked or of another version is ever used."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from localcloud import toolchain
from localcloud.toolchain import build, catalogue, progress


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_tool_that_is_not_built_is_refused_with_the_remedy() -> None:
    with pytest.raises(toolchain.ToolMissing, match=r"etcd 3\.6\.8 is not built yet: run `make tools`"):
        toolchain.binary("etcd")
    with pytest.raises(toolchain.ToolMissing, match="make tools"):
        toolchain.karpenter_crd_directory()


def test_what_only_tests_need_has_a_target_of_its_own_and_is_not_built_for_the_demo() -> None:
    with pytest.raises(toolchain.ToolMissing, match=r"feast 0\.67\.0 is not built yet: run `make test-tools`"):
        toolchain.binary("feast")
    assert catalogue.FEAST not in catalogue.TOOLS


def test_an_unknown_tool_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(KeyError, match="kube-apiserver"):
        toolchain.binary("helm")


def test_other_flags_or_another_package_are_another_tool() -> None:
    variants = [
        catalogue.PULUMI,
        dataclasses.replace(catalogue.PULUMI, variables={}),
        dataclasses.replace(catalogue.PULUMI, package="example.com/other"),
        dataclasses.replace(catalogue.PULUMI, module="kubernetes"),
    ]
    assert len({tool.target for tool in variants}) == len(variants)


def test_the_environment_of_a_python_tool_follows_its_lock_file(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1")
    tool = dataclasses.replace(catalogue.AWS, lock=lock)
    before = tool.target
    lock.write_text("a==2")
    assert tool.target != before


def test_a_failed_build_leaves_nothing_and_shows_the_end_of_its_output(monkeypatch: pytest.MonkeyPatch) -> None:
    tool = dataclasses.replace(catalogue.PULUMI, name="broken", package="./nowhere")
    monkeypatch.setattr(build, "_go", _failing_go)
    with pytest.raises(build.CannotBuild, match="no such package"):
        build.ensure(tool)
    assert not tool.target.exists()
    assert not list(catalogue.cache().glob("*.draft-*"))


def test_without_go_the_version_that_is_needed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(build.CannotBuild, match=r"install Go 1\.26"):
        build.ensure(catalogue.CRDS)


def test_a_pulumi_on_path_is_used_only_in_exactly_the_pinned_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed = tmp_path / "pulumi"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(build, "_go", _failing_go)
    installed.write_text("#!/bin/sh\necho v3.258.0\n")
    installed.chmod(0o755)
    with pytest.raises(build.CannotBuild):
        build.ensure(catalogue.PULUMI)
    installed.write_text("#!/bin/sh\necho v3.259.0\n")
    assert build.ensure(catalogue.PULUMI)
    assert toolchain.binary("pulumi").read_text() == installed.read_text()


def test_progress_without_a_terminal_is_whole_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    step = progress.Step("building it", "4 min")
    progress.run(step, [sys.executable, "-c", "pass"], cwd=tmp_path, env={}, log=tmp_path / "log")
    first, last = capsys.readouterr().out.splitlines()
    assert first == "  building it: usually 4 min the first time"
    assert last.startswith("  building it: done after 0:0")


def test_the_toolchain_imports_nothing_that_must_be_installed_first() -> None:
    checkout = Path(toolchain.__file__).parent.parent.parent
    program = f"import sys; sys.path.insert(0, {str(checkout)!r}); import localcloud.toolchain.__main__"
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)


def test_what_a_killed_build_left_is_removed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    abandoned = catalogue.cache() / f"{catalogue.PULUMI.target.name}.draft-abandoned"
    abandoned.mkdir(parents=True)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(build.CannotBuild):
        build.ensure(catalogue.PULUMI)
    assert not abandoned.exists()


def _failing_go() -> str:
    script = catalogue.cache() / "go"
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("#!/bin/sh\necho no such package >&2\nexit 1\n")
    script.chmod(0o755)
    return str(script)
