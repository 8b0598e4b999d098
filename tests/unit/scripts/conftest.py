"""The checkout that the tests of new_stack run in."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.unit.scripts.new_stack_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    made = Project(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("FAIL", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with mock_aws():
        yield made
