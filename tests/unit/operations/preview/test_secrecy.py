"""Secret values, wherever they turn up."""

import json
from typing import Any

import pytest

from operations.preview.secrecy import MASK, masked, values

PASSWORD = 'correct"horse-battery'
DOCUMENT = json.dumps({"username": "registry_admin", "password": PASSWORD})
SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


def state(value: object) -> Any:
    """A state as `pulumi stack export --show-secrets` prints it, with one secret."""
    secret = {SIGNATURE: SECRET, "plaintext": json.dumps(value)}
    return {"deployment": {"resources": [{"urn": "urn", "inputs": {"name": "registry", "secretString": secret}}]}}


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (PASSWORD, {PASSWORD}),
        ([PASSWORD], {PASSWORD}),
        ({"any": PASSWORD}, {PASSWORD}),
        ("short", set()),
        (17, set()),
        (json.dumps({"username": "registry_admin", "password": PASSWORD}), {DOCUMENT, PASSWORD}),
        (json.dumps({"username": "registry_admin", "auth-token": PASSWORD}), {DOCUMENT.replace("password", "auth-token"), PASSWORD}),
    ],
)  # fmt: skip
def test_secret_texts_of_a_state_are_found(kept: object, found: set[str]) -> None:
    assert values(state(kept)) == found


def test_what_is_no_secret_is_not_taken_for_one() -> None:
    assert values({"deployment": {"resources": [{"inputs": {"password": "in plain sight"}}]}}) == frozenset()


@pytest.mark.parametrize(
    "text", [PASSWORD, f"Traceback: ValueError({PASSWORD})", f"user:{PASSWORD}@host", json.dumps({"password": PASSWORD})]
)
def test_a_secret_is_masked_wherever_it_is_said(text: str) -> None:
    document = {"failure": text, "steps": [{"newState": {"inputs": {"a": [text]}}}], text: 1}
    said = json.dumps(masked(document, frozenset({PASSWORD})))
    assert "horse" not in said
    assert MASK in said


def test_what_the_state_wraps_as_a_secret_is_masked_without_knowing_it() -> None:
    wrapped = {SIGNATURE: SECRET, "ciphertext": "v1:abc"}
    assert masked({"inputs": {"password": wrapped, "name": "registry"}}, frozenset()) == {"inputs": {"password": MASK, "name": "registry"}}


def test_what_holds_no_secret_stays_as_it_is() -> None:
    document = {"name": "registry", "ports": [3306], "tls": True, "none": None}
    assert masked(document, frozenset({PASSWORD})) == document
