"""Training: where models are made."""

from typing import Annotated

from pydantic import Field

from stacks.fields import GpuInstanceType, Positive
from stacks.models.base import Model
from stacks.models.clusters import CapacityType, Tier


class GpuNodes(Model):
    """Nodes with GPUs. They run nothing else, and none is there while nothing asks for one."""

    instance_types: Annotated[tuple[GpuInstanceType, ...], Field(min_length=1)]
    """EC2 instance types with NVIDIA GPUs."""
    capacity_types: Annotated[tuple[CapacityType, ...], Field(min_length=1)] = ("on-demand",)
    """`spot` is cheaper and can be taken away with two minutes' notice."""
    gpu_limit: Positive
    """GPUs of all these nodes together."""
    volume_gib: Annotated[int, Field(ge=100, le=16384)] = 500
    """Size of each node's data volume."""


class Training(Tier):
    """Trainers and their nodes."""

    gpu_nodes: GpuNodes | None = None
    """Without it, nothing in training can ask for a GPU."""
