"""The dated facts against the local AWS, which knows little of them and makes up the rest."""

import shutil
from pathlib import Path

import pytest

from localcloud import emulator
from localcloud.instance import Instance
from planning.catalogue import FILE
from scripts import refresh_catalogue
from tests.local.conftest import REGION


@pytest.fixture
def file(cloud: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the facts; AWS is the local one."""
    for name, value in (("ENDPOINT_URL", emulator.endpoint(cloud)), ("ACCESS_KEY_ID", "300000000999"), ("SECRET_ACCESS_KEY", "local")):
        monkeypatch.setenv(f"AWS_{name}", value)
    return Path(shutil.copy(FILE, tmp_path))


def test_a_check_keeps_every_section_that_the_endpoint_does_not_know_and_says_so(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert refresh_catalogue.main(["--check", "--region", REGION], file) != refresh_catalogue.SAME
    assert file.read_bytes() == before
    said = capsys.readouterr().out
    for section in ("eks", "mysql", "cache_node_types"):
        assert f"\n{section}: kept as it was read on " in f"\n{said}"
    assert "\nregions: " not in f"\n{said}"


def test_what_an_emulator_answers_is_not_written(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert refresh_catalogue.main(["--region", REGION], file) == refresh_catalogue.NOT_ASKED
    assert file.read_bytes() == before
    assert "http://127.0.0.1" in capsys.readouterr().err
