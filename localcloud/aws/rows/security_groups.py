"""EC2: security groups and their rules."""

from __future__ import annotations

from localcloud.aws.row import Call, NotChanged, NotKept, Read, Row

_RULES_AS_PROPERTIES = """[*].{protocol: IpProtocol, fromPort: FromPort || `0`, toPort: ToPort || `0`, cidrBlocks: IpRanges[*].CidrIp,
    ipv6CidrBlocks: Ipv6Ranges[*].CidrIpv6, securityGroups: UserIdGroupPairs[*].GroupId}"""
_RULES_AS_REQUEST = """[*].{IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, IpRanges: cidrBlocks[*].{CidrIp: @},
    Ipv6Ranges: ipv6CidrBlocks[*].{CidrIpv6: @},
    UserIdGroupPairs: securityGroups[*].{GroupId: @}}"""


def _rule(direction: str, is_egress: str) -> Row:
    """Ingress and egress rules have one schema and two pairs of calls."""
    source = """{IpProtocol: ipProtocol, FromPort: fromPort, ToPort: toPort,
        IpRanges: cidrIpv4 && [{CidrIp: cidrIpv4, Description: description}],
        Ipv6Ranges: cidrIpv6 && [{CidrIpv6: cidrIpv6, Description: description}],
        PrefixListIds: prefixListId && [{PrefixListId: prefixListId, Description: description}],
        UserIdGroupPairs: referencedSecurityGroupId && [{GroupId: referencedSecurityGroupId, Description: description}]}"""
    return Row(
        f"aws:vpc/securityGroup{direction.title()}Rule:SecurityGroup{direction.title()}Rule",
        service="ec2",
        id="response.SecurityGroupRules[0].SecurityGroupRuleId",
        create=(
            Call(
                f"authorize_security_group_{direction}",
                f"""{{GroupId: securityGroupId, IpPermissions: [{source}],
                    TagSpecifications: [{{ResourceType: 'security-group-rule', Tags: tagsAll}}]}}""",
            ),
        ),
        read=(
            Read(
                "describe_security_group_rules",
                "{SecurityGroupRuleIds: [id]}",
                f"""SecurityGroupRules[?IsEgress==`{is_egress}`] | [0].{{securityGroupId: GroupId, ipProtocol: IpProtocol,
                    fromPort: [@][?IpProtocol!='-1'] | [0].FromPort, toPort: [@][?IpProtocol!='-1'] | [0].ToPort,
                    cidrIpv4: CidrIpv4, cidrIpv6: CidrIpv6, prefixListId: PrefixListId,
                    referencedSecurityGroupId: ReferencedGroupInfo.GroupId, description: Description,
                    securityGroupRuleId: SecurityGroupRuleId, tagsAll: Tags}}""",
            ),
        ),
        update=(
            Call(
                "modify_security_group_rules",
                """{GroupId: securityGroupId, SecurityGroupRules: [{SecurityGroupRuleId: id, SecurityGroupRule: {
                    IpProtocol: ipProtocol, FromPort: fromPort, ToPort: toPort, CidrIpv4: cidrIpv4, CidrIpv6: cidrIpv6,
                    PrefixListId: prefixListId, Description: description}}]}""",
            ),
        ),
        delete=(Call(f"revoke_security_group_{direction}", "{GroupId: securityGroupId, SecurityGroupRuleIds: [id]}"),),
        gone=(
            "InvalidSecurityGroupRuleId.NotFound",
            "InvalidSecurityGroupRule.NotFound",
            "InvalidGroup.NotFound",
            "InvalidPermission.NotFound",
        ),
        tags="ec2",
        not_kept={"prefixListId": NotKept("the emulator drops it", answer="SecurityGroupRules[0].PrefixListId")},
        not_changed={
            "referencedSecurityGroupId": NotChanged(
                "ModifySecurityGroupRules of the emulator drops it",
                Call(
                    "modify_security_group_rules",
                    """{GroupId: securityGroupId, SecurityGroupRules: [{SecurityGroupRuleId: id, SecurityGroupRule: {IpProtocol: ipProtocol,
                        FromPort: fromPort, ToPort: toPort, ReferencedGroupId: referencedSecurityGroupId}}]}""",
                ),
            )
        },
        replaced_when={
            name: f"(old.{name} && !(new.{name})) || (!(old.{name}) && new.{name})"
            for name in ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
        },
    )


