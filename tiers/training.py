"""Training: nodes that only trainers run on, the data sets that they read, and the checkpoints and candidates that they write."""

from dataclasses import dataclass

import pulumi

from planning.documents.buckets import Access
from planning.priorities import BATCH
from stacks import models, pools
from tiers.data_bucket import data_bucket
from tiers.publication import Fields, publish, show_pods
from tiers.serving import MODELS
from tiers.workspace import Place, Rights, WorkspaceArgs, nodes, workspace

CANDIDATE_PREFIX = "candidates/"


@dataclass(frozen=True, kw_only=True)
class TrainingArgs:
    place: Place
    training: models.Training
    feature_store: Fields
    """What its pods are told of the feature store."""


class Training(pulumi.ComponentResource):
    """Where models are made. A trainer writes checkpoints and candidates, and never a release."""

    published: Fields

    def __init__(self, name: str, args: TrainingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:tiers:Training", name, None, opts)
        child, names = pulumi.ResourceOptions(parent=self), args.place.environment.names
        datasets_bucket = data_bucket("training-data", args.place, child).bucket
        checkpoints_bucket = data_bucket("checkpoints", args.place, child).bucket
        gpu = pools.gpu(args.training)
        trainer = WorkspaceArgs(
            place=args.place,
            tier=args.training,
            pools=pools.training(args.training),
            priority=BATCH,
            service_account="trainer",
            rights=Rights(
                access=[
                    Access(bucket=names.bucket("training-data"), read=True),
                    Access(bucket=names.bucket("checkpoints"), read=True, write=True),
                    Access(bucket=names.bucket(MODELS), write=True, prefix=CANDIDATE_PREFIX),
                ]
            ),
        )
        self.published = publish(
            "training",
            names.environment,
            {
                **workspace("training", trainer, child),
                "datasets_bucket": datasets_bucket,
                "checkpoints_bucket": checkpoints_bucket,
                "models_bucket": names.bucket(MODELS),
                "candidate_prefix": CANDIDATE_PREFIX,
                "gpu_node_pool": nodes(args.place, gpu, child) if gpu else None,
            },
            child,
        )
        told = {"feature_store": args.feature_store, "training": self.published}
        show_pods("training", self.published["namespace"], told, args.place.host.provider, child)
        self.register_outputs(dict(self.published))
