"""What the parts of the feature store are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from stacks import models
from tiers.workspace import Place

NAMESPACE = "feature-store"


@dataclass(frozen=True, kw_only=True)
class FeatureStoreArgs:
    place: Place
    feature_store: models.FeatureStore
    registry_clients: Mapping[str, pulumi.Input[str]]
    online_store_clients: Mapping[str, pulumi.Input[str]]
    """Security groups of the nodes that may connect, by their cluster's name in the stack file."""
    vpc_id: pulumi.Input[str]
    data_subnet_ids: Sequence[pulumi.Input[str]]
    alarm_topic_arn: pulumi.Input[str]
