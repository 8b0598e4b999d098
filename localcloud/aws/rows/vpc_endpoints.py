"""EC2: how a VPC reaches the services of AWS without the internet, and the record of its traffic."""

from __future__ import annotations

from localcloud.aws.row import Call, NotKept, Read, Row

_DROPPED = "the emulator drops it"

ROWS = (
    Row(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        service="ec2",
        id="response.VpcEndpoint.VpcEndpointId",
        create=(
            Call(
                "create_vpc_endpoint",
                """{VpcId: vpcId, ServiceName: serviceName, VpcEndpointType: vpcEndpointType, RouteTableIds: routeTableIds,
                    SubnetIds: subnetIds, SecurityGroupIds: securityGroupIds, PrivateDnsEnabled: privateDnsEnabled,
                    PolicyDocument: policy || `null`, TagSpecifications: [{ResourceType: 'vpc-endpoint', Tags: tagsAll}]}""",
            ),
        ),
        read=(
            Read(
                "describe_vpc_endpoints",
                "{VpcEndpointIds: [id]}",
                """VpcEndpoints[?State!='deleted'] | [0].{vpcId: VpcId, serviceName: ServiceName, vpcEndpointType: VpcEndpointType,
                    routeTableIds: RouteTableIds, subnetIds: SubnetIds, state: State, ownerId: OwnerId, tagsAll: Tags}""",
            ),
            Read(
                "describe_prefix_lists",
                "{Filters: [{Name: 'prefix-list-name', Values: [state.serviceName]}]}",
                "PrefixLists[0].{prefixListId: PrefixListId, cidrBlocks: Cidrs}",
            ),
        ),
        update=(
            Call(
                "modify_vpc_endpoint",
                """{VpcEndpointId: id, AddRouteTableIds: added.routeTableIds, RemoveRouteTableIds: dropped.routeTableIds,
                    AddSubnetIds: added.subnetIds, RemoveSubnetIds: dropped.subnetIds,
                    AddSecurityGroupIds: added.securityGroupIds, RemoveSecurityGroupIds: dropped.securityGroupIds,
                    PrivateDnsEnabled: privateDnsEnabled, PolicyDocument: policy || `null`, ResetPolicy: policy == '' || `null`}""",
                only_changed=True,
            ),
        ),
        delete=(Call("delete_vpc_endpoints", "{VpcEndpointIds: [id]}"),),
        gone=("InvalidVpcEndpointId.NotFound",),
        tags="ec2",
        # As the SDK's documentation of `private_dns_enabled` says.
        replaced_when={"privateDnsEnabled": "old.vpcEndpointType != 'Interface'"},
        not_kept={
            "policy": NotKept(_DROPPED, answer="VpcEndpoints[0].PolicyDocument"),
            "privateDnsEnabled": NotKept(_DROPPED, answer="VpcEndpoints[0].PrivateDnsEnabled"),
            "securityGroupIds": NotKept(_DROPPED, answer="VpcEndpoints[0].Groups[0].GroupId"),
        },
    ),
    Row(
        "aws:ec2/flowLog:FlowLog",
        service="ec2",
        id="response.FlowLogIds[0]",
        create=(
            # Tagged by a call of its own: the emulator does not know `vpc-flow-log`, which AWS wants in a tag specification.
            Call(
                "create_flow_logs",
                """{ResourceIds: [vpcId], ResourceType: 'VPC', TrafficType: trafficType, LogDestinationType: logDestinationType,
                    LogDestination: logDestination, LogFormat: logFormat, MaxAggregationInterval: maxAggregationInterval,
                    DestinationOptions: destinationOptions}""",
            ),
        ),
        read=(
            Read(
                "describe_flow_logs",
                "{FlowLogIds: [id]}",
                """FlowLogs[0].{vpcId: ResourceId, trafficType: TrafficType, logDestinationType: LogDestinationType,
                    logDestination: LogDestination, tagsAll: Tags}""",
            ),
        ),
        delete=(Call("delete_flow_logs", "{FlowLogIds: [id]}"),),
        gone=("InvalidFlowLogId.NotFound",),
        tags="ec2",
        not_kept={
            "destinationOptions": NotKept(_DROPPED, answer="FlowLogs[0].DestinationOptions"),
            "logFormat": NotKept(_DROPPED, answer="FlowLogs[0].LogFormat"),
            "maxAggregationInterval": NotKept(_DROPPED, answer="FlowLogs[0].MaxAggregationInterval"),
        },
    ),
)
