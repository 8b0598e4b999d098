"""The README's picture is of the platform as it is."""

from tests.unit.picture import README, drawn, parts
from tests.unit.registrations import Recorded


def test_the_picture_in_the_readme_is_current(dev: Recorded) -> None:
    assert parts(README.read_text(encoding="utf-8"))[1] == drawn(dev), "run `make generate`"
