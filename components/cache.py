"""An in-memory store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.security_group import SecurityGroup, SecurityGroupArgs
from planning import cache
from planning.catalogue import VALKEY_PARAMETER_GROUP_FAMILIES

PORT = 6379

DELIVERED_LOGS = ("slow-log", "engine-log")


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    replication_group: str
    description: str
    version: str
    node_type: str
    shards: int
    replicas: int
    """Of each shard; from 1 on, they are in other zones and one takes over when the primary is lost."""
    eviction: cache.Eviction
    user_group: pulumi.Input[str]
    """Who may connect."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    clients: Mapping[str, pulumi.Input[str]]
    """From where: security group ids by a name for each."""
    key_arn: pulumi.Input[str]
    snapshot_retention_days: int
    """0: no snapshots."""
    snapshot_window: str
    """`03:00-04:00`, each day, UTC; left to AWS where no snapshots are kept."""
    maintenance_window: str
    """`sun:04:00-sun:05:00`, UTC."""
    log_groups: Mapping[str, str]
    """The log group of each of DELIVERED_LOGS."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    alarm_topic_arn: pulumi.Input[str]
    """Where ElastiCache says that it failed over, replaced a node, or could not."""
    apply_immediately: bool
    """Whether changes that interrupt do not wait for the maintenance window."""
    protected: bool
    """Whether Pulumi refuses to delete it; ElastiCache has no such protection."""
    final_snapshot: str | None
    """The name of the snapshot that it leaves. None: its data goes with it."""


class Cache(pulumi.ComponentResource):
    """A Valkey replication group in cluster mode, encrypted on disk and reached over TLS only, by users with passwords."""

    host: pulumi.Output[str]
    """The configuration endpoint: clients learn the shards from it."""
    port: pulumi.Output[int]

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Cache", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        replication_group = aws.elasticache.ReplicationGroup(
            name,
            replication_group_id=args.replication_group,
            description=args.description,
            engine="valkey",
            engine_version=args.version,
            auto_minor_version_upgrade=True,
            parameter_group_name=self._parameter_group(),
            node_type=args.node_type,
            cluster_mode="enabled",
            num_node_groups=args.shards,
            replicas_per_node_group=args.replicas,
            # ElastiCache wants failover on in cluster mode, even where there is no replica to fail over to.
            automatic_failover_enabled=True,
            multi_az_enabled=args.replicas > 0,
            port=PORT,
            subnet_group_name=self._subnet_group(),
            security_group_ids=[self._security_group()],
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            user_group_ids=[args.user_group],
            snapshot_retention_limit=args.snapshot_retention_days,
            snapshot_window=args.snapshot_window if args.snapshot_retention_days else None,
            maintenance_window=args.maintenance_window,
            log_delivery_configurations=self._log_deliveries(),
            notification_topic_arn=args.alarm_topic_arn,
            final_snapshot_identifier=args.final_snapshot,
            apply_immediately=args.apply_immediately,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protected),
        )
        self.host = replication_group.configuration_endpoint_address
        self.port = pulumi.Output.from_input(PORT)
        self.register_outputs({"host": self.host, "port": self.port})

    def _parameter_group(self) -> pulumi.Output[str]:
        parameters = cache.parameters(self._args.node_type, self._args.eviction)
        return aws.elasticache.ParameterGroup(
            self._name,
            family=VALKEY_PARAMETER_GROUP_FAMILIES[self._args.version],
            description=f"{self._args.replication_group}: cluster mode",
            parameters=[aws.elasticache.ParameterGroupParameterArgs(name=name, value=value) for name, value in parameters.items()],
            opts=self._child,
        ).name

    def _subnet_group(self) -> pulumi.Output[str]:
        description = f"{self._args.replication_group}: data subnets"
        return aws.elasticache.SubnetGroup(self._name, description=description, subnet_ids=self._args.subnet_ids, opts=self._child).name

    def _security_group(self) -> pulumi.Output[str]:
        args = SecurityGroupArgs(
            name=self._args.replication_group,
            description=f"{self._args.replication_group}: Valkey clients",
            vpc_id=self._args.vpc_id,
            port=PORT,
            clients=self._args.clients,
        )
        return SecurityGroup(self._name, args, self._child).group_id

    def _log_deliveries(self) -> list[aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs]:
        return [
            aws.elasticache.ReplicationGroupLogDeliveryConfigurationArgs(
                log_type=log,
                log_format="json",
                destination_type="cloudwatch-logs",
                destination=aws.cloudwatch.LogGroup(
                    f"{self._name}-{log}",
                    name=self._args.log_groups[log],
                    retention_in_days=self._args.log_retention_days,
                    kms_key_id=self._args.log_key_arn,
                    opts=self._child,
                ).name,
            )
            for log in DELIVERED_LOGS
        ]
