"""Feast's offline store, in S3."""

import pulumi

from tiers.data_bucket import data_bucket
from tiers.feature_store_args import FeatureStoreArgs
from tiers.publication import Fields


def offline_store(args: FeatureStoreArgs, child: pulumi.ResourceOptions) -> Fields:
    """Makes it, and returns what the contract says of it."""
    return {"offline_bucket": data_bucket("offline-features", args.place, child)}
