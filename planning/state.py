"""Where the states of an account's stacks are, and how their secrets are kept: made by scripts/bootstrap_state.py, and given to pulumi."""

from planning.names import PROJECT, STATE_KEY, Names

TAG = "deployment"
SHARED = PROJECT
"""The value of the tag `deployment` on what is made once per account. A stack's has a slash: it is never this one."""

NONCURRENT_DAYS = 90
"""How long a state can be brought back after another one took its place: an update replaces it once per step."""
LOG_DAYS = 365
"""How long it can be said who read or wrote a state."""
ABORT_MULTIPART_DAYS = 7


def backend(names: Names, region: str) -> str:
    """What `pulumi login` takes: https://gocloud.dev/howto/blob/#s3."""
    return f"s3://{names.state_bucket}?region={region}"


def secrets_provider(names: Names, region: str) -> str:
    """What `--secrets-provider` takes. The key opens the secrets of a stack with its own encryption context only: documents/state.py.

    https://pkg.go.dev/gocloud.dev/secrets/awskms#URLOpener
    """
    return f"awskms://{STATE_KEY}?region={region}&context_{TAG}={names.deployment}"
