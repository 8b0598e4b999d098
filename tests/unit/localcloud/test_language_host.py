"""The language host under the real engine, with programs that need no provider."""

import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from localcloud import environment
from localcloud.instance import Instance
from localcloud.stack_file import StackFile
from localcloud.toolchain import binary

_PACK = """
    from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

    def check(args, report):
        if args.resource_type == "test:index:Thing" and args.name == "forbidden":
            report("things may not be called forbidden")

    PolicyPack("rules", [ResourceValidationPolicy("names", "Names", check, EnforcementLevel.MANDATORY)])
"""


@dataclass(frozen=True)
class Project:
    """A throw-away Pulumi project with its own state."""

    directory: Path
    environment: dict[str, str] = field(repr=False)

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binary("pulumi"), *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    values = environment.variables(Instance(tmp_path / "instance"), "t", StackFile("111111111111", "eu-west-1"))
    made = Project(tmp_path, environment.applied(values))
    made.write("Pulumi.yaml", "name: tiny\nruntime: python\n")
    assert made.pulumi("stack", "init", "t").returncode == 0
    return made


def test_a_program_runs_with_its_own_modules_and_its_output_is_shown(project: Project) -> None:
    project.write("beside.py", "VALUE = 'from beside'\n")
    project.write("__main__.py", "import pulumi, beside, sys\nprint('path', sys.path[0])\npulumi.export('value', beside.VALUE)\n")
    done = project.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout
    assert f"path {project.directory}" in done.stdout
    assert project.pulumi("stack", "output", "value").stdout == "from beside\n"


def test_an_exception_fails_the_update_with_the_program_s_traceback(project: Project) -> None:
    project.write("__main__.py", "def deep():\n    raise ValueError('the reason')\n\ndeep()\n")
    done = project.pulumi("preview")
    assert done.returncode != 0
    assert "line 2, in deep" in done.stdout
    assert "ValueError: the reason" in done.stdout
    assert "program_runner.py" not in done.stdout


@pytest.mark.parametrize(("name", "passes"), [("allowed", True), ("forbidden", False)])
def test_a_mandatory_policy_decides_whether_a_preview_fails(project: Project, name: str, passes: bool) -> None:
    project.write("__main__.py", f"import pulumi\npulumi.ComponentResource('test:index:Thing', {name!r}, {{}})\n")
    project.write("policies/PulumiPolicy.yaml", "runtime: python\n")
    project.write("policies/__main__.py", _PACK)
    done = project.pulumi("preview", "--policy-pack", "policies")
    assert (done.returncode == 0) is passes, done.stdout
    assert ("things may not be called forbidden" in done.stdout) is not passes


def test_a_module_that_a_run_changed_is_fresh_in_the_next_run_of_the_same_engine(project: Project) -> None:
    project.write("beside.py", "RUNS = []\n")
    project.write("__main__.py", "import pulumi, beside\nbeside.RUNS.append(1)\npulumi.export('runs', len(beside.RUNS))\n")
    assert project.pulumi("up", "--yes").returncode == 0  # it runs the program for the preview, and again for the update
    assert project.pulumi("stack", "output", "runs").stdout == "1\n"


def test_the_virtual_environment_of_the_project_runs_the_program(project: Project) -> None:
    project.write("Pulumi.yaml", "name: tiny\nruntime:\n  name: python\n  options:\n    virtualenv: env\n")
    project.write("__main__.py", "import pulumi, sys\npulumi.export('python', sys.argv[0] and sys.executable)\n")
    absent = project.pulumi("preview")
    assert absent.returncode != 0
    assert "does not exist: run `make setup`" in absent.stdout + absent.stderr
    (project.directory / "env").symlink_to(Path(sys.executable).parent.parent)
    assert project.pulumi("up", "--yes", "--skip-preview").returncode == 0
    assert project.pulumi("stack", "output", "python").stdout.strip() == str(project.directory / "env" / "bin" / "python")
