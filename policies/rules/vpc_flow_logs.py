"""A record of a network's traffic: EC2.6. The flow log is a resource of its own, so this is a rule about the whole stack."""

from collections.abc import Iterator, Sequence

from policies.rule import UNKNOWN, Finding, Resource, StackRule, Violation

_VPCS = frozenset({"aws:ec2/vpc:Vpc", "aws:ec2/defaultVpc:DefaultVpc"})
_FLOW_LOG = "aws:ec2/flowLog:FlowLog"


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    # What is refused is what an attack looks like: a log of what was let through alone does not count.
    logs = [each for each in resources if each.type == _FLOW_LOG and each.properties.get("trafficType") != "ACCEPT"]
    sources = {urn for log in logs for urn in log.sources.get("vpcId", ())}
    ids = {log.properties.get("vpcId") for log in logs} - {UNKNOWN, None}
    for vpc in resources:
        if vpc.type in _VPCS and vpc.urn not in sources and vpc.properties.get("id") not in ids:
            yield Violation("No FlowLog is about this VPC: add one with trafficType ALL.", vpc.urn)


RULE = StackRule(
    name="vpc-flow-logs",
    description="Every VPC has a flow log that has what was refused.",
    types=_VPCS | {_FLOW_LOG},
    check=_check,
)
