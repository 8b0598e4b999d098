"""What actionlint and zizmor, which know GitHub's pitfalls, say of the workflows; offline, and each seen to find something."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from localcloud import toolchain
from tests.unit.workflows.read import ROOT


def said(tool: str, project: Path) -> tuple[int, str]:
    """Exit code and output. shellcheck and pyflakes, where somebody has them, say nothing."""
    arguments = {
        "actionlint": ["-no-color", "-oneline", "-shellcheck=", "-pyflakes=", *map(str, sorted(project.glob(".github/workflows/*.yaml")))],
        "zizmor": ["--offline", "--no-progress", "--strict-collection", "--format", "plain", "."],
    }
    command = [str(toolchain.binary(tool)), *arguments[tool]]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What the tools read of the checkout."""
    shutil.copytree(ROOT / ".github", tmp_path / ".github")
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize("tool", ["actionlint", "zizmor"])
def test_the_audit_finds_nothing(project: Path, tool: str) -> None:
    assert said(tool, project)[0] == 0, said(tool, project)[1]


@pytest.mark.parametrize(
    ("tool", "workflow", "line", "other", "finding"),
    [
        ("actionlint", "test.yaml", "      contents: read", "      contents: reed", '"reed" is invalid'),
        ("actionlint", "deploy-stack.yaml", "steps.digest.outputs", "steps.digset.outputs", '"digset" is not defined'),
        ("actionlint", "deploy.yaml", "      stack: dev", "      stak: dev", '"stak" is not defined'),
        ("zizmor", "test.yaml", "run: make test", "run: make test ${{ github.head_ref }}", "template-injection"),
        ("zizmor", "test.yaml", "persist-credentials: false", "fetch-depth: 1", "artipacked"),
        ("zizmor", "test.yaml", "    permissions:\n      contents: read", "    permissions: write-all", "excessive-permissions"),
        ("zizmor", "test.yaml", "3d3c42e5aac5ba805825da76410c181273ba90b1", "v7", "unpinned-uses"),
        ("zizmor", "reap.yaml", "pull_request_target: # zizmor: ignore[dangerous-triggers]", "pull_request_target:", "dangerous-triggers"),
    ],
    ids=lambda value: re.sub(r"\W+", "-", value)[:30],
)
def test_the_audit_finds_what_it_is_there_for(project: Path, tool: str, workflow: str, line: str, other: str, finding: str) -> None:
    path = project / ".github" / "workflows" / workflow
    text = path.read_text(encoding="utf-8")
    assert line in text
    path.write_text(text.replace(line, other), encoding="utf-8")
    code, output = said(tool, project)
    assert code != 0
    assert finding in output
