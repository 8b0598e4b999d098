"""What must never be shown: a refusal is printed, logged and pasted into tickets, and a stack file may hold a secret by mistake."""

import re

HIDDEN = "(hidden: it looks like a secret)"

_NAME = re.compile(
    r"passw(?:or)?d|passphrase|pwd|secret(?!smanager)|token|credential|private_?key|api_?key|access_?key|auth_?key|salt|encryptedkey",
    re.IGNORECASE,
)

_BASE64 = "[A-Za-z0-9+/_]"
_VALUES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"-----BEGIN [A-Z ]*PRIVATE KEY.*?(?:-----END [A-Z ]*PRIVATE KEY-*|\Z)", re.DOTALL),
        (r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}", 0),  # AWS access keys
        (r"\b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|pul-|sk-|hvs\.)[A-Za-z0-9_-]{10,}", 0),
        (r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*", 0),  # JSON web tokens
        (r"(?<=://)[^/\s\"@]*:[^/\s\"@]*(?=@)", 0),  # user:password@ of an address
        (r"(?<=\bv1:)[A-Za-z0-9+/=:]{16,}", 0),  # what Pulumi encrypted
        # A key's value: 40 characters for AWS; whatever is long, has no words in it and mixes the three kinds of character.
        (rf"(?<![\w+/=])(?=[A-Z\d+/_]*[a-z])(?=[a-z\d+/_]*[A-Z])(?=[A-Za-z+/_]*\d){_BASE64}{{32,}}={{0,2}}(?![\w+/=])", re.ASCII),
        (r"(?<![A-Za-z0-9])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{32,}(?![A-Za-z0-9])", 0),
        (r"(?<![A-Za-z0-9])(?=\d*[A-F])(?=[A-F]*\d)[0-9A-F]{32,}(?![A-Za-z0-9])", 0),
        (r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40,}={0,2}(?![A-Za-z0-9+/=])", 0),
    )
)
_ASSIGNED = re.compile(rf"((?:{_NAME.pattern})[\w-]*[\"']?\s*(?:=|:(?=[\s\"']))\s*[\"']?)([^\s\"'`;&,]+)", re.IGNORECASE)


def names_a_secret(key: str) -> bool:
    """Whether a key is called like something that is kept secret: `password`, `api_token`, `privateKey`."""
    return bool(_NAME.search(key))


def without_secrets(text: str) -> str:
    """`text` with everything in it hidden that looks like a key, a token, a password in an address or a private key."""
    for pattern in _VALUES:
        text = pattern.sub(HIDDEN, text)
    return _ASSIGNED.sub(lambda found: found[1] + HIDDEN if HIDDEN not in found[0] else found[0], text)
