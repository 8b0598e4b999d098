"""Who may do what with the key of an account's states."""

from planning import arns
from planning.documents.ci import DEPLOY, EPHEMERAL, PREVIEW, REAP
from planning.documents.keys import ADMINISTER
from planning.documents.statements import Conditions, Statement, allow, deny, document
from planning.names import PROJECT, PULL_REQUESTS, Names
from planning.state import TAG

_OPEN = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def state_key(names: Names, region: str) -> str:
    """The account's own IAM decides who administers it; and who uses it, but for two things only:

    - the objects of the bucket of the states, through S3;
    - the secrets of a stack, with the stack's deployment as encryption context. Without one, `pulumi stack init` already fails.

    A role of CI opens the secrets of the deployment that it is tagged with, and no other's, whatever its own policies say; those for
    environments of pull requests open the secrets of these.
    """
    root = {"AWS": arns.account_root(names.account)}
    s3, context = f"s3.{region}.amazonaws.com", f"kms:EncryptionContext:{TAG}"
    caller = {"kms:CallerAccount": names.account}
    bucket = arns.bucket(names.state_bucket)
    return document(
        allow("Administration", ADMINISTER, principal=root, resources="*"),
        # With a bucket key the context is the bucket, without one the object:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
        allow(
            "States",
            ("kms:Decrypt", "kms:GenerateDataKey"),
            principal=root,
            resources="*",
            conditions={
                "StringEquals": {**caller, "kms:ViaService": s3},
                "ArnLike": {"kms:EncryptionContext:aws:s3:arn": [bucket, f"{bucket}/*"]},
            },
        ),
        allow(
            "Secrets",
            ("kms:Decrypt", "kms:Encrypt"),
            principal=root,
            resources="*",
            conditions={"StringEquals": caller, "StringLike": {context: f"{PROJECT}/*"}},
        ),
        *_secrets_of_others(names.account, s3, context),
    )


def _secrets_of_others(account: str, s3: str, context: str) -> tuple[Statement, ...]:
    """A role without the tag opens nothing: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html says how a
    variable has a default. CI cannot tag its own roles: documents/boundary.py."""

    def refused(sid: str, roles: tuple[str, ...], conditions: Conditions) -> Statement:
        meant = {"aws:PrincipalArn": [arns.role(account, f"*-{role}") for role in roles]}
        return deny(sid, _OPEN, principal={"AWS": "*"}, resources="*", conditions={"ArnLike": meant, **conditions})

    own, any_of_them = f"${{aws:PrincipalTag/{TAG}, 'none'}}", f"{PROJECT}/{PULL_REQUESTS}*"
    return (
        refused("SecretsOfOthers", (PREVIEW, DEPLOY), {"StringNotEquals": {"kms:ViaService": s3, context: own}}),
        refused(
            "SecretsOfPlatforms",
            (EPHEMERAL, REAP),
            {"StringNotEquals": {"kms:ViaService": s3}, "StringNotLike": {context: any_of_them}},
        ),
    )
