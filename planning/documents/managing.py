"""The AWS calls with which a deployment makes, changes and removes networks, clusters and the services around them."""

from planning import arns
from planning.documents.statements import Statement, allow
from planning.names import PROJECT, Names

# EC2 names what it makes itself, and some calls name several things: the boundary keeps these to the region.
_NETWORK = (
    "ec2:AllocateAddress",
    "ec2:AssociateRouteTable",
    "ec2:AttachInternetGateway",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateFlowLogs",
    "ec2:CreateInternetGateway",
    "ec2:CreateNatGateway",
    "ec2:CreateRoute",
    "ec2:CreateRouteTable",
    "ec2:CreateSecurityGroup",
    "ec2:CreateSubnet",
    "ec2:CreateSubnetCidrReservation",
    "ec2:CreateTags",
    "ec2:CreateVpc",
    "ec2:CreateVpcEndpoint",
    "ec2:DeleteFlowLogs",
    "ec2:DeleteInternetGateway",
    "ec2:DeleteNatGateway",
    "ec2:DeleteRoute",
    "ec2:DeleteRouteTable",
    "ec2:DeleteSecurityGroup",
    "ec2:DeleteSubnet",
    "ec2:DeleteSubnetCidrReservation",
    "ec2:DeleteTags",
    "ec2:DeleteVpc",
    "ec2:DeleteVpcEndpoints",
    "ec2:DetachInternetGateway",
    "ec2:DisassociateAddress",
    "ec2:DisassociateRouteTable",
    "ec2:ModifySecurityGroupRules",
    "ec2:ModifySubnetAttribute",
    "ec2:ModifyVpcAttribute",
    "ec2:ModifyVpcEndpoint",
    "ec2:ReleaseAddress",
    "ec2:ReplaceRoute",
    "ec2:ReplaceRouteTableAssociation",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:UpdateSecurityGroupRuleDescriptionsEgress",
    "ec2:UpdateSecurityGroupRuleDescriptionsIngress",
)
_CLUSTERS = (
    "eks:AssociateAccessPolicy",
    "eks:AssociateEncryptionConfig",
    "eks:CreateAccessEntry",
    "eks:CreateAddon",
    "eks:CreateCluster",
    "eks:CreatePodIdentityAssociation",
    "eks:DeleteAccessEntry",
    "eks:DeleteAddon",
    "eks:DeleteCluster",
    "eks:DeletePodIdentityAssociation",
    "eks:DescribeUpdate",
    "eks:DisassociateAccessPolicy",
    "eks:TagResource",
    "eks:UntagResource",
    "eks:UpdateAccessEntry",
    "eks:UpdateAddon",
    "eks:UpdateClusterConfig",
    "eks:UpdateClusterVersion",
    "eks:UpdatePodIdentityAssociation",
)
_LOG_GROUPS = (
    "logs:AssociateKmsKey",
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:DeleteRetentionPolicy",
    "logs:DisassociateKmsKey",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
)
# A flow log to a bucket is a delivery of CloudWatch Logs, and so are the logs of a cache; what lets a cache write to its log groups is
# made by AWS, as whoever makes the cache:
# https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Logging-destinations.html
_DELIVERIES = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
_TOPICS = (
    "sns:CreateTopic",
    "sns:DeleteTopic",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
    "sns:TagResource",
    "sns:Unsubscribe",
    "sns:UntagResource",
)
_REPOSITORIES = (
    "ecr:CreateRepository",
    "ecr:DeleteLifecyclePolicy",
    "ecr:DeleteRepository",
    "ecr:PutImageScanningConfiguration",
    "ecr:PutImageTagMutability",
    "ecr:PutLifecyclePolicy",
    "ecr:TagResource",
    "ecr:UntagResource",
)
_PARAMETERS = ("ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource")
_RUNNERS = ("codebuild:CreateProject", "codebuild:CreateWebhook", "codebuild:DeleteProject", "codebuild:DeleteWebhook",
            "codebuild:UpdateProject", "codebuild:UpdateWebhook")  # fmt: skip


def network() -> tuple[Statement, ...]:
    """Makes, changes and removes networks."""
    return (allow("Network", _NETWORK, resources="*"), allow("Deliveries", _DELIVERIES, resources="*"))


def services(names: Names, region: str) -> tuple[Statement, ...]:
    """Makes, changes and removes clusters and the services around them."""
    account, environment = names.account, names.environment
    here = f"{region}:{account}"
    clusters = [f"arn:aws:eks:{here}:{kind}/{names.any_cluster}" for kind in ("access-entry", "addon", "cluster", "podidentityassociation")]
    return (
        allow("Clusters", _CLUSTERS, resources=clusters),
        allow("LogGroups", _LOG_GROUPS, resources=[arns.log_group(region, account, name) for name in names.any_log_group]),
        # IAM knows no resource of Unsubscribe but the topic, which a subscription's ARN begins with.
        allow("Topics", _TOPICS, resources=arns.topic(region, account, f"{environment}-*")),
        allow("Repositories", _REPOSITORIES, resources=arns.repository(region, account, names.any_repository)),
        allow("Parameters", _PARAMETERS, resources=arns.parameter(region, account, f"/{PROJECT}/{environment}/*")),
        allow("Runners", _RUNNERS, resources=arns.build_project(region, account, f"{environment}-*")),
        allow(
            "Budgets",
            ("budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"),
            resources=f"arn:aws:budgets::{account}:budget/{environment}-*",
        ),
    )
