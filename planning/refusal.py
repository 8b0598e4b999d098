"""How planning says no."""


class Refused(ValueError):
    """An input that cannot be planned with. Reads: got X; expected Y; do Z."""

    def __init__(self, *, got: str, expected: str, remedy: str) -> None:
        super().__init__(f"got {got}; expected {expected}; {remedy}")
        self.got = got
        self.expected = expected
        self.remedy = remedy
