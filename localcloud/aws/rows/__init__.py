"""The rows of the local AWS, by resource type."""

from __future__ import annotations

from localcloud.aws.row import Row
from localcloud.aws.rows import (
    budgets,
    catalog,
    codebuild,
    ec2,
    ecr,
    eks,
    eks_addons,
    elasticache,
    iam,
    kms,
    logs,
    rds,
    rds_events,
    routes,
    s3,
    s3_safekeeping,
    secrets_manager,
    security_groups,
    sns,
    ssm,
    streams,
    vpc_endpoints,
)

_SERVICES = (
    *(budgets, catalog, codebuild, ec2, ecr, eks, eks_addons, elasticache, iam, kms, logs),
    *(rds, rds_events, routes, s3, s3_safekeeping, secrets_manager, security_groups, sns, ssm, streams, vpc_endpoints),
)

ROWS: dict[str, Row] = {row.type: row for service in _SERVICES for row in service.ROWS}
