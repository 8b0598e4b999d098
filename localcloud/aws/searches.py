"""How an object is looked for whose id AWS makes up, by resource type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Search:
    """A describing call over the scope of the inputs; `found` maps its response to a list of {id, tags}, without tags where the
    listing has none; `'$name'` in it stands for a value of the scope. `unique`: AWS itself refuses a second such object, so that it
    need not be looked for beforehand."""

    operation: str
    request: str
    found: str
    unique: bool = False


_IN_VPC = "{Filters: [{Name: 'vpc-id', Values: [vpcId]}]}"
_RULES = Search(
    "describe_security_group_rules",
    "{Filters: [{Name: 'group-id', Values: [securityGroupId]}]}",
    "SecurityGroupRules[*].{id: SecurityGroupRuleId, tags: Tags}",
)

SEARCHES: dict[str, Search] = {
    "aws:ec2/vpc:Vpc": Search("describe_vpcs", "`{}`", "Vpcs[*].{id: VpcId, tags: Tags}"),
    "aws:ec2/internetGateway:InternetGateway": Search(
        "describe_internet_gateways", "`{}`", "InternetGateways[*].{id: InternetGatewayId, tags: Tags}"
    ),
    "aws:ec2/subnet:Subnet": Search("describe_subnets", _IN_VPC, "Subnets[*].{id: SubnetId, tags: Tags}"),
    "aws:ec2/eip:Eip": Search("describe_addresses", "`{}`", "Addresses[*].{id: AllocationId, tags: Tags}"),
    "aws:ec2/natGateway:NatGateway": Search("describe_nat_gateways", "`{}`", "NatGateways[*].{id: NatGatewayId, tags: Tags}"),
    # The emulator lists those of every VPC.
    "aws:ec2/vpcEndpoint:VpcEndpoint": Search("describe_vpc_endpoints", _IN_VPC, "VpcEndpoints[*].{id: VpcEndpointId, tags: Tags}"),
    # Without its tags, which it gets after it was made. AWS refuses a second one that is alike, the emulator does not.
    "aws:ec2/flowLog:FlowLog": Search(
        "describe_flow_logs", "{Filter: [{Name: 'resource-id', Values: [vpcId]}]}", "FlowLogs[*].{id: FlowLogId}"
    ),
    "aws:ec2/routeTable:RouteTable": Search("describe_route_tables", _IN_VPC, "RouteTables[*].{id: RouteTableId, tags: Tags}"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Search(
        "describe_route_tables",
        "{RouteTableIds: [routeTableId]}",
        "RouteTables[0].Associations[?SubnetId].{id: RouteTableAssociationId}",
    ),
    "aws:ec2/securityGroup:SecurityGroup": Search(
        "describe_security_groups",
        "{Filters: [{Name: 'vpc-id', Values: [vpcId]}, {Name: 'group-name', Values: [name]}]}",
        "SecurityGroups[*].{id: GroupId, tags: Tags}",
        unique=True,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _RULES,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _RULES,
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Search(
        "list_pod_identity_associations",
        "{clusterName: clusterName, namespace: namespace, serviceAccount: serviceAccount}",
        "associations[*].{id: associationId}",
        unique=True,
    ),
    "aws:elasticache/replicationGroup:ReplicationGroup": Search(
        "describe_replication_groups",
        "{ReplicationGroupId: replicationGroupId}",
        "ReplicationGroups[*].{id: ReplicationGroupId}",
        unique=True,
    ),
    # For an endpoint that is subscribed already AWS tells which subscription that is.
    "aws:sns/topicSubscription:TopicSubscription": Search(
        "list_subscriptions_by_topic", "{TopicArn: topic}", "Subscriptions[*].{id: SubscriptionArn}", unique=True
    ),
    "aws:iam/role:Role": Search("get_role", "{RoleName: name}", "[Role][*].{id: RoleName}", unique=True),
    "aws:kms/key:Key": Search("list_keys", "{Limit: `1000`}", "Keys[*].{id: KeyId}"),
    "aws:secretsmanager/secret:Secret": Search(
        "describe_secret", "{SecretId: name}", "[@][?!DeletedDate].{id: ARN, tags: Tags}", unique=True
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Search(
        "list_secret_version_ids", "{SecretId: secretId}", "Versions[*].{id: join('|', ['$secretId', VersionId])}"
    ),
    "aws:rds/instance:Instance": Search(
        "describe_db_instances", "{DBInstanceIdentifier: identifier}", "DBInstances[*].{id: DbiResourceId}", unique=True
    ),
}
