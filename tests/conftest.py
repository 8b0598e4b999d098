"""How tests are spread over the processes of `pytest -n`: what shares a stack or a recording stays together."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """The tests of a file that has fixtures of its own for all of them run in one process, all others wherever there is room."""
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009  # pytest has no public way to ask
    if any(fixture.scope == "module" for found in fixtures.values() for fixture in found):
        item.add_marker(pytest.mark.xdist_group(item.location[0]))
