"""Serving: nodes that only model servers run on, and the models that they read."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from planning.documents.buckets import Access
from planning.priorities import REAL_TIME
from stacks import models, pools
from tiers.data_bucket import data_bucket
from tiers.publication import Fields, publish, show_pods
from tiers.workspace import Place, Rights, WorkspaceArgs, workspace

MODELS = "models"
RELEASE_PREFIX = "release/"


@dataclass(frozen=True, kw_only=True)
class ServingArgs:
    place: Place
    serving: models.Serving
    feature_store: Fields
    """What its pods are told of the feature store."""
    zones: Sequence[str]
    replicas_wanted: int
    """Model servers that answer the peak with a zone lost."""


class Serving(pulumi.ComponentResource):
    """Where models answer. Model servers read what was released and write nothing."""

    published: Fields

    def __init__(self, name: str, args: ServingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Serving", name, None, opts)
        child, names = pulumi.ResourceOptions(parent=self), args.place.environment.names
        models_bucket = data_bucket(MODELS, args.place, child).bucket
        model_server = WorkspaceArgs(
            place=args.place,
            tier=args.serving,
            pools=pools.serving(args.serving, args.zones),
            priority=REAL_TIME,
            service_account="model-server",
            rights=Rights(access=[Access(bucket=names.bucket(MODELS), read=True, prefix=RELEASE_PREFIX)]),
        )
        self.published = publish(
            "serving",
            names.environment,
            {
                **workspace("serving", model_server, child),
                "models_bucket": models_bucket,
                "release_prefix": RELEASE_PREFIX,
                "replica_cpus": args.serving.replicas.cpus,
                "replicas_min": args.serving.replicas.min,
                "replicas_wanted": args.replicas_wanted,
                "replicas_max": args.serving.replicas.max,
            },
            child,
        )
        told = {"feature_store": args.feature_store, "serving": self.published}
        show_pods("serving", self.published["namespace"], told, args.place.host.provider, child)
        self.register_outputs(dict(self.published))
