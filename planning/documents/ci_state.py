"""What CI may do with the states of stacks: with one stack's, or with those that a pattern matches, by the name of the environment."""

from planning import arns
from planning.documents.statements import Conditions, Statement, allow
from planning.names import PROJECT, STATE_KEY, Names

# https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
_STATE_KEY: Conditions = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": STATE_KEY}}


def read_state(names: Names, region: str) -> tuple[Statement, ...]:
    """As the engine lays a state out in a bucket (pulumi 3.259.0, backend/diy): one object per stack, one of its tags if it has any, and
    one that says how.

    FindState has no condition on `s3:prefix`, so that names of other stacks are seen: the engine takes the tags to be none only if S3
    answers that there is no such object, and S3 says so to nobody who may not list the bucket; whether it does to who may list a part
    of it, nothing says (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    """
    state = arns.bucket(names.state_bucket)
    key = f"arn:aws:kms:{region}:{names.account}:key/*"
    return (
        allow("FindState", "s3:ListBucket", resources=state),
        allow("ReadState", "s3:GetObject", resources=[f"{state}/.pulumi/meta.yaml", _state_of(names), _tags_of(names)]),
        allow("DecryptState", "kms:Decrypt", resources=key, conditions=_STATE_KEY),
    )


def write_state(names: Names, region: str) -> tuple[Statement, ...]:
    """Beside the state the engine keeps its backups, its history and its lock."""
    state, stack = arns.bucket(names.state_bucket), f"{PROJECT}/{names.environment}"
    beside = [f"{state}/.pulumi/{kind}/{stack}/*" for kind in ("backups", "history", "locks/organization")]
    return (
        allow(
            "WriteState",
            ("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=[_state_of(names), f"{_state_of(names)}.bak", _tags_of(names), *beside],
        ),
        allow(
            "EncryptState",
            ("kms:Encrypt", "kms:GenerateDataKey"),
            resources=f"arn:aws:kms:{region}:{names.account}:key/*",
            conditions=_STATE_KEY,
        ),
    )


def _state_of(names: Names) -> str:
    return f"{arns.bucket(names.state_bucket)}/.pulumi/stacks/{PROJECT}/{names.environment}.json"


def _tags_of(names: Names) -> str:
    return f"{arns.bucket(names.state_bucket)}/.pulumi/stacks/{PROJECT}/{names.environment}.pulumi-tags"
