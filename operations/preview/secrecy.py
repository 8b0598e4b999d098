"""What no document of a preview may hold: the values that a state keeps as secrets, whoever says them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

MASK = "[secret]"

# An object with this key and this value wraps a secret: sdk/go/common/resource/sig/sig.go of pulumi/pulumi.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"

# A shorter one is found in words that give nothing away.
_SHORTEST = 8
_SECRET_WORDS = ("password", "secret", "token", "privatekey")


def values(exported: Any) -> frozenset[str]:
    """The secret texts of a state that was exported with `--show-secrets`. Of a JSON document in one, those named as passwords are, too."""
    return frozenset(value for value in _secrets(exported) if len(value) >= _SHORTEST)


def masked(document: Any, secrets: frozenset[str]) -> Any:
    """The document without what a state wraps as a secret, and without those texts wherever they are."""
    if isinstance(document, str):
        return _without(document, secrets)
    if isinstance(document, Mapping):
        if document.get(_SIGNATURE) == _SECRET:
            return MASK
        return {_without(str(name), secrets): masked(value, secrets) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [masked(value, secrets) for value in document]
    return document


def _without(text: str, secrets: frozenset[str]) -> str:
    # The longest first: a document that holds a password goes whole.
    for secret in sorted(secrets, key=len, reverse=True):
        for form in (secret, json.dumps(secret)[1:-1]):
            text = text.replace(form, MASK)
    return text


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value.get(_SIGNATURE) == _SECRET and isinstance(value.get("plaintext"), str):
            yield from _texts(json.loads(value["plaintext"]))
            return
        for each in value.values():
            yield from _secrets(each)
    elif isinstance(value, list):
        for each in value:
            yield from _secrets(each)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from _named(value)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _named(text: str) -> Iterator[str]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return
    if isinstance(document, Mapping):
        for name, value in document.items():
            plain = name.lower().replace("_", "").replace("-", "")
            if isinstance(value, str) and any(word in plain for word in _SECRET_WORDS):
                yield value
