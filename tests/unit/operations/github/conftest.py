"""GitHub's API, for as long as a test runs."""

from collections.abc import Iterator

import pytest

from tests.unit.operations.github.api import REPOSITORY, TOKEN, Api


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    made = Api()
    monkeypatch.setenv("GITHUB_REPOSITORY", REPOSITORY)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("GITHUB_API_URL", made.url)
    try:
        yield made
    finally:
        made.close()
