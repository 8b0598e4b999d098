"""What pods may do in AWS beside buckets: read secrets, put records into streams, log in to databases."""

from collections.abc import Sequence

from planning import arns
from planning.documents.statements import allow, document

# Secrets Manager ends an ARN with a hyphen and six characters of its own:
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resources.html
ANY_SUFFIX = "-??????"

READ_SECRET = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue")


def secrets(region: str, account: str, names: Sequence[str]) -> str:
    """Reads these secrets, and none of a longer name."""
    return document(allow("Secrets", READ_SECRET, resources=[arns.secret(region, account, f"{name}{ANY_SUFFIX}") for name in names]))


def secret(arn: str) -> str:
    """Reads the secret that AWS named itself, such as that of a database's master user."""
    return document(allow("Secret", READ_SECRET, resources=arn))


def streams(region: str, account: str, names: Sequence[str]) -> str:
    """Puts records into these streams, and reads none."""
    return document(
        allow("Streams", ("kinesis:PutRecord", "kinesis:PutRecords"), resources=[arns.stream(region, account, name) for name in names])
    )


def database_user(region: str, account: str, resource_id: str, user: str) -> str:
    """Logs in to one database server as one user: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html."""
    return document(allow("Login", "rds-db:connect", resources=arns.database_user(region, account, resource_id, user)))
