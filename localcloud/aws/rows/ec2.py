"""EC2: networks, and how they reach the internet."""

from __future__ import annotations

from localcloud.aws.row import Call, NotChanged, NotKept, Read, Row


def _tagged(kind: str) -> str:
    return f"TagSpecifications: [{{ResourceType: '{kind}', Tags: tagsAll}}]"


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
            Read(
                "describe_vpc_attribute", "{VpcId: id, Attribute: 'enableDnsHostnames'}", "{enableDnsHostnames: EnableDnsHostnames.Value}"
            ),
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
        not_changed={
            "instanceTenancy": NotChanged(
                "the emulator has no ModifyVpcTenancy", Call("modify_vpc_tenancy", "{VpcId: id, InstanceTenancy: instanceTenancy}")
            )
        },
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
        update=(Call("modify_subnet_attribute", "{SubnetId: id, MapPublicIpOnLaunch: {Value: mapPublicIpOnLaunch}}"),),
        delete=(Call("delete_subnet", "{SubnetId: id}"),),
        gone=("InvalidSubnetID.NotFound", "InvalidSubnetId.NotFound"),
        tags="ec2",
    ),
    Row(
        "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
        service="ec2",
        absent="the emulator has no CIDR reservations",
        id="join('', ['scr-', made_up])",
        id_pattern="(?P<subnetId>[^:]+):(?P<reservationId>.+)",
        create=(
            Call(
                "create_subnet_cidr_reservation",
                "{SubnetId: subnetId, Cidr: cidrBlock, ReservationType: reservationType, Description: description}",
            ),
        ),
        read=(
            Read(
                "get_subnet_cidr_reservations",
                "{SubnetId: subnetId}",
                """SubnetIpv4CidrReservations[?SubnetCidrReservationId=='$id'] | [0].{subnetId: SubnetId, cidrBlock: Cidr,
                    reservationType: ReservationType, description: Description, ownerId: OwnerId}""",
            ),
        ),
        delete=(Call("delete_subnet_cidr_reservation", "{SubnetCidrReservationId: id}"),),
        gone=("InvalidSubnetCidrReservationID.NotFound",),
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
                    connectivityType: ConnectivityType,
                    publicIp: NatGatewayAddresses[0].PublicIp, privateIp: NatGatewayAddresses[0].PrivateIp,
                    networkInterfaceId: NatGatewayAddresses[0].NetworkInterfaceId, tagsAll: Tags}""",
            ),
        ),
        delete=(Call("delete_nat_gateway", "{NatGatewayId: id}"),),
        gone=("NatGatewayNotFound", "InvalidNatGatewayID.NotFound"),
        tags="ec2",
        waiter="nat_gateway_available",
        not_kept={
            "allocationId": NotKept(
                "the emulator returns no addresses of a NAT gateway", answer="NatGateways[0].NatGatewayAddresses[0].AllocationId"
            )
        },
    ),
)
