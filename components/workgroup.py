"""Where queries over a data lake run."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class WorkgroupArgs:
    workgroup: str
    description: str
    account: str
    results_bucket: pulumi.Input[str]
    results_prefix: str
    """Ends with `/`."""
    key_arn: pulumi.Input[str]
    """What results are encrypted with."""
    scan_limit_gib: int
    """Athena ends a query that scans more."""
    protected: bool
    """Whether AWS refuses to delete it with the queries that were saved in it."""


class Workgroup(pulumi.ComponentResource):
    """An Athena workgroup whose settings nobody's own override: where results go, what encrypts them, and how much a query scans."""

    workgroup: pulumi.Output[str]

    def __init__(self, name: str, args: WorkgroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Workgroup", name, None, opts)
        made = aws.athena.Workgroup(
            name,
            name=args.workgroup,
            description=args.description,
            force_destroy=not args.protected,
            configuration=aws.athena.WorkgroupConfigurationArgs(
                enforce_workgroup_configuration=True,
                publish_cloudwatch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=args.scan_limit_gib * GIB,
                result_configuration=aws.athena.WorkgroupConfigurationResultConfigurationArgs(
                    output_location=pulumi.Output.format("s3://{0}/{1}", args.results_bucket, args.results_prefix),
                    expected_bucket_owner=args.account,
                    encryption_configuration=aws.athena.WorkgroupConfigurationResultConfigurationEncryptionConfigurationArgs(
                        encryption_option="SSE_KMS", kms_key_arn=args.key_arn
                    ),
                ),
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.workgroup = made.name
        self.register_outputs({"workgroup": self.workgroup})
