"""What the bill depends on and no resource says: how much is stored, moved and asked in a month. Only scripts/cost.py reads it."""

from typing import Annotated

from pydantic import Field

from stacks.fields import NotNegative
from stacks.models.base import Model

InstanceType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*\.(\d*xlarge|large)$")]


class Usage(Model):
    """Assumptions for scripts/cost.py, which names each. Nothing is built from them."""

    nat_gib_per_month: NotNegative = 100
    """What all NAT gateways together process, in both directions."""
    endpoint_gib_per_month: NotNegative = 100
    """What all interface endpoints together process."""
    s3_gib_per_bucket: NotNegative = 50
    """What each bucket holds, old versions included, in S3 Standard."""
    s3_writes_per_bucket_per_month: NotNegative = 100_000
    """PUT, COPY, POST and LIST requests to each bucket."""
    s3_reads_per_bucket_per_month: NotNegative = 1_000_000
    """GET and all other requests to each bucket."""
    log_gib_per_group_per_month: NotNegative = 1
    """What each CloudWatch log group takes in."""
    node_instance_type: InstanceType = "m6i.xlarge"
    """The EC2 instance type that nodes are priced as, on demand, where a pool names none."""
    node_limit_share_percent: Annotated[int, Field(ge=0, le=100)] = 25
    """How much of a pool's vCPU limit runs, on the average of a month. Pools that are static run whole, and pools of GPUs not at all."""
    node_hours_per_month: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=63)], NotNegative], Field(default_factory=dict)
    ]
    """Hours of all nodes of a pool together, by the pool's name: in place of node_limit_share_percent, and the only way to price GPUs."""
