"""The rows of the local AWS, by resource type."""

from __future__ import annotations

from localcloud.aws.row import Row
from localcloud.aws.rows import (
    budgets,
    codebuild,
    ec2,
    ecr,
    eks,
    eks_addons,
    elasticache,
    elasticache_groups,
    iam,
    kms,
    logs,
    rds,
    rds_events,
    routes,
    s3,
    secrets_manager,
    security_groups,
    sns,
    ssm,
    vpc_endpoints,
)

_SERVICES = (
    *(budgets, codebuild, ec2, ecr, eks, eks_addons, elasticache, elasticache_groups, iam, kms, logs),
    *(rds, rds_events, routes, s3, secrets_manager, security_groups, sns, ssm, vpc_endpoints),
)

ROWS: dict[str, Row] = {row.type: row for service in _SERVICES for row in service.ROWS}
