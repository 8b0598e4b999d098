"""What may be asked through a VPC endpoint. It grants nothing: it is the most that the callers' own permissions come to."""

from planning import arns
from planning.documents.statements import Statement, allow, document

_ANYBODY = {"AWS": "*"}


def account_only(account: str) -> str:
    """Callers with credentials of this account, whatever they ask; nobody with those of another, and nobody without."""
    return document(_account(account))


def s3(account: str, region: str) -> str:
    """The account's callers; and the image layers of ECR, which a node reads from a bucket of AWS's with a URL that AWS signed.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms, read November 2026. Another
    registry that keeps its layers in S3, in the environment's region, is not reached: registry.k8s.io does. Such images are copied to ECR.
    """
    layers = f"{arns.bucket(f'prod-{region}-starport-layer-bucket')}/*"
    return document(_account(account), allow("EcrLayers", "s3:GetObject", principal=_ANYBODY, resources=layers))


def _account(account: str) -> Statement:
    return allow("Account", "*", principal=_ANYBODY, resources="*", conditions={"StringEquals": {"aws:PrincipalAccount": account}})
