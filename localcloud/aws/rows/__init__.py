"""The rows of the local AWS, by resource type."""

from __future__ import annotations

from localcloud.aws.row import Row
from localcloud.aws.rows import ec2, eks, elasticache, iam, kms, logs, rds, routes, s3, security_groups, ssm

_SERVICES = (ec2, eks, elasticache, iam, kms, logs, rds, routes, s3, security_groups, ssm)

ROWS: dict[str, Row] = {row.type: row for service in _SERVICES for row in service.ROWS}
