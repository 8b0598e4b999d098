"""EC2: route tables, their routes and the subnets that follow them."""

from __future__ import annotations

from localcloud.aws.row import Call, NotChanged, Read, Row

_TAGGED = "TagSpecifications: [{ResourceType: 'route-table', Tags: tagsAll}]"

ROWS = (
    Row(
        "aws:ec2/routeTable:RouteTable",
        service="ec2",
        id="response.RouteTable.RouteTableId",
        create=(Call("create_route_table", f"{{VpcId: vpcId, {_TAGGED}}}"),),
        read=(Read("describe_route_tables", "{RouteTableIds: [id]}", "RouteTables[0].{vpcId: VpcId, ownerId: OwnerId, tagsAll: Tags}"),),
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
                """{RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock, GatewayId: gatewayId,
                    NatGatewayId: natGatewayId}""",
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
                """{RouteTableId: routeTableId, DestinationCidrBlock: destinationCidrBlock, GatewayId: gatewayId,
                    NatGatewayId: natGatewayId}""",
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
        not_changed={
            "routeTableId": NotChanged(
                "AWS gives the association another id, which an update cannot tell Pulumi",
                Call("replace_route_table_association", "{AssociationId: id, RouteTableId: routeTableId}"),
                renews_id=True,
            )
        },
    ),
)
