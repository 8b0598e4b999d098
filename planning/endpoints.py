"""Which AWS services nodes must reach where there is no way to the internet."""

from collections.abc import Sequence

# https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html, read November 2026: what it lists for nodes, for images in
# ECR and for Pod Identity, which is how every pod here gets its credentials. Image layers are in S3, whose endpoint is always there.
# Not of its list: sts (for IAM roles of service accounts, which nothing here uses), elasticloadbalancing (Auto Mode's controller runs
# at AWS), logs, ssm and xray (for what an environment may do without).
NEEDED_BY_NODES = ("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth")


def missing(endpoints: Sequence[str]) -> tuple[str, ...]:
    """What nodes need and `endpoints` lacks, where NAT does not make up for it."""
    return tuple(service for service in NEEDED_BY_NODES if service not in endpoints)
