"""Services that anybody on the internet may connect to: EC2.13, EC2.14, EC2.18, EC2.19."""

from collections.abc import Iterator
from typing import Any

from policies.documents import listed
from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_GROUPS = frozenset({"aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"})
_RULES = frozenset({"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "aws:ec2/securityGroupRule:SecurityGroupRule"})
_RANGES = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
_EVERYWHERE = ("0.0.0.0/0", "::/0")


def _check(resource: Resource) -> Iterator[Finding]:
    if resource.type in _GROUPS:
        ingress: Any = resource.properties.get("ingress") or []
        for index, rule in enumerate(listed(ingress)):
            yield from _rule(rule, f"ingress[{index}]")
    elif resource.properties.get("type") != "egress":
        yield from _rule(resource.properties, "the rule")


def _rule(rule: Any, where: str) -> Iterator[Finding]:
    if rule is UNKNOWN:
        yield Unverified(f"{where} is not known yet.")
        return
    ranges = [each for name in _RANGES for each in listed(rule.get(name))]
    open_to = [each for each in _EVERYWHERE if each in ranges]
    if open_to:
        yield Violation(f"{where} lets in {', '.join(open_to)}, the whole internet: name the ranges or the security groups of its clients.")
    elif UNKNOWN in ranges:
        yield Unverified(f"a range of {where} is not known yet.")


RULE = ResourceRule(
    name="no-world-ingress",
    description="No security group lets in the whole internet, on any port.",
    types=_GROUPS | _RULES,
    check=_check,
)
