"""How tests are spread over the processes of `pytest -n`: what shares a stack or a recording stays together."""

from collections.abc import Iterable

import pytest


@pytest.hookimpl(tryfirst=True)  # before xdist, which gathers the groups
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """The tests of a file that has fixtures of its own for all of them run in one process, all others wherever there is room."""
    for item in items:
        fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009  # pytest has no public way to ask
        if any(fixture.scope == "module" for found in fixtures.values() for fixture in found):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))
