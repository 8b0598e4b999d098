"""Dated facts about AWS that decisions rest on. Each says where it was read and when, so that it can be read again."""

from collections.abc import Mapping

# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html (three zones or more each) and
# https://github.com/jsonmaur/aws-regions (their letters), read November 2026. Regions where some accounts lack a letter
# (us-east-1, ap-northeast-1) are left out until the zones can be named in the stack file.
ZONES: Mapping[str, tuple[str, ...]] = {
    "ap-southeast-2": ("ap-southeast-2a", "ap-southeast-2b", "ap-southeast-2c"),
    "eu-central-1": ("eu-central-1a", "eu-central-1b", "eu-central-1c"),
    "eu-west-1": ("eu-west-1a", "eu-west-1b", "eu-west-1c"),
    "us-east-2": ("us-east-2a", "us-east-2b", "us-east-2c"),
    "us-west-2": ("us-west-2a", "us-west-2b", "us-west-2c"),
}

# https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html#auto-supported-labels, read November 2026.
# The Karpenter CRD accepts more keys than Auto Mode acts on: a NodePool with another one launches nothing.
AUTO_MODE_REQUIREMENT_KEYS: frozenset[str] = frozenset(
    {
        "eks.amazonaws.com/compute-type",
        "eks.amazonaws.com/instance-category",
        "eks.amazonaws.com/instance-cpu",
        "eks.amazonaws.com/instance-cpu-manufacturer",
        "eks.amazonaws.com/instance-ebs-bandwidth",
        "eks.amazonaws.com/instance-encryption-in-transit-supported",
        "eks.amazonaws.com/instance-family",
        "eks.amazonaws.com/instance-generation",
        "eks.amazonaws.com/instance-gpu-count",
        "eks.amazonaws.com/instance-gpu-manufacturer",
        "eks.amazonaws.com/instance-gpu-memory",
        "eks.amazonaws.com/instance-gpu-name",
        "eks.amazonaws.com/instance-hypervisor",
        "eks.amazonaws.com/instance-local-nvme",
        "eks.amazonaws.com/instance-memory",
        "eks.amazonaws.com/instance-network-bandwidth",
        "eks.amazonaws.com/instance-size",
        "karpenter.sh/capacity-type",
        "kubernetes.io/arch",
        "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/zone",
    }
)

# https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html#_disruption, read November 2026: Auto Mode ends instances
# after 336 hours (14 days), so that they are patched. We never ask for longer.
NODE_LIFETIME_HOURS = 336

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html, read November 2026.
VALKEY_CLUSTER_PARAMETER_GROUPS: Mapping[str, str] = {
    "7.2": "default.valkey7.cluster.on",
    "8.0": "default.valkey8.cluster.on",
    "8.1": "default.valkey8.cluster.on",
    "8.2": "default.valkey8.cluster.on",
}
