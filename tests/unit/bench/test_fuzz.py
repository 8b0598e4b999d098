"""Stack files that are changed at random are taken, or refused in the form that refusals have. `make bench` tries 10,000."""

from collections import Counter

import pytest

from bench import fuzz
from stacks import source

CASES, AT_ONCE = 300, 50


@pytest.fixture(scope="module")
def valid() -> tuple[fuzz.Case, ...]:
    return fuzz.valid()


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_a_changed_stack_file_is_taken_or_refused_in_form(valid: tuple[fuzz.Case, ...], first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        case = fuzz.mutated(seed, valid)
        try:
            fuzz.refusals(case)
        except Exception as defect:
            raise AssertionError(f"seed {seed}: {case}") from defect


def test_what_is_changed_was_right(valid: tuple[fuzz.Case, ...]) -> None:
    assert [fuzz.refusals(case) for case in valid] == [()] * len(valid)


def test_changes_reach_the_text_the_keys_and_the_settings(valid: tuple[fuzz.Case, ...]) -> None:
    reached: Counter[str] = Counter()
    for seed in range(60):
        case = fuzz.mutated(seed, valid)
        found = source.parse(case.path, case.content).problems
        reached["text" if any(problem.path == "the file" for problem in found) else "keys" if found else "settings"] += 1
    assert min(reached[each] for each in ("text", "keys", "settings")) >= 3


def test_the_same_seed_makes_the_same_stack_file(valid: tuple[fuzz.Case, ...]) -> None:
    assert fuzz.mutated(7, valid) == fuzz.mutated(7, valid)


def test_a_refusal_that_shows_a_secret_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.problems.without_secrets", lambda text: text)
    shows = f"config:\n  ml-platform:settings:\n    kind: {fuzz.SECRETS[0]}\n"
    with pytest.raises(fuzz.NotInForm, match=fuzz.SECRETS[0]):
        fuzz.refusals(fuzz.Case("dev", shows.encode()))
