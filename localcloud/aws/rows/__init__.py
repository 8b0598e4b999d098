"""The rows of the local AWS, by resource type."""

from __future__ import annotations

from localcloud.aws.row import Row
from localcloud.aws.rows import budgets, ec2, ecr, eks, elasticache, iam, kms, logs, rds, routes, s3, security_groups, sns, ssm

_SERVICES = (budgets, ec2, ecr, eks, elasticache, iam, kms, logs, rds, routes, s3, security_groups, sns, ssm)

ROWS: dict[str, Row] = {row.type: row for service in _SERVICES for row in service.ROWS}
