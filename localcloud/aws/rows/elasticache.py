"""ElastiCache: replication groups and their subnet groups."""

from __future__ import annotations

from localcloud.aws.cache_nodes import CACHE_NODES
from localcloud.aws.row import Call, NotChanged, NotKept, Read, Row, StandIn

_NOT_MODIFIED = {
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "clusterMode": "ClusterMode",
    "parameterGroupName": "CacheParameterGroupName",
    "transitEncryptionEnabled": "TransitEncryptionEnabled",
    "transitEncryptionMode": "TransitEncryptionMode",
    "securityGroupIds": "SecurityGroupIds",
    "maintenanceWindow": "PreferredMaintenanceWindow",
    "autoMinorVersionUpgrade": "AutoMinorVersionUpgrade",
}

ROWS = (
    Row(
        "aws:elasticache/subnetGroup:SubnetGroup",
        service="elasticache",
        id="name",
        create=(
            Call(
                "create_cache_subnet_group",
                "{CacheSubnetGroupName: name, CacheSubnetGroupDescription: description, SubnetIds: subnetIds, Tags: tagsAll}",
            ),
        ),
        read=(
            Read(
                "describe_cache_subnet_groups",
                "{CacheSubnetGroupName: id}",
                """CacheSubnetGroups[0].{name: CacheSubnetGroupName, description: CacheSubnetGroupDescription, vpcId: VpcId,
                    subnetIds: Subnets[*].SubnetIdentifier, arn: ARN}""",
            ),
        ),
        update=(
            Call(
                "modify_cache_subnet_group",
                "{CacheSubnetGroupName: id, CacheSubnetGroupDescription: description, SubnetIds: subnetIds}",
            ),
        ),
        delete=(Call("delete_cache_subnet_group", "{CacheSubnetGroupName: id}"),),
        gone=("CacheSubnetGroupNotFoundFault", "CacheSubnetGroupNotFound"),
        tags="elasticache",
        lower_name=True,
    ),
    Row(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        service="elasticache",
        id="response.ReplicationGroup.ReplicationGroupId",
        create=(
            Call(
                "create_replication_group",
                """{ReplicationGroupId: replicationGroupId, ReplicationGroupDescription: description, Engine: engine,
                    EngineVersion: engineVersion, CacheNodeType: nodeType, ClusterMode: clusterMode,
                    CacheParameterGroupName: parameterGroupName, NumNodeGroups: numNodeGroups, ReplicasPerNodeGroup: replicasPerNodeGroup,
                    NumCacheClusters: numCacheClusters, AutomaticFailoverEnabled: automaticFailoverEnabled,
                    MultiAZEnabled: multiAzEnabled, AtRestEncryptionEnabled: atRestEncryptionEnabled, KmsKeyId: kmsKeyId,
                    TransitEncryptionEnabled: transitEncryptionEnabled, TransitEncryptionMode: transitEncryptionMode,
                    CacheSubnetGroupName: subnetGroupName, SecurityGroupIds: securityGroupIds, Port: port,
                    SnapshotRetentionLimit: snapshotRetentionLimit, SnapshotWindow: snapshotWindow,
                    PreferredMaintenanceWindow: maintenanceWindow, AutoMinorVersionUpgrade: autoMinorVersionUpgrade, Tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_replication_groups",
                "{ReplicationGroupId: id}",
                """ReplicationGroups[?Status!='deleting'] | [0].{replicationGroupId: ReplicationGroupId, description: Description, arn: ARN,
                    engine: Engine, nodeType: CacheNodeType, clusterMode: ClusterMode, clusterEnabled: ClusterEnabled,
                    numNodeGroups: length(NodeGroups),
                    replicasPerNodeGroup: length(NodeGroups[0].NodeGroupMembers[1:]),
                    memberClusters: NodeGroups[].NodeGroupMembers[].CacheClusterId,
                    numCacheClusters: length(NodeGroups[].NodeGroupMembers[]),
                    automaticFailoverEnabled: AutomaticFailover=='enabled', multiAzEnabled: MultiAZ=='enabled',
                    atRestEncryptionEnabled: AtRestEncryptionEnabled,
                    transitEncryptionEnabled: TransitEncryptionEnabled, transitEncryptionMode: TransitEncryptionMode,
                    configurationEndpointAddress: ConfigurationEndpoint.Address
                        || (ClusterMode=='enabled' && NodeGroups[0].PrimaryEndpoint.Address) || `null`,
                    primaryEndpointAddress: NodeGroups[0].PrimaryEndpoint.Address,
                    readerEndpointAddress: NodeGroups[0].ReaderEndpoint.Address,
                    port: ConfigurationEndpoint.Port || NodeGroups[0].PrimaryEndpoint.Port,
                    snapshotRetentionLimit: SnapshotRetentionLimit, snapshotWindow: SnapshotWindow,
                    autoMinorVersionUpgrade: AutoMinorVersionUpgrade}""",
            ),
            Read(
                "describe_cache_clusters",
                "{CacheClusterId: state.memberClusters[0]}",
                """CacheClusters[0].{engineVersion: EngineVersion, engineVersionActual: EngineVersion,
                    subnetGroupName: CacheSubnetGroupName,
                    parameterGroupName: CacheParameterGroup.CacheParameterGroupName, securityGroupIds: SecurityGroups[*].SecurityGroupId,
                    maintenanceWindow: PreferredMaintenanceWindow}""",
            ),
        ),
        update=(
            Call(
                "modify_replication_group",
                """{ReplicationGroupId: id, ReplicationGroupDescription: description, CacheNodeType: nodeType,
                    AutomaticFailoverEnabled: automaticFailoverEnabled, MultiAZEnabled: multiAzEnabled,
                    SnapshotRetentionLimit: snapshotRetentionLimit, SnapshotWindow: snapshotWindow,
                    ApplyImmediately: applyImmediately}""",
                only_changed=True,
            ),
            Call(
                "increase_replica_count",
                "{ReplicationGroupId: id, NewReplicaCount: replicasPerNodeGroup, ApplyImmediately: `true`}",
                when="replicasPerNodeGroup > old.replicasPerNodeGroup",
            ),
            Call(
                "decrease_replica_count",
                "{ReplicationGroupId: id, NewReplicaCount: replicasPerNodeGroup, ApplyImmediately: `true`}",
                when="replicasPerNodeGroup < old.replicasPerNodeGroup",
            ),
            # AWS counts replicas here, the property counts the primary too.
            Call(
                "increase_replica_count",
                "{ReplicationGroupId: id, NewReplicaCount: sum([to_number(numCacheClusters), `-1`]), ApplyImmediately: `true`}",
                when="numCacheClusters > old.numCacheClusters",
            ),
            Call(
                "decrease_replica_count",
                "{ReplicationGroupId: id, NewReplicaCount: sum([to_number(numCacheClusters), `-1`]), ApplyImmediately: `true`}",
                when="numCacheClusters < old.numCacheClusters",
            ),
        ),
        delete=(Call("delete_replication_group", "{ReplicationGroupId: id, FinalSnapshotIdentifier: finalSnapshotIdentifier}"),),
        gone=("ReplicationGroupNotFoundFault",),
        tags="elasticache",
        lower_name=True,
        suppressed={"port": 6379},
        same={"engineVersion": "version_prefix", "replicationGroupId": "lower_case"},
        replaced_when={"engine": "!(old.engine == 'redis' && new.engine == 'valkey')"},
        unread={"applyImmediately": "an argument of the modify call"},
        not_kept={
            "kmsKeyId": NotKept("the emulator drops it", answer="ReplicationGroups[0].KmsKeyId"),
            "port": NotKept(
                "the emulator answers at 6379, whatever is asked for", answer="ReplicationGroups[0].NodeGroups[0].PrimaryEndpoint.Port"
            ),
            "finalSnapshotIdentifier": NotKept(
                "the emulator makes no snapshot when it deletes",
                after_delete=Read("describe_snapshots", "`{}`", "Snapshots[0].SnapshotName"),
            ),
        },
        not_changed={
            **{
                name: NotChanged(
                    "ModifyReplicationGroup of the emulator drops it",
                    Call("modify_replication_group", f"{{ReplicationGroupId: id, {parameter}: {name}, ApplyImmediately: `true`}}"),
                )
                for name, parameter in _NOT_MODIFIED.items()
            },
            "numNodeGroups": NotChanged(
                "the emulator has no ModifyReplicationGroupShardConfiguration",
                Call(
                    "modify_replication_group_shard_configuration",
                    "{ReplicationGroupId: id, NodeGroupCount: numNodeGroups, ApplyImmediately: `true`}",
                ),
            ),
        },
        stand_ins={
            "configurationEndpointAddress": StandIn(
                "the emulator gives a cluster of one shard none: the first node's address stands in, or else its primary endpoint",
                "elasticache",
                Read(
                    "describe_replication_groups",
                    "{ReplicationGroupId: replicationGroupId}",
                    "ReplicationGroups[0].ConfigurationEndpoint.Address",
                ),
            ),
        },
        hook=CACHE_NODES,
    ),
)
