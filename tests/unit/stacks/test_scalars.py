"""What an unquoted value is: the same to the check as to Pulumi, whose YAML reader is not Python's."""

import pytest

from stacks.scalars import Misread, read


@pytest.mark.parametrize(
    "text", ["no", "No", "on", "off", "yes", "y", "1:30", "eu-west-1", "10.20.0.0/16", "1.2.3", "-", "a b", "0x", "1e", "+", "é"]
)
def test_text_stays_text(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("FALSE", False), ("", None), ("~", None), ("Null", None), ("0", 0), ("-3", -3), ("3.5", 3.5), ("-0.25", -0.25),
        ("9223372036854775807", 2**63 - 1), ("111111111111", 111111111111),
    ],
)  # fmt: skip
def test_numbers_and_words_are_what_they_are_to_pulumi(text: str, value: object) -> None:
    found = read(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "012",
        "0123",
        "012345678901",
        "00",
        "-07",
        "2027-01-31",
        "2027-01-31 10:00:00",
        ".inf",
        "-.Inf",
        ".NaN",
        "9" * 30,
        "9" * 5000,
        "1e999",
    ],
)
def test_what_readers_disagree_about_is_not_guessed(text: str) -> None:
    assert isinstance(read(text), Misread)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.30", "1.3"), ("8.0", "8"), ("3.0", "3"), ("+3", "3"), ("-0", "0"), ("1_000", "1000"),
        ("0x10", "16"), ("0o17", "15"), ("0b101", "5"), (".5", "0.5"), ("1e3", "1000"),
    ],
)  # fmt: skip
def test_a_number_that_yaml_writes_in_another_way_is_not_guessed(text: str, number: str) -> None:
    found = read(text)
    assert isinstance(found, Misread)
    assert found.meaning == f"which is {number} to YAML"
    assert found.remedy == f'write "{text}" for text, {number} for a number'
