"""Copies of a bucket's new objects in a bucket of somebody else's."""

from dataclasses import dataclass

import pulumi

from components.bucket import Bucket
from components.bucket_replication import BucketReplication, BucketReplicationArgs
from components.role import ManagedRole, ManagedRoleArgs
from planning.documents import replication, trust
from planning.documents.replication import Replica
from tiers.workspace import Place


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What is copied."""

    purpose: str
    """Its bucket's."""
    role: str
    """The purpose of the role that S3 copies as: whoever has the copy lets it in by name."""
    bucket: Bucket
    locked: bool
    """Whether the bucket can lock objects."""


def replicate(copied: Copied, replica: Replica, place: Place, child: pulumi.ResourceOptions) -> None:
    """Makes the role and the replication."""
    environment, names = place.environment, place.environment.names
    source = names.bucket(copied.purpose)
    role = ManagedRole(
        copied.role,
        ManagedRoleArgs(
            role=names.role(copied.role),
            boundary_arn=place.boundary_arn,
            description=f"What S3 acts as when it copies {source}",
            trust=trust.replication(),
            managed_policies=(),
            inline_policies=(
                ("objects", replication.objects(source, replica, locked=copied.locked)),
                # By itself, because the key's ARN is unknown at first preview: the rest stays readable there.
                ("keys", place.key_arn.apply(lambda arn: replication.keys(environment.region, source, arn, replica))),
            ),
        ),
        child,
    )
    BucketReplication(
        copied.purpose,
        BucketReplicationArgs(
            bucket=copied.bucket.versioned, role_arn=role.arn, replica_bucket_arn=replica.bucket_arn, replica_key_arn=replica.key_arn
        ),
        child,
    )
