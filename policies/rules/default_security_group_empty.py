"""The security group that AWS puts into every VPC: EC2.2. Emptying it is a resource of its own, so this is a rule about the whole stack."""

from collections.abc import Iterator, Sequence

from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

_VPC, _GROUP = "aws:ec2/vpc:Vpc", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    groups = [each for each in resources if each.type == _GROUP]
    sources = {urn for group in groups for urn in group.sources.get("vpcId", ())}
    ids = {group.properties.get("vpcId") for group in groups} - {UNKNOWN, None}
    for vpc in resources:
        if vpc.type == _VPC and vpc.urn not in sources and vpc.properties.get("id") not in ids:
            yield Violation(
                "Its default security group lets its members reach each other: add a DefaultSecurityGroup without rules.", vpc.urn
            )
    for group in groups:
        for direction in ("ingress", "egress"):
            rules = group.properties.get(direction)
            if rules is UNKNOWN:
                yield Unverified(f"{direction} is not known yet; it must be empty.", group.urn)
            elif rules:
                yield Violation(
                    f"{direction} has rules: remove them. Whatever names no security group of its own gets this one.", group.urn
                )


RULE = StackRule(
    name="default-security-group-empty",
    description="The default security group of every VPC lets nothing in or out.",
    types=frozenset({_VPC, _GROUP}),
    check=_check,
)
