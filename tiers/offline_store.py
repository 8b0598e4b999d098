"""Feast's offline store: objects in S3, their catalog in Glue, and queries over them in Athena. docs/feature-store-layout.md says what
lies where."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.bucket_replication import BucketReplication, BucketReplicationArgs
from components.role import ManagedRole, ManagedRoleArgs
from components.workgroup import Workgroup, WorkgroupArgs
from planning.documents import replication, trust
from planning.documents.replication import Replica
from tiers.data_bucket import data_bucket
from tiers.feature_store_args import FeatureStoreArgs
from tiers.publication import Fields

OFFLINE, STAGING = "offline-features", "feature-staging"
STAGING_DAYS = 7
"""How long what a job or a query leaves in staging can be looked at."""
RESULTS_PREFIX = "athena/"


@dataclass(frozen=True, kw_only=True)
class OfflineStore:
    bucket: Bucket
    database: pulumi.Output[str]
    """In the Glue catalog."""
    published: Fields


def offline_store(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> OfflineStore:
    """Makes it."""
    place, names, settings = args.place, args.place.environment.names, args.feature_store.offline_store
    bucket = data_bucket(OFFLINE, place, child, kept_days=settings.history_days)
    staging = data_bucket(STAGING, place, child, kept_days=STAGING_DAYS)
    if settings.replica is not None:
        _replicate(bucket, settings.replica, args, child)
    database = aws.glue.CatalogDatabase(
        "features",
        name=names.catalog_database("features"),
        description=f"Features and events of {names.deployment}",
        opts=child,
    ).name
    workgroup = Workgroup(
        "features",
        WorkgroupArgs(
            workgroup=names.workgroup("features"),
            description=f"Queries over features and events of {names.deployment}",
            account=place.environment.account,
            results_bucket=staging.bucket,
            results_prefix=RESULTS_PREFIX,
            key_arn=place.key_arn,
            scan_limit_gib=settings.athena_scan_limit_gib,
            protected=place.environment.protected,
        ),
        child,
    ).workgroup
    published = {
        "offline_bucket": bucket.bucket,
        "staging_bucket": staging.bucket,
        "glue_database": database,
        "athena_workgroup": workgroup,
    }
    return OfflineStore(bucket=bucket, database=database, published=published)


def _replicate(bucket: Bucket, replica: Replica, args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> None:
    place, environment, names = args.place, args.place.environment, args.place.environment.names
    source = names.bucket(OFFLINE)
    role = ManagedRole(
        replication.PURPOSE,
        ManagedRoleArgs(
            role=names.role(replication.PURPOSE),
            boundary_arn=place.boundary_arn,
            description=f"What S3 acts as when it copies {source}",
            trust=trust.replication(),
            managed_policies=(),
            inline_policies=(
                ("objects", replication.objects(source, replica)),
                # By itself, because the key's ARN is unknown at first preview: the rest stays readable there.
                ("keys", place.key_arn.apply(lambda arn: replication.keys(environment.region, source, arn, replica))),
            ),
        ),
        child,
    )
    BucketReplication(
        OFFLINE,
        BucketReplicationArgs(
            bucket=bucket.versioned, role_arn=role.arn, replica_bucket_arn=replica.bucket_arn, replica_key_arn=replica.key_arn
        ),
        child,
    )
