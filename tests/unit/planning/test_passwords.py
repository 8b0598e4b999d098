import json
import re

import pytest

from planning.passwords import LENGTH, password

MADE = [password() for _ in range(200)]


def test_a_password_has_letters_and_digits_only() -> None:
    assert all(re.fullmatch(rf"[A-Za-z0-9]{{{LENGTH}}}", each) for each in MADE)


def test_a_password_begins_no_json_value() -> None:
    assert not {each[0] for each in MADE} & set("0123456789eEtTfFnN")
    for each in MADE:
        with pytest.raises(json.JSONDecodeError):
            json.loads(each)


def test_no_two_passwords_are_alike() -> None:
    assert len(set(MADE)) == len(MADE)
