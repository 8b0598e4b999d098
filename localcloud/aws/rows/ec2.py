"""EC2: network and security groups."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

_RULES_AS_PROPERTIES = """[*].{protocol: IpProtocol, fromPort: FromPort || `0`, toPort: ToPort || `0`, cidrBlocks: IpRanges[*].CidrIp,
    ipv6CidrBlocks: Ipv6Ranges[*].CidrIpv6, prefixListIds: PrefixListIds[*].PrefixListId, securityGroups: UserIdGroupPairs[*].GroupId}"""
_RULES_AS_REQUEST = """[*].{IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, IpRanges: cidrBlocks[*].{CidrIp: @},
    Ipv6Ranges: ipv6CidrBlocks[*].{CidrIpv6: @}, PrefixListIds: prefixListIds[*].{PrefixListId: @},
    UserIdGroupPairs: securityGroups[*].{GroupId: @}}"""


def _tagged(kind: str) -> str:
    return f"TagSpecifications: [{{ResourceType: '{kind}', Tags: tagsAll}}]"


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
                f"{{GroupId: securityGroupId, IpPermissions: [{source}], {_tagged('security-group-rule')}}}",
            ),
        ),
        read=(
            Read(
                "describe_security_group_rules",
                "{SecurityGroupRuleIds: [id]}",
                f"""SecurityGroupRules[?IsEgress==`{is_egress}`] | [0].{{securityGroupId: GroupId, ipProtocol: IpProtocol,
                    fromPort: [@][?IpProtocol!='-1'] | [0].FromPort, toPort: [@][?IpProtocol!='-1'] | [0].ToPort, cidrIpv4: CidrIpv4, cidrIpv6: CidrIpv6, prefixListId: PrefixListId,
                    referencedSecurityGroupId: ReferencedGroupInfo.GroupId, description: Description,
                    securityGroupRuleId: SecurityGroupRuleId, tagsAll: Tags}}""",
            ),
        ),
        update=(
            Call(
                "modify_security_group_rules",
                """{GroupId: securityGroupId, SecurityGroupRules: [{SecurityGroupRuleId: id, SecurityGroupRule: {
                    IpProtocol: ipProtocol, FromPort: fromPort, ToPort: toPort, CidrIpv4: cidrIpv4, CidrIpv6: cidrIpv6,
                    PrefixListId: prefixListId, ReferencedGroupId: referencedSecurityGroupId, Description: description}}]}""",
            ),
        ),
        delete=(Call(f"revoke_security_group_{direction}", "{GroupId: securityGroupId, SecurityGroupRuleIds: [id]}"),),
        gone=("InvalidSecurityGroupRuleId.NotFound", "InvalidSecurityGroupRule.NotFound", "InvalidGroup.NotFound", "InvalidPermission.NotFound"),
        tags="ec2",
        replaced_when={
            name: f"(old.{name} && !new.{name}) || (!old.{name} && new.{name})"
            for name in ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
        },
    )


ROWS = (
    Row(
        "aws:ec2/vpc:Vpc",
        service="ec2",
        id="response.Vpc.VpcId",
        create=(Call("create_vpc", f"{{CidrBlock: cidrBlock, InstanceTenancy: instanceTenancy, {_tagged('vpc')}}}"),),
        read=(
            Read(
                "describe_vpcs",
                "{VpcIds: [id]}",
                """Vpcs[0].{cidrBlock: CidrBlock, instanceTenancy: InstanceTenancy, dhcpOptionsId: DhcpOptionsId, ownerId: OwnerId,
                    tagsAll: Tags}""",
            ),
            Read("describe_vpc_attribute", "{VpcId: id, Attribute: 'enableDnsSupport'}", "{enableDnsSupport: EnableDnsSupport.Value}"),
            Read("describe_vpc_attribute", "{VpcId: id, Attribute: 'enableDnsHostnames'}", "{enableDnsHostnames: EnableDnsHostnames.Value}"),
            Read(
                "describe_security_groups",
                "{Filters: [{Name: 'vpc-id', Values: [id]}, {Name: 'group-name', Values: ['default']}]}",
                "{defaultSecurityGroupId: SecurityGroups[0].GroupId}",
            ),
            Read(
                "describe_route_tables",
                "{Filters: [{Name: 'vpc-id', Values: [id]}, {Name: 'association.main', Values: ['true']}]}",
                "{mainRouteTableId: RouteTables[0].RouteTableId, defaultRouteTableId: RouteTables[0].RouteTableId}",
            ),
            Read(
                "describe_network_acls",
                "{Filters: [{Name: 'vpc-id', Values: [id]}, {Name: 'default', Values: ['true']}]}",
                "{defaultNetworkAclId: NetworkAcls[0].NetworkAclId}",
            ),
        ),
        update=(
            # One attribute per call: AWS refuses two.
            Call("modify_vpc_attribute", "{VpcId: id, EnableDnsSupport: {Value: enableDnsSupport}}"),
            Call("modify_vpc_attribute", "{VpcId: id, EnableDnsHostnames: {Value: enableDnsHostnames}}"),
        ),
        delete=(Call("delete_vpc", "{VpcId: id}"),),
        gone=("InvalidVpcID.NotFound",),
        tags="ec2",
        replaced_when={"instanceTenancy": "!(old.instanceTenancy == 'dedicated' && new.instanceTenancy == 'default')"},
    ),
    Row(
        "aws:ec2/internetGateway:InternetGateway",
        service="ec2",
        id="response.InternetGateway.InternetGatewayId",
        create=(Call("create_internet_gateway", f"{{{_tagged('internet-gateway')}}}"),),
        read=(
            Read(
                "describe_internet_gateways",
                "{InternetGatewayIds: [id]}",
                "InternetGateways[0].{vpcId: Attachments[0].VpcId, ownerId: OwnerId, tagsAll: Tags}",
            ),
        ),
        update=(
            Call("detach_internet_gateway", "{InternetGatewayId: id, VpcId: old.vpcId}", when="vpcId && old.vpcId"),
            Call("attach_internet_gateway", "{InternetGatewayId: id, VpcId: vpcId}"),
        ),
        delete=(
            Call("detach_internet_gateway", "{InternetGatewayId: id, VpcId: vpcId}", when="vpcId"),
            Call("delete_internet_gateway", "{InternetGatewayId: id}"),
        ),
        gone=("InvalidInternetGatewayID.NotFound", "Gateway.NotAttached", "InvalidVpcID.NotFound"),
        tags="ec2",
    ),
    Row(
        "aws:ec2/subnet:Subnet",
        service="ec2",
        id="response.Subnet.SubnetId",
        create=(
            Call(
                "create_subnet",
                f"{{VpcId: vpcId, CidrBlock: cidrBlock, AvailabilityZone: availabilityZone, {_tagged('subnet')}}}",
            ),
        ),
        read=(
            Read(
                "describe_subnets",
                "{SubnetIds: [id]}",
                """Subnets[0].{vpcId: VpcId, cidrBlock: CidrBlock, availabilityZone: AvailabilityZone,
                    availabilityZoneId: AvailabilityZoneId, mapPublicIpOnLaunch: MapPublicIpOnLaunch, ownerId: OwnerId, tagsAll: Tags}""",
            ),
        ),
        update=(
            Call("modify_subnet_attribute", "{SubnetId: id, MapPublicIpOnLaunch: {Value: mapPublicIpOnLaunch}}"),
        ),
        delete=(Call("delete_subnet", "{SubnetId: id}"),),
        gone=("InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound"),
        tags="ec2",
    ),
    Row(
        "aws:ec2/eip:Eip",
        service="ec2",
        id="response.AllocationId",
        create=(Call("allocate_address", f"{{Domain: domain || 'vpc', {_tagged('elastic-ip')}}}"),),
        read=(
            Read(
                "describe_addresses",
                "{AllocationIds: [id]}",
                """Addresses[0].{domain: Domain, publicIp: PublicIp, allocationId: AllocationId, associationId: AssociationId,
                    networkBorderGroup: NetworkBorderGroup, publicIpv4Pool: PublicIpv4Pool, tagsAll: Tags}""",
            ),
        ),
        delete=(Call("release_address", "{AllocationId: id}"),),
        gone=("InvalidAllocationID.NotFound",),
        tags="ec2",
    ),
    Row(
        "aws:ec2/natGateway:NatGateway",
        service="ec2",
        id="response.NatGateway.NatGatewayId",
        create=(
            Call(
                "create_nat_gateway",
                f"{{SubnetId: subnetId, AllocationId: allocationId, ConnectivityType: connectivityType, {_tagged('natgateway')}}}",
            ),
        ),
        read=(
            Read(
                "describe_nat_gateways",
                "{NatGatewayIds: [id]}",
                """NatGateways[?State!='deleted' && State!='deleting'] | [0].{subnetId: SubnetId, vpcId: VpcId,
                    connectivityType: ConnectivityType, allocationId: NatGatewayAddresses[0].AllocationId,
                    publicIp: NatGatewayAddresses[0].PublicIp, privateIp: NatGatewayAddresses[0].PrivateIp,
                    networkInterfaceId: NatGatewayAddresses[0].NetworkInterfaceId, tagsAll: Tags}""",
            ),
        ),
        delete=(Call("delete_nat_gateway", "{NatGatewayId: id}"),),
        gone=("NatGatewayNotFound", "InvalidNatGatewayID.NotFound"),
        tags="ec2",
        waiter="nat_gateway_available",
        not_kept={"allocationId": "the emulator returns no addresses of a NAT gateway"},
    ),
    Row(
        "aws:ec2/routeTable:RouteTable",
        service="ec2",
        id="response.RouteTable.RouteTableId",
        create=(Call("create_route_table", f"{{VpcId: vpcId, {_tagged('route-table')}}}"),),
        read=(
            Read("describe_route_tables", "{RouteTableIds: [id]}", "RouteTables[0].{vpcId: VpcId, ownerId: OwnerId, tagsAll: Tags}"),
        ),
        delete=(Call("delete_route_table", "{RouteTableId: id}"),),
        gone=("InvalidRouteTableID.NotFound",),
        tags="ec2",
    ),
    Row(
        "aws:ec2/route:Route",
        service="ec2",
        # The official provider's id is a hash of this; only its being one per destination matters.
        id="join('_', [routeTableId, destinationCidrBlock])",
        id_pattern="(?P<routeTableId>[^_]+)_(?P<destinationCidrBlock>.+)",
        create=(
            Call(
                "create_route",
                "{RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock, GatewayId: gatewayId, NatGatewayId: natGatewayId}",
            ),
        ),
        read=(
            Read(
                "describe_route_tables",
                "{RouteTableIds: [routeTableId]}",
                """RouteTables[0].Routes[?DestinationCidrBlock=='$destinationCidrBlock'] | [0].{routeTableId: '$routeTableId',
                    destinationCidrBlock: DestinationCidrBlock, gatewayId: GatewayId, natGatewayId: NatGatewayId, state: State,
                    origin: Origin}""",
            ),
        ),
        update=(
            Call(
                "replace_route",
                "{RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock, GatewayId: gatewayId, NatGatewayId: natGatewayId}",
            ),
        ),
        delete=(Call("delete_route", "{RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock}"),),
        gone=("InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"),
    ),
    Row(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        service="ec2",
        id="response.AssociationId",
        create=(Call("associate_route_table", "{RouteTableId: routeTableId, SubnetId: subnetId}"),),
        read=(
            Read(
                "describe_route_tables",
                "{Filters: [{Name: 'association.route-table-association-id', Values: [id]}]}",
                "RouteTables[0].{routeTableId: RouteTableId, subnetId: Associations[?RouteTableAssociationId=='$id'] | [0].SubnetId}",
            ),
        ),
        delete=(Call("disassociate_route_table", "{AssociationId: id}"),),
        gone=("InvalidAssociationID.NotFound",),
    ),
    Row(
        "aws:ec2/securityGroup:SecurityGroup",
        service="ec2",
        id="response.GroupId",
        create=(
            Call(
                "create_security_group",
                f"{{GroupName: name, Description: description, VpcId: vpcId, {_tagged('security-group')}}}",
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
            Call("revoke_security_group_ingress", f"{{GroupId: id, IpPermissions: old.ingress{_RULES_AS_REQUEST}}}", when="old.ingress"),
            Call("authorize_security_group_ingress", f"{{GroupId: id, IpPermissions: ingress{_RULES_AS_REQUEST}}}", when="ingress"),
            Call("revoke_security_group_egress", f"{{GroupId: id, IpPermissions: old.egress{_RULES_AS_REQUEST}}}", when="old.egress"),
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
