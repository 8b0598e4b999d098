"""What the runner of CI may do itself: its jobs assume the deploy role, and it has none of its rights."""

from collections.abc import Sequence

from planning import arns
from planning.documents.statements import allow, document


def logs(region: str, account: str, log_group: str) -> str:
    """Writing its own log."""
    log = f"{arns.log_group(region, account, log_group)}:*"
    return document(allow("Logs", ("logs:CreateLogStream", "logs:PutLogEvents"), resources=log))


def network() -> str:
    """Making and removing a network interface for each build, which no narrower resource is named of.

    https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
    """
    return document(
        allow(
            "Network",
            (
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
            ),
            resources="*",
        )
    )


def interfaces(region: str, account: str, subnet_ids: Sequence[str]) -> str:
    """Lending CodeBuild, and nobody else, the interfaces in these subnets."""
    return document(
        allow(
            "Interfaces",
            "ec2:CreateNetworkInterfacePermission",
            resources=f"arn:aws:ec2:{region}:{account}:network-interface/*",
            conditions={
                "StringEquals": {
                    "ec2:AuthorizedService": "codebuild.amazonaws.com",
                    "ec2:Subnet": [arns.subnet(region, account, each) for each in subnet_ids],
                }
            },
        )
    )
