"""What EKS Auto Mode needs beyond AWS's managed policies."""

from planning.documents.statements import Conditions, allow, document

_OWN_CLUSTER = {"aws:RequestTag/eks:eks-cluster-name": "${aws:PrincipalTag/eks:eks-cluster-name}"}


def custom_tags() -> str:
    """Lets Auto Mode put our own tags on what it launches. Without it our deployment tag makes every launch fail.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html#tag-prop
    """
    own: Conditions = {"StringEquals": _OWN_CLUSTER}
    return document(
        allow(
            "Compute",
            ["ec2:CreateFleet", "ec2:RunInstances", "ec2:CreateLaunchTemplate"],
            resources="*",
            conditions={
                "StringEquals": _OWN_CLUSTER,
                "StringLike": {
                    "aws:RequestTag/eks:kubernetes-node-class-name": "*",
                    "aws:RequestTag/eks:kubernetes-node-pool-name": "*",
                },
            },
        ),
        allow(
            "Storage",
            ["ec2:CreateVolume", "ec2:CreateSnapshot"],
            resources=["arn:aws:ec2:*:*:volume/*", "arn:aws:ec2:*:*:snapshot/*"],
            conditions=own,
        ),
        allow(
            "Networking",
            "ec2:CreateNetworkInterface",
            resources="*",
            conditions={"StringEquals": _OWN_CLUSTER, "StringLike": {"aws:RequestTag/eks:kubernetes-cni-node-name": "*"}},
        ),
        allow(
            "LoadBalancer",
            [
                "elasticloadbalancing:CreateLoadBalancer",
                "elasticloadbalancing:CreateTargetGroup",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateRule",
                "ec2:CreateSecurityGroup",
            ],
            resources="*",
            conditions=own,
        ),
        allow("ShieldProtection", "shield:CreateProtection", resources="*", conditions=own),
        allow("ShieldTagResource", "shield:TagResource", resources="arn:aws:shield::*:protection/*", conditions=own),
    )
