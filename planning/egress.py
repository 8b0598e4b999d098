"""What pods may connect to, beside DNS: by default a namespace of the platform denies everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

REACHES_AWS = "ml-platform/reaches-aws"
"""The label, `true`, of pods that call AWS by themselves."""

MYSQL_PORT, CACHE_PORT = 3306, 6379

POD_IDENTITY_AGENT = "169.254.170.23/32"
"""Where pods get the credentials of their role, over HTTP: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html."""


@dataclass(frozen=True, kw_only=True)
class Destination:
    cidrs: Sequence[str]
    ports: Sequence[int]
    """TCP."""


@dataclass(frozen=True, kw_only=True)
class Egress:
    """One network policy: what pods with these labels, or all, may reach."""

    name: str
    to: Sequence[Destination]
    labels: Mapping[str, str] = field(default_factory=dict[str, str])


def data(cidrs: Sequence[str]) -> Egress:
    """The registry and the online store, wherever in the data subnets they are: their security groups say which nodes they answer."""
    return Egress(name="allow-data", to=[Destination(cidrs=cidrs, ports=(MYSQL_PORT, CACHE_PORT))])


def aws() -> Egress:
    """AWS for the pods that say so. Its addresses are in no list that holds, so any is allowed, over TLS; rights are their role's."""
    agent = Destination(cidrs=[POD_IDENTITY_AGENT], ports=(80,))
    return Egress(name="allow-aws", to=[agent, Destination(cidrs=["0.0.0.0/0"], ports=(443,))], labels={REACHES_AWS: "true"})
