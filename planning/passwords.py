"""Passwords that the program makes."""

import secrets
import string

LENGTH = 32

# What Feast reads after `password=` it takes for JSON where it can, and letters of a URL are never escaped: letters and digits only, and no
# first one of a number, `true`, `false`, `null` or an exponent (https://docs.feast.dev/reference/online-stores/redis).
_ANY = string.ascii_letters + string.digits
_FIRST = "".join(letter for letter in string.ascii_letters if letter.lower() not in "eftn")


def password() -> str:
    """32 letters and digits, about 190 bits; the first is a letter that begins no JSON value."""
    return secrets.choice(_FIRST) + "".join(secrets.choice(_ANY) for _ in range(LENGTH - 1))
