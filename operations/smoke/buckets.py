"""Buckets: encrypted with the key of their domain, closed, versioned, answering over TLS only."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from operations.smoke.access import Access, Contract
from operations.smoke.check import Check, Differs

_AGAIN = "run `pulumi up --refresh`, and see in CloudTrail who changed it"


def checks(found: Contract, access: Access) -> list[Check]:
    made: list[Check] = []
    for bucket, domain in _domains(found).items():
        key_arn = found.foundation.key_arns[domain]
        questions = (
            ("encryption", f"aws:kms with {key_arn}", lambda s3, bucket=bucket, key_arn=key_arn: _encryption(s3, bucket, key_arn)),
            ("public access", "all four blocks", lambda s3, bucket=bucket: _public_access(s3, bucket)),
            ("versioning", "Enabled", lambda s3, bucket=bucket: _versioning(s3, bucket)),
            ("TLS only", "a policy that denies what is not TLS", lambda s3, bucket=bucket: _tls_only(s3, bucket)),
        )
        made += [
            Check(
                name=f"bucket {bucket}: {question}",
                expected=expected,
                remedy=_AGAIN,
                waits_for="S3",
                look=lambda look=look: look(access.client("s3")),
            )
            for question, expected, look in questions
        ]
    return made


def _domains(found: Contract) -> Mapping[str, str]:
    """The domain of the key of each bucket."""
    store, training = found.feature_store, found.training
    features = [store.offline_bucket, store.staging_bucket, *([store.decision_log_bucket] if store.decision_log_bucket else [])]
    models = [found.serving.models_bucket, training.models_bucket, training.datasets_bucket, training.checkpoints_bucket]
    return {**dict.fromkeys(features, "features"), **dict.fromkeys(models, "models")}


def _encryption(s3: Any, bucket: str, key_arn: str) -> str:
    try:
        (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    except ClientError as error:
        raise _none(error, "ServerSideEncryptionConfigurationNotFoundError", "no encryption of its own") from None
    default = rule["ApplyServerSideEncryptionByDefault"]
    seen = f"{default['SSEAlgorithm']} with {default.get('KMSMasterKeyID', 'a key of AWS')}"
    if (default["SSEAlgorithm"], default.get("KMSMasterKeyID")) != ("aws:kms", key_arn):
        raise Differs(seen)
    return seen


def _public_access(s3: Any, bucket: str) -> str:
    try:
        blocks: Mapping[str, bool] = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        raise _none(error, "NoSuchPublicAccessBlockConfiguration", "no block") from None
    missing = [
        name
        for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        if not blocks.get(name, False)
    ]
    if missing:
        raise Differs(f"without {', '.join(missing)}")
    return "all four blocks"


def _versioning(s3: Any, bucket: str) -> str:
    status: str = s3.get_bucket_versioning(Bucket=bucket).get("Status", "never enabled")
    if status != "Enabled":
        raise Differs(status)
    return status


def _tls_only(s3: Any, bucket: str) -> str:
    try:
        document = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        raise _none(error, "NoSuchBucketPolicy", "no policy") from None
    for statement in document["Statement"]:
        if _denies_plaintext(statement, f"arn:aws:s3:::{bucket}"):
            return f"denied by {statement.get('Sid', 'a statement of its policy')}"
    raise Differs("a policy that allows plaintext")


def _denies_plaintext(statement: Mapping[str, Any], arn: str) -> bool:
    """Whether to everybody, everything, in the whole bucket. Conditions of one statement must all hold, so there may be no other."""
    resources = statement.get("Resource", [])
    return (
        statement["Effect"] == "Deny"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and statement.get("Action") in ("s3:*", "*", ["s3:*"])
        and {arn, f"{arn}/*"} <= {*([resources] if isinstance(resources, str) else resources)}
        and statement.get("Condition") in ({"Bool": {"aws:SecureTransport": "false"}}, {"Bool": {"aws:SecureTransport": ["false"]}})
    )


def _none(error: ClientError, code: str, seen: str) -> Exception:
    return Differs(seen) if error.response["Error"]["Code"] == code else error
