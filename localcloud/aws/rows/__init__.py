"""The rows of the local AWS, by resource type."""

from __future__ import annotations

from localcloud.aws.row import Row
from localcloud.aws.rows import ec2, eks, elasticache, iam, kms, logs, rds, s3, ssm

ROWS: dict[str, Row] = {row.type: row for module in (ec2, eks, elasticache, iam, kms, logs, rds, s3, ssm) for row in module.ROWS}
