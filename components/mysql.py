"""A relational database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.database_events import DatabaseEvents, DatabaseEventsArgs
from components.security_group import SecurityGroup, SecurityGroupArgs
from planning.mysql import INSIGHTS_DAYS, InsightsMode

PORT = 3306

EXPORTED_LOGS = ("error", "slowquery")


@dataclass(frozen=True, kw_only=True)
class MysqlArgs:
    identifier: str
    database: str
    """The database made on first start."""
    version: str
    instance_class: str
    storage_gib: int
    storage_limit_gib: int
    """Storage grows by itself up to here."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    clients: Mapping[str, pulumi.Input[str]]
    """Who may connect: security group ids by a name for each."""
    key_arn: pulumi.Input[str]
    multi_az: bool
    backup_retention_days: int
    backup_window: str
    """`03:00-03:30`, each day, UTC."""
    maintenance_window: str
    """`sun:04:00-sun:05:00`, UTC."""
    parameters: Mapping[str, str]
    """What differs from RDS's defaults."""
    monitoring_interval_seconds: int
    """How often RDS writes what the operating system does to the log group RDSOSMetrics of the account. 0: it does not."""
    monitoring_role_arn: pulumi.Input[str] | None
    """What it writes as; None where it does not."""
    insights: InsightsMode | None
    """How Database Insights watches the load; None: it does not."""
    events_topic_arn: pulumi.Input[str]
    """Where RDS reports failovers, failures, low storage and the like."""
    log_groups: Mapping[str, str]
    """The log group of each of EXPORTED_LOGS: RDS dictates their names."""
    log_key_arn: pulumi.Input[str]
    log_retention_days: int
    apply_immediately: bool
    """Whether changes that interrupt do not wait for the maintenance window."""
    protected: bool
    """Whether Pulumi and RDS refuse to delete it."""
    final_snapshot: str | None
    """The name of the snapshot that it leaves. None: its data goes with it."""


def _secret_arn(secrets: Sequence[aws.rds.outputs.InstanceMasterUserSecret]) -> str:
    arn = secrets[0].secret_arn if secrets else None
    if arn is None:
        raise ValueError("RDS returned no secret of the master password: does the instance manage it (manage_master_user_password)?")
    return arn


class Mysql(pulumi.ComponentResource):
    """An RDS MySQL instance: private, encrypted, its master password made, kept and rotated by AWS, and watched."""

    host: pulumi.Output[str]
    port: pulumi.Output[int]
    resource_id: pulumi.Output[str]
    """What IAM calls it in `rds-db:connect`."""

    def __init__(self, name: str, args: MysqlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Mysql", name, None, opts)
        self._name, self._args, self._child = name, args, pulumi.ResourceOptions(parent=self)
        parameter_group = self._parameter_group()
        self._instance = aws.rds.Instance(
            name,
            identifier=args.identifier,
            engine="mysql",
            engine_version=args.version,
            # Past standard support AWS is to upgrade, not to charge extended support without being asked.
            engine_lifecycle_support="open-source-rds-extended-support-disabled",
            auto_minor_version_upgrade=True,
            instance_class=args.instance_class,
            allocated_storage=args.storage_gib,
            max_allocated_storage=args.storage_limit_gib,
            storage_type="gp3",
            storage_encrypted=True,
            kms_key_id=args.key_arn,
            db_name=args.database,
            username="administrator",
            manage_master_user_password=True,
            master_user_secret_kms_key_id=args.key_arn,
            iam_database_authentication_enabled=True,
            parameter_group_name=parameter_group,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            db_subnet_group_name=self._subnet_group(),
            vpc_security_group_ids=[self._security_group()],
            publicly_accessible=False,
            multi_az=args.multi_az,
            backup_retention_period=args.backup_retention_days,
            backup_window=args.backup_window,
            maintenance_window=args.maintenance_window,
            copy_tags_to_snapshot=True,
            deletion_protection=args.protected,
            skip_final_snapshot=args.final_snapshot is None,
            final_snapshot_identifier=args.final_snapshot,
            # Where a snapshot is left, so are the backups: whoever deleted it too early can still go back to any second before.
            delete_automated_backups=args.final_snapshot is None,
            enabled_cloudwatch_logs_exports=list(EXPORTED_LOGS),
            monitoring_interval=args.monitoring_interval_seconds,
            monitoring_role_arn=args.monitoring_role_arn,
            database_insights_mode=args.insights,
            performance_insights_enabled=args.insights is not None,
            performance_insights_retention_period=None if args.insights is None else INSIGHTS_DAYS[args.insights],
            performance_insights_kms_key_id=None if args.insights is None else args.key_arn,
            apply_immediately=args.apply_immediately,
            # RDS makes a missing log group itself: unencrypted, for ever, and in the way of the next stack that wants the name.
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=args.protected,
                depends_on=self._log_groups(),
                # AWS moves an instance to the subnets of another VPC only, none with a standby, and cuts off whoever it was for:
                # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.VPC2VPC.html.
                replace_on_changes=["db_subnet_group_name"],
            ),
        )
        self._report(parameter_group)
        self.host, self.port, self.resource_id = self._instance.address, self._instance.port, self._instance.resource_id
        self.register_outputs({"host": self.host, "port": self.port, "resource_id": self.resource_id})

    @property
    def master_user_secret_arn(self) -> pulumi.Output[str]:
        """The secret that RDS keeps the master password in. Made when asked for: it fails where AWS returns none."""
        return self._instance.master_user_secrets.apply(_secret_arn)

    def _parameter_group(self) -> pulumi.Output[str]:
        return aws.rds.ParameterGroup(
            self._name,
            family=f"mysql{self._args.version}",
            description=f"{self._args.identifier}: TLS only",
            parameters=[aws.rds.ParameterGroupParameterArgs(name=name, value=value) for name, value in self._args.parameters.items()],
            opts=self._child,
        ).name

    def _report(self, parameter_group: pulumi.Output[str]) -> None:
        args = DatabaseEventsArgs(
            subscription=self._args.identifier,
            topic_arn=self._args.events_topic_arn,
            instance=self._instance.identifier,
            parameter_group=parameter_group,
        )
        DatabaseEvents(self._name, args, self._child)

    def _subnet_group(self) -> pulumi.Output[str]:
        description = f"{self._args.identifier}: data subnets"
        return aws.rds.SubnetGroup(self._name, description=description, subnet_ids=self._args.subnet_ids, opts=self._child).name

    def _security_group(self) -> pulumi.Output[str]:
        args = SecurityGroupArgs(
            name=self._args.identifier,
            description=f"{self._args.identifier}: MySQL clients",
            vpc_id=self._args.vpc_id,
            port=PORT,
            clients=self._args.clients,
        )
        return SecurityGroup(self._name, args, self._child).group_id

    def _log_groups(self) -> list[aws.cloudwatch.LogGroup]:
        return [
            aws.cloudwatch.LogGroup(
                f"{self._name}-{log}",
                name=self._args.log_groups[log],
                retention_in_days=self._args.log_retention_days,
                kms_key_id=self._args.log_key_arn,
                opts=self._child,
            )
            for log in EXPORTED_LOGS
        ]
