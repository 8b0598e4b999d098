"""`make explain STACK=dev`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from scripts import explain
from tests.unit.conftest import STACKS


def test_a_stack_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["dev"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].split() == ["setting", "value", "from"]
    assert said.err == ""


def test_json_and_yaml_are_what_they_are_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main(["prod", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["profile"]["value"] == "production"
    assert explain.main(["prod", "--yaml"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["config"]["ml-platform:settings"]["profile"] == "production"


@pytest.mark.parametrize(("stack", "close"), [("stagign", "staging"), ("prd", "prod"), ("../dev", "dev")])
def test_a_stack_that_is_not_there_is_refused_with_those_that_are(stack: str, close: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain.main([stack]) == 1
    said = capsys.readouterr().err
    assert f"there is no stack `{stack}` (no file stacks/Pulumi.{stack}.yaml); there are: dev, prod, staging" in said
    assert f"did you mean `{close}`?" in said


def test_a_stack_file_that_is_wrong_is_refused_with_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (STACKS / "Pulumi.dev.yaml").read_text(encoding="utf-8").replace("region: eu-west-1", "regoin: eu-west-1")
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    assert explain.main(["dev", "--directory", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "stacks/Pulumi.dev.yaml:6: regoin: got unknown key `regoin`;" in said.err
    assert "did you mean `region`?" in said.err


def test_no_part_of_pulumi_is_loaded_for_it() -> None:
    code = "import sys; from scripts.explain import main; main(['dev']); sys.exit(any(name.startswith('pulumi') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=STACKS.parent, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "scripts.explain", "dev"]
    done = subprocess.run(command, cwd=STACKS.parent, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
