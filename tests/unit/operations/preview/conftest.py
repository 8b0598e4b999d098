from pathlib import Path

import pytest

from tests.unit.operations.preview import compared_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> compared_project.Project:
    return compared_project.project(tmp_path, monkeypatch)
