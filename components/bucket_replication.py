"""Copies of a bucket's objects in another bucket."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class BucketReplicationArgs:
    bucket: pulumi.Input[str]
    """Known once it is versioned (components.bucket)."""
    role_arn: pulumi.Input[str]
    """What S3 replicates as: planning.documents.replication."""
    replica_bucket_arn: str
    """Versioned, and of a policy that lets the role in where it is another account's."""
    replica_key_arn: str


class BucketReplication(pulumi.ComponentResource):
    """The replication of everything that is written to a bucket from now on, encrypted with the replica's own key.

    A deletion is not replicated: what was deleted by mistake is still in the copy.
    """

    def __init__(self, name: str, args: BucketReplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:BucketReplication", name, None, opts)
        aws.s3.BucketReplicationConfig(
            name,
            bucket=args.bucket,
            role=args.role_arn,
            rules=[
                aws.s3.BucketReplicationConfigRuleArgs(
                    id="everything",
                    status="Enabled",
                    priority=1,
                    filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
                    delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(status="Disabled"),
                    source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
                        sse_kms_encrypted_objects=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(
                            status="Enabled"
                        )
                    ),
                    destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(
                        bucket=args.replica_bucket_arn,
                        encryption_configuration=aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                            replica_kms_key_id=args.replica_key_arn
                        ),
                    ),
                )
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