ROWS = (
    Row(
        "aws:ec2/securityGroup:SecurityGroup",
        service="ec2",
        id="response.GroupId",
        create=(
            Call(
                "create_security_group",
                """{GroupName: name, Description: description, VpcId: vpcId, TagSpecifications: [{ResourceType: 'security-group',
                    Tags: tagsAll}]}""",
            ),
            # As the official provider: AWS's own allow-all egress rule is taken away.
            Call("revoke_security_group_egress", "{GroupId: id, IpPermissions: [{IpProtocol: '-1', IpRanges: [{CidrIp: '0.0.0.0/0'}]}]}"),
        ),
        read=(
            Read(
                "describe_security_groups",
                "{GroupIds: [id]}",
                "SecurityGroups[0].{name: GroupName, description: Description, vpcId: VpcId, ownerId: OwnerId, tagsAll: Tags}",
            ),
        ),
        delete=(Call("delete_security_group", "{GroupId: id}"),),
        gone=("InvalidGroup.NotFound", "InvalidGroupId.Malformed"),
        tags="ec2",
    ),
    Row(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        service="ec2",
        id="response.SecurityGroups[0].GroupId",
        # The group exists with its VPC: it is adopted, and every rule that AWS or anybody gave it is revoked.
        create=(
            Call(
                "describe_security_groups",
                "{Filters: [{Name: 'vpc-id', Values: [vpcId]}, {Name: 'group-name', Values: ['default']}]}",
            ),
            Call(
                "revoke_security_group_ingress",
                "{GroupId: id, IpPermissions: response.SecurityGroups[0].IpPermissions}",
                when="response.SecurityGroups[0].IpPermissions",
            ),
            Call(
                "revoke_security_group_egress",
                "{GroupId: id, IpPermissions: response.SecurityGroups[0].IpPermissionsEgress}",
                when="response.SecurityGroups[0].IpPermissionsEgress",
            ),
        ),
        read=(
            Read(
                "describe_security_groups",
                "{GroupIds: [id]}",
                f"""SecurityGroups[0].{{name: GroupName, description: Description, vpcId: VpcId, ownerId: OwnerId, tagsAll: Tags,
                    ingress: IpPermissions{_RULES_AS_PROPERTIES}, egress: IpPermissionsEgress{_RULES_AS_PROPERTIES}}}""",
            ),
        ),
        update=(
            # The lists make a call one of those that carry `ingress` or `egress`; the second element decides.
            Call(
                "revoke_security_group_ingress",
                f"{{GroupId: id, IpPermissions: old.ingress{_RULES_AS_REQUEST}}}",
                when="[ingress, old.ingress][1]",
            ),
            Call("authorize_security_group_ingress", f"{{GroupId: id, IpPermissions: ingress{_RULES_AS_REQUEST}}}", when="ingress"),
            Call(
                "revoke_security_group_egress",
                f"{{GroupId: id, IpPermissions: old.egress{_RULES_AS_REQUEST}}}",
                when="[egress, old.egress][1]",
            ),
            Call("authorize_security_group_egress", f"{{GroupId: id, IpPermissions: egress{_RULES_AS_REQUEST}}}", when="egress"),
        ),
        # As the official provider: AWS does not let the group be deleted; it goes with its VPC.
        delete=(),
        gone=("InvalidGroup.NotFound",),
        tags="ec2",
    ),
    _rule("ingress", "false"),
    _rule("egress", "true"),
)
