"""An in-memory store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.security_group import SecurityGroup, SecurityGroupArgs
from planning.catalogue import VALKEY_CLUSTER_PARAMETER_GROUPS

PORT = 6379


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    replication_group: str
    description: str
    version: str
    node_type: str
    replicas: int
    """For the one shard; from 1 on, they are in other zones and one takes over when the primary is lost."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    clients: Mapping[str, pulumi.Input[str]]
    """Who may connect: security group ids by a name for each."""
    key_arn: pulumi.Input[str]
    snapshot_retention_days: int
    """0: no snapshots."""
    snapshot_window: str
    """`03:00-04:00`, each day, UTC; left to AWS where no snapshots are kept."""
    maintenance_window: str
    """`sun:04:00-sun:05:00`, UTC."""
    apply_immediately: bool
    """Whether changes that interrupt do not wait for the maintenance window."""
    protected: bool
    """Whether Pulumi refuses to delete it; ElastiCache has no such protection."""
    final_snapshot: str | None
    """The name of the snapshot that it leaves. None: its data goes with it."""


class Cache(pulumi.ComponentResource):
    """A Valkey replication group in cluster mode, encrypted on disk and reached over TLS only."""

    host: pulumi.Output[str]
    """The configuration endpoint: clients learn the shards from it."""
    port: pulumi.Output[int]

    def __init__(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Cache", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        subnet_group = aws.elasticache.SubnetGroup(
            name, description=f"{args.replication_group}: data subnets", subnet_ids=args.subnet_ids, opts=child
        )
        group = SecurityGroup(
            name,
            SecurityGroupArgs(
                name=args.replication_group,
                description=f"{args.replication_group}: Valkey clients",
                vpc_id=args.vpc_id,
                port=PORT,
                clients=args.clients,
            ),
            child,
        )
        replication_group = aws.elasticache.ReplicationGroup(
            name,
            replication_group_id=args.replication_group,
            description=args.description,
            engine="valkey",
            engine_version=args.version,
            auto_minor_version_upgrade=True,
            parameter_group_name=VALKEY_CLUSTER_PARAMETER_GROUPS[args.version],
            node_type=args.node_type,
            cluster_mode="enabled",
            num_node_groups=1,
            replicas_per_node_group=args.replicas,
            # ElastiCache wants failover on in cluster mode, even where there is no replica to fail over to.
            automatic_failover_enabled=True,
            multi_az_enabled=args.replicas > 0,
            port=PORT,
            subnet_group_name=subnet_group.name,
            security_group_ids=[group.group_id],
            at_rest_encryption_enabled=True,
            kms_key_id=args.key_arn,
            transit_encryption_enabled=True,
            transit_encryption_mode="required",
            snapshot_retention_limit=args.snapshot_retention_days,
            snapshot_window=args.snapshot_window if args.snapshot_retention_days else None,
            maintenance_window=args.maintenance_window,
            final_snapshot_identifier=args.final_snapshot,
            apply_immediately=args.apply_immediately,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protected),
        )
        self.host = replication_group.configuration_endpoint_address
        self.port = pulumi.Output.from_input(PORT)
        self.register_outputs({"host": self.host, "port": self.port})
