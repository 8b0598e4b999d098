"""How problems are worded: for people, whatever the model's library calls them."""

import json
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from stacks.models import Model
from stacks.problems import Problem, problems, shown, suggestion


class Inner(Model):
    size_gib: Annotated[int, Field(ge=2, le=9)]
    """Its size."""
    ratio: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Its ratio."""


class Outer(Model):
    name: Annotated[str, Field(pattern=r"^[a-z]+$", min_length=2, max_length=5)] = "abc"
    """Lower-case letters."""
    switch: bool = True
    kind: Literal["one", "two words"] = "one"
    days: Literal[1, 3, 5] = 1
    even: Annotated[int, Field(multiple_of=2)] = 2
    until: date | None = None
    inner: Inner | None = None
    many: dict[Annotated[str, Field(pattern="^[a-z]+$")], Inner] | None = None
    names: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("a",)
    password_file: str = ""


def said(given: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as error:
        Outer.model_validate_json(json.dumps(given))
    return [problem.line("s")[3:] for problem in problems(error.value, Outer)]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"inner": {"size_gib": 1}}, "inner.size_gib: got 1; expected at least 2; raise it"),
        ({"inner": {"size_gib": 10}}, "inner.size_gib: got 10; expected at most 9; lower it"),
        ({"inner": {"size_gib": 2, "ratio": 0.0}}, "inner.ratio: got 0.0; expected more than 0.0; raise it"),
        ({"inner": {"size_gib": 2, "ratio": 1.0}}, "inner.ratio: got 1.0; expected less than 1.0; lower it"),
        ({"inner": {"size_gib": 2, "ratio": "x"}}, 'inner.ratio: got "x" (str); expected a number; write it without quotes'),
        ({"even": 3}, "even: got 3; expected a multiple of 2; round it"),
        ({"even": 2.0}, "even: got 2.0 (float); expected a whole number; write it without quotes and without a fraction"),
        ({"even": "2"}, 'even: got "2" (str); expected a whole number; write it without quotes and without a fraction'),
        ({"name": "a"}, 'name: got "a"; expected at least 2 characters; write more'),
        ({"name": "abcdef"}, 'name: got "abcdef"; expected at most 5 characters; shorten it'),
        ({"name": "AB"}, 'name: got "AB"; expected text of the form ^[a-z]+$ (Lower-case letters); correct the value'),
        ({"name": 12}, 'name: got 12 (int); expected a string; put the value in quotes: "12"'),
        ({"name": True}, "name: got true (bool); expected a string; put the value in quotes"),
        ({"name": None}, "name: got nothing (null); expected a string; put the value in quotes"),
        ({"switch": "no"}, 'switch: got "no" (str); expected true or false; write false, without quotes: no is text'),
        ({"switch": "On"}, 'switch: got "On" (str); expected true or false; write true, without quotes: On is text'),
        ({"switch": 1}, "switch: got 1 (int); expected true or false; write true or false, without quotes"),
        ({"kind": "tow words"}, 'kind: got "tow words"; expected one of one, two words; did you mean `two words`?'),
        ({"days": 2}, "days: got 2; expected one of 1, 3, 5; remove it or use one of these"),
        ({"until": "2027-13-01"}, 'until: got "2027-13-01" (str); expected a day; write year, month and day, in quotes: "2027-01-31"'),
        ({"until": 5}, "until: got 5 (int); expected a day; "),
        ({"inner": []}, "inner: got a list (list); expected a mapping of settings; write the keys below it, indented"),
        ({"many": []}, "many: got a list (list); expected a mapping of names to settings; write the keys below it, indented"),
        ({"many": {"A": {"size_gib": 2}}}, 'many.A: got "A"; expected text of the form ^[a-z]+$'),
        ({"many": {"a": {"size": 2, "size_gib": 2}}}, "many.a.size: got unknown key `size`; expected one of size_gib, ratio; did you mean"),
        ({"inner": {"size_gip": 2, "size_gib": 2}}, "did you mean `size_gib`?"),
        ({"[key]": 1}, "[key]: got unknown key `[key]`; expected one of name, "),
        ({"inner": {}}, "inner.size_gib: got nothing; expected a value; add the key to the stack file"),
        ({"names": "a"}, 'names: got "a" (str); expected a list; write [one, two]'),
        ({"names": []}, "names: got a list; expected at least 1 of them; add to it"),
        ({"names": ["a", "b", "c"]}, "names: got a list; expected at most 2 of them; remove some"),
        ({"names": [1]}, 'names.0: got 1 (int); expected a string; put the value in quotes: "1"'),
        ({"password_file": 31337}, "password_file: got a value that is not shown (int); expected a string; put the value in quotes"),
    ],
)  # fmt: skip
def test_every_kind_of_problem_is_worded_for_people(given: dict[str, Any], line: str) -> None:
    (found,) = said(given)
    assert line in found
    assert "Input should" not in found
    assert "31337" not in found


def test_a_problem_says_its_line_where_it_is_known() -> None:
    assert (
        Problem("a.b", "1", "2", "do it", 12).line("stacks/Pulumi.dev.yaml") == "stacks/Pulumi.dev.yaml:12: a.b: got 1; expected 2; do it"
    )
    assert Problem("a.b", "1", "2", "do it").line("stacks/Pulumi.dev.yaml") == "stacks/Pulumi.dev.yaml: a.b: got 1; expected 2; do it"


def test_a_long_value_is_cut_and_its_length_said() -> None:
    assert shown("ab " * 2000) == f'"{"ab " * 40}…" (6000 characters)'


def test_a_name_that_is_like_none_is_not_guessed() -> None:
    assert suggestion("zzz", ["network", "profile"]) == "remove it or use one of these"
