"""What floors and goals are held against."""

import pytest

from bench.measure import Figure


def figure(*, absolute: bool) -> Figure:
    return Figure(
        name="x", unit="s", measured="x", values=[0.3, 0.4, 9.0], compared_to="y", others=[0.1, 0.1, 0.1], floor=0.5, absolute=absolute
    )


@pytest.mark.parametrize(("absolute", "judged"), [(True, 0.4), (False, 4.0)])
def test_a_floor_is_a_ratio_unless_the_figure_says_it_is_absolute(absolute: bool, judged: float) -> None:
    assert figure(absolute=absolute).judged == pytest.approx(judged)
