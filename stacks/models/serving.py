"""Serving: where models answer, sized by its traffic."""

from typing import Annotated

from pydantic import Field, model_validator

from stacks.fields import Positive, refusal
from stacks.models.base import Model
from stacks.models.clusters import Nodes, Tier


class Traffic(Model):
    """What comes in, from which replicas and nodes are derived (planning/capacity.py), one zone lost."""

    peak_rps: Annotated[int, Field(ge=1, le=1_000_000)]
    """Requests per second at the busiest minute."""
    cpu_ms_per_request: Annotated[int, Field(ge=1, le=60_000)]
    """CPU time of one request."""
    target_utilisation_percent: Annotated[int, Field(ge=10, le=90)]
    """How busy replicas are at the peak; the rest is headroom for bursts."""


class Replicas(Model):
    """Bounds of the number of model servers; how many are wanted at the peak is derived from `traffic`."""

    cpus: Positive
    """vCPUs that each replica asks for."""
    min: Positive
    """Replicas at the quietest hour."""
    max: Positive
    """Replicas past which no more are added; at least what the peak needs with a zone lost."""

    @model_validator(mode="after")
    def _bounds(self) -> "Replicas":
        if self.max < self.min:
            raise refusal(f"at least min, {self.min}", "raise max, or lower min", at="max")
        return self


class ServingNodes(Nodes):
    """What the nodes of model servers may be, and how many."""

    static_nodes_per_zone: Positive | None = None
    """So many nodes in each zone at all times, a node pool for each zone, beside the one that follows the pods: what answers while new
    nodes are still starting, in the zones that are left. cpu_limit and memory_limit_gib do not count them. Without it there are as
    many as pods need, in any zone."""


class Serving(Tier):
    """Model servers and their nodes."""

    nodes: ServingNodes  # pyright: ignore[reportIncompatibleVariableOverride]  # models are frozen
    """What its nodes may be."""
    traffic: Traffic
    replicas: Replicas
