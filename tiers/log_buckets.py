"""Where logs are kept."""

import pulumi

from components.bucket import Bucket, BucketArgs, Lifecycle
from planning.documents import buckets
from tiers.environment import Environment

NONCURRENT_DAYS = 30
"""How long a log that was overwritten or deleted can be brought back."""
ABORT_MULTIPART_DAYS = 7
WITHOUT_REPLICA = "logs are no source of anything"
"""Why they need no copy; the policy pack knows the reason."""


def log_buckets(
    environment: Environment, retention_days: int, key_arn: pulumi.Input[str], child: pulumi.ResourceOptions
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """The name of the log bucket and the ARN of the audit bucket.

    Two, because what AWS delivers to the log bucket (access logs) can have neither a key nor access logs of its own.
    """
    lifecycle = Lifecycle(expiration_days=retention_days, noncurrent_days=NONCURRENT_DAYS, abort_multipart_days=ABORT_MULTIPART_DAYS)
    logs, audit = environment.names.bucket("logs"), environment.names.bucket("audit")
    logs_bucket = Bucket(
        "logs",
        BucketArgs(
            bucket=logs,
            policy=buckets.log_delivery(logs, environment.account),
            key_arn=None,
            logs_bucket=None,
            protected=environment.protected,
            lifecycle=lifecycle,
            without_replica=WITHOUT_REPLICA,
        ),
        child,
    ).bucket
    audit_bucket = Bucket(
        "audit",
        BucketArgs(
            bucket=audit,
            policy=buckets.audit(audit, region=environment.region, account=environment.account),
            key_arn=key_arn,
            logs_bucket=logs_bucket,
            protected=environment.protected,
            lifecycle=lifecycle,
            without_replica=WITHOUT_REPLICA,
        ),
        child,
    )
    return logs_bucket, audit_bucket.arn
