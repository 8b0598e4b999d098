"""The rows of the local AWS, by resource type."""

from __future__ import annotations

from localcloud.aws.row import Row
from localcloud.aws.rows import (
    codebuild,
    ec2,
    eks,
    eks_addons,
    elasticache,
    iam,
    kms,
    logs,
    rds,
    routes,
    s3,
    security_groups,
    ssm,
    vpc_endpoints,
)

_SERVICES = (codebuild, ec2, eks, eks_addons, elasticache, iam, kms, logs, rds, routes, s3, security_groups, ssm, vpc_endpoints)

ROWS: dict[str, Row] = {row.type: row for service in _SERVICES for row in service.ROWS}
