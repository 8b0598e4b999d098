from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning import feast_projects
from planning.refusal import Refused

NAME = st.from_regex(r"[a-z](-?[a-z0-9]){0,9}", fullmatch=True)

# Found by trying: the SHA-256 of both begins with the same 32 bits.
COLLIDING = ("pcigw", "pczby")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("credit-decisions", "credit_decisions_1db3e116"),
        ("risk", "risk_2c6ef0f0"),
        ("a", "a_ca978112"),
    ],
)
def test_names_in_feast(name: str, expected: str) -> None:
    assert feast_projects.project(name) == expected


def test_projects_are_named_by_those_of_the_stack_file() -> None:
    assert feast_projects.projects(["risk", "a"]) == {name: feast_projects.project(name) for name in ("risk", "a")}


@given(st.lists(NAME, unique=True, max_size=8))
def test_no_name_is_the_end_of_another(names: Sequence[str]) -> None:
    made = list(feast_projects.projects(names).values())
    assert [(one, other) for one in made for other in made if one != other and one.endswith(other)] == []


@pytest.mark.parametrize(("one", "its_end"), [("credit-risk", "risk"), ("xrisk", "risk"), ("a-a", "a")])
def test_a_name_that_ends_with_another_is_kept_apart_from_it(one: str, its_end: str) -> None:
    assert not feast_projects.project(one).endswith(feast_projects.project(its_end))


def test_two_names_with_the_same_digits_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        feast_projects.projects(COLLIDING)
    assert str(refused.value) == (
        "got projects `pcigw` and `pczby`, whose names in Feast both end with 4727c789; expected names with different ends, as the keys of "
        "one could be taken for the other's; rename one of them"
    )


def test_the_same_name_twice_is_refused() -> None:
    with pytest.raises(Refused):
        feast_projects.projects(["risk", "risk"])
