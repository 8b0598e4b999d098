"""What may be asked through a VPC endpoint. It grants nothing: it is the most that the callers' own permissions come to."""

from planning import arns
from planning.documents.statements import Statement, allow, document

_ANYBODY = {"AWS": "*"}


def account_only(account: str) -> str:
    """Callers with credentials of this account, whatever they ask; nobody with those of another, and nobody without."""
    return document(_account(account))


def interface(service: str, account: str) -> str:
    """The account's callers; of `sts`, those too who have only a token yet, and become roles of this account with it: jobs of CI.

    Such a call is not signed, so it comes from no account: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html.
    https://github.com/aws-samples/data-perimeter-policy-examples, sts_endpoint_policy.json, read November 2026, lets it in like this.
    """
    if service != "sts":
        return account_only(account)
    federated = allow(
        "Federated",
        "sts:AssumeRoleWithWebIdentity",
        principal={"Federated": "*"},
        resources="*",
        conditions={"StringEquals": {"aws:ResourceAccount": account}},
    )
    return document(_account(account), federated)


def s3(account: str, region: str) -> str:
    """The account's callers; and what is read without credentials of it: the image layers of ECR, which a node reads from a bucket of
    AWS's with a URL that AWS signed, and the packages of Amazon Linux 2023, which the runner of CI installs.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms and
    https://github.com/aws-samples/data-perimeter-policy-examples, s3_endpoint_policy.json, read November 2026. Another registry that
    keeps its layers in S3, in the environment's region, is not reached: registry.k8s.io does. Such images are copied to ECR.
    """
    layers, packages = (f"{arns.bucket(name)}/*" for name in (f"prod-{region}-starport-layer-bucket", f"al2023-repos-{region}-de612dc2"))
    return document(
        _account(account),
        allow("EcrLayers", "s3:GetObject", principal=_ANYBODY, resources=layers),
        allow("AmazonLinuxPackages", "s3:GetObject", principal=_ANYBODY, resources=packages),
    )


def _account(account: str) -> Statement:
    return allow("Account", "*", principal=_ANYBODY, resources="*", conditions={"StringEquals": {"aws:PrincipalAccount": account}})
