"""A project with the development environment, for each test its own."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.unit.operations.slices.slices_project import Project, project_at


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Project]:
    with project_at(tmp_path, monkeypatch) as made:
        yield made
