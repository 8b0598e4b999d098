"""Everything that a stack file can set: `Settings` is an environment (`kind: platform`), `Tenant` a slice of one."""

from stacks.models.base import NOT_BUILT, Model, NotBuilt
from stacks.models.ci import Ci
from stacks.models.clusters import Access, Cluster, Nodes, Quota, Tier
from stacks.models.feature_store import DecisionLog, FeatureStore, OfflineStore, OnlineStore, Registry
from stacks.models.network import Network
from stacks.models.operations import Backup, Observability
from stacks.models.platform import Settings
from stacks.models.serving import Replicas, Serving, ServingNodes, Traffic
from stacks.models.tenant import Role, Tenant
from stacks.models.training import GpuNodes, Training
from stacks.models.usage import Usage

__all__ = [
    "NOT_BUILT",
    "Access",
    "Backup",
    "Ci",
    "Cluster",
    "DecisionLog",
    "FeatureStore",
    "GpuNodes",
    "Model",
    "Network",
    "Nodes",
    "NotBuilt",
    "Observability",
    "OfflineStore",
    "OnlineStore",
    "Quota",
    "Registry",
    "Replicas",
    "Role",
    "Serving",
    "ServingNodes",
    "Settings",
    "Tenant",
    "Tier",
    "Traffic",
    "Training",
    "Usage",
]
