"""Which pods go first when there is not room for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Priority:
    """A PriorityClass. Pods without one have 0: neither class is the default of a cluster."""

    value: int
    preemption: Literal["PreemptLowerPriority", "Never"]
    description: str


REAL_TIME = "ml-platform-real-time"
BATCH = "ml-platform-batch"

# https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/. Far apart, and far below Kubernetes' own
# (2,000,000,000): there is room for more between them, and below, for pods that only hold room free.
PRIORITIES: Mapping[str, Priority] = {
    REAL_TIME: Priority(1_000_000, "PreemptLowerPriority", "Answers requests: takes the place of batch work when there is no other"),
    BATCH: Priority(1_000, "Never", "Waits for room: never takes another pod's place"),
}
