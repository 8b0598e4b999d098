"""Where jobs of GitHub Actions run inside a VPC."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after

ANYWHERE = "0.0.0.0/0"

# https://docs.aws.amazon.com/codebuild/latest/userguide/ec2-compute-images.html; the size is enough for the engine and its providers.
IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
COMPUTE = "BUILD_GENERAL1_MEDIUM"
BUILD_MINUTES = 120


@dataclass(frozen=True, kw_only=True)
class RunnerArgs:
    project: str
    """What a job names in `runs-on`, as codebuild-PROJECT-RUN-ATTEMPT."""
    repository: str
    """OWNER/NAME. CodeBuild must have been connected to GitHub, once per account and region, by hand:
    https://docs.aws.amazon.com/codebuild/latest/userguide/action-runner.html."""
    role: pulumi.Input[str]
    """The ARN of its role."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    log_group: str
    log_retention_days: int
    log_key_arn: pulumi.Input[str]


class Runner(pulumi.ComponentResource):
    """A CodeBuild project that runs each queued job of a repository in a container of its own, which reaches HTTPS and nothing else.

    As many at once as the account may have, and no limit of its own: CodeBuild refuses one above the account's, which in a new account
    is 1 (https://github.com/hashicorp/terraform-provider-aws/pull/37748).
    """

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: RunnerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Runner", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        log_group = aws.cloudwatch.LogGroup(
            name,
            name=args.log_group,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            opts=self._child,
        )
        self.security_group_id = self._security_group()
        project = aws.codebuild.Project(
            name,
            name=args.project,
            description=f"Runs jobs of {args.repository}",
            service_role=args.role,
            build_timeout=BUILD_MINUTES,
            source=aws.codebuild.ProjectSourceArgs(type="GITHUB", location=f"https://github.com/{args.repository}.git", git_clone_depth=1),
            artifacts=aws.codebuild.ProjectArtifactsArgs(type="NO_ARTIFACTS"),
            environment=aws.codebuild.ProjectEnvironmentArgs(type="LINUX_CONTAINER", compute_type=COMPUTE, image=IMAGE),
            vpc_config=aws.codebuild.ProjectVpcConfigArgs(
                vpc_id=args.vpc_id, subnets=args.subnet_ids, security_group_ids=[self.security_group_id]
            ),
            logs_config=aws.codebuild.ProjectLogsConfigArgs(
                cloudwatch_logs=aws.codebuild.ProjectLogsConfigCloudwatchLogsArgs(status="ENABLED", group_name=log_group.name)
            ),
            opts=self._child,
        )
        queued = aws.codebuild.WebhookFilterGroupFilterArgs(type="EVENT", pattern="WORKFLOW_JOB_QUEUED")
        aws.codebuild.Webhook(
            name, project_name=project.name, filter_groups=[aws.codebuild.WebhookFilterGroupArgs(filters=[queued])], opts=self._child
        )
        self.register_outputs({"security_group_id": self.security_group_id})

    def _security_group(self) -> pulumi.Output[str]:
        description = f"{self._args.project}: jobs of GitHub Actions"
        tags = {"Name": self._args.project}
        group = aws.ec2.SecurityGroup(self._name, vpc_id=self._args.vpc_id, description=description, tags=tags, opts=self._child)
        # GitHub and AWS have too many addresses to list.
        https = aws.vpc.SecurityGroupEgressRule(
            self._name,
            security_group_id=group.id,
            description="HTTPS",
            cidr_ipv4=ANYWHERE,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            opts=self._child,
        )
        return known_after(group.id, [https])
