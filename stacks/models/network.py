"""Where an environment's addresses are."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from planning import subnets
from planning.refusal import Refused
from stacks.fields import Cidr, refusal
from stacks.models.base import Model

Endpoint = Literal[
    "autoscaling", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "kms", "logs", "monitoring",
    "secretsmanager", "sqs", "ssm", "sts",
]  # fmt: skip


class Network(Model):
    """The environment's VPC."""

    cidr: Cidr
    """The VPC's range, /16 to /22. No other environment's overlaps it. Nodes and pods get half of it."""
    service_cidr: Cidr
    """Addresses of Kubernetes services, in no VPC; the clusters' DNS answers on the tenth."""
    peer_cidrs: tuple[Cidr, ...] = ()
    """Ranges that the VPC must stay apart from: peered VPCs, offices, VPN."""
    zones: Annotated[int, Field(ge=2, le=subnets.MOST_ZONES)]
    """How many availability zones are used: the region's first, unless `zone_names` says which."""
    zone_names: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d[a-z]$")], ...] = ()
    """Which zones, as many as `zones`. A zone is only ever added at the end: the subnets of the others stay where they are."""
    nat_gateways: Literal["none", "one", "per_zone"]
    """`one` is cheaper than `per_zone`, which keeps the others' way out when a zone is lost; with `none`, nodes reach only `endpoints`."""
    endpoints: tuple[Endpoint, ...] = ()
    """AWS services that are reached without NAT, through an interface endpoint in each zone. S3 and DynamoDB always are."""

    @model_validator(mode="after")
    def _ranges_fit(self) -> "Network":
        try:
            subnets.plan(self.cidr, tuple(str(number) for number in range(self.zones)))
        except Refused as error:
            raise refusal(error.expected, error.remedy, at="cidr") from None
        if subnets.overlap(self.cidr, self.service_cidr):
            raise refusal(f"a range apart from the VPC's {self.cidr}", "choose another range, such as 172.20.0.0/16", at="service_cidr")
        for peer in self.peer_cidrs:
            for key, own in (("cidr", self.cidr), ("service_cidr", self.service_cidr)):
                if subnets.overlap(own, peer):
                    raise refusal(f"a range apart from the peer's {peer}", "choose another range, or correct peer_cidrs", at=key)
        if len(set(self.endpoints)) != len(self.endpoints):
            raise refusal("each service once", "remove what is there twice", at="endpoints")
        if self.zone_names and len(set(self.zone_names)) != self.zones:
            raise refusal(f"{self.zones} different names, as many as `zones`", "name as many zones, or correct `zones`", at="zone_names")
        return self
