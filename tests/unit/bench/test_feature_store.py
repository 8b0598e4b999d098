"""What the figures of Feast are made of."""

import pytest

from bench.feature_store import percentile


@pytest.mark.parametrize(("percent", "milliseconds"), [(50, 50.5), (99, 99.01)])
def test_percentiles_are_of_all_times_in_milliseconds(percent: int, milliseconds: float) -> None:
    assert percentile([number / 1000 for number in range(100, 0, -1)], percent) == pytest.approx(milliseconds)
