"""Volumes of pods."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.order import known_after


@dataclass(frozen=True, kw_only=True)
class StorageClassArgs:
    storage_class: str
    key_arn: pulumi.Input[str]
    tags: Mapping[str, str]
    """On the volumes: they are EKS's, and Pulumi's default tags do not reach them."""


class StorageClass(pulumi.ComponentResource):
    """What a pod gets that asks for a volume and does not say which kind: gp3, encrypted with our key, in the zone of the pod.

    https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html; tags as the EBS CSI driver takes them:
    https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md, both read November 2026.
    """

    storage_class: pulumi.Output[str]

    def __init__(self, name: str, args: StorageClassArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:StorageClass", name, None, opts)
        tags = {f"tagSpecification_{number}": f"{key}={value}" for number, (key, value) in enumerate(args.tags.items(), 1)}
        made = kubernetes.storage.v1.StorageClass(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=args.storage_class, annotations={"storageclass.kubernetes.io/is-default-class": "true"}
            ),
            provisioner="ebs.csi.eks.amazonaws.com",
            parameters={"type": "gp3", "encrypted": "true", "kmsKeyId": args.key_arn, **tags},
            reclaim_policy="Delete",
            volume_binding_mode="WaitForFirstConsumer",
            allow_volume_expansion=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.storage_class = known_after(pulumi.Output.from_input(args.storage_class), [made])
        self.register_outputs({"storage_class": self.storage_class})
