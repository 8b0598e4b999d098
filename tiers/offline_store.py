"""Feast's offline store: objects in S3, their catalog in Glue, and queries over them in Athena. docs/feature-store-layout.md says what
lies where."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.bucket import Bucket
from components.workgroup import Workgroup, WorkgroupArgs
from planning.documents import replication
from tiers.data_bucket import MADE_AGAIN, data_bucket
from tiers.feature_store_args import FeatureStoreArgs
from tiers.publication import Fields
from tiers.replica import Copied, replicate

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
    bucket = data_bucket(OFFLINE, place, child, kept_days=settings.history_days, without_replica=settings.without_replica)
    staging = data_bucket(STAGING, place, child, kept_days=STAGING_DAYS, without_replica=MADE_AGAIN)
    if settings.replica is not None:
        replicate(Copied(purpose=OFFLINE, role=replication.PURPOSE, bucket=bucket, locked=False), settings.replica, place, child)
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
