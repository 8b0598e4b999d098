"""What a drill makes in AWS beside the registry: how it is found again, and deleted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from planning.names import Names
from scripts.drill_copy import Description
from scripts.drill_steps import Failed, Pause, duration, looks

_DELETION_SECONDS = 3600

# What RDS says while it is still making or changing it.
_BUSY = frozenset({"InvalidDBInstanceState", "InvalidDBSnapshotState"})


@dataclass(frozen=True)
class Clients:
    """boto3's, of the stack's own account and region."""

    rds: Any
    logs: Any
    secrets: Any

    @staticmethod
    def of(region: str) -> "Clients":
        import boto3

        return Clients(*(boto3.client(service, region_name=region) for service in ("rds", "logs", "secretsmanager")))  # pyright: ignore[reportArgumentType]


def left(clients: Clients, names: Names) -> list[str]:
    """The names of the environment's drills of which a copy or a snapshot is there, oldest first."""
    return sorted({name for name, tags in _everything(clients) if _is_drills(names, name, tags)})


def delete(clients: Clients, name: str, pause: Pause) -> str:
    """Deletes the copy, the log groups and the snapshot of a drill, as far as they are there, and waits for it. Raises Failed."""
    _gone(f"instance {name}", lambda: _instance(clients, name), lambda: _delete_instance(clients, name), pause)
    # Not before the instance, which would make them again.
    for group in log_groups(clients, name):
        clients.logs.delete_log_group(logGroupName=group["logGroupName"])
    rds = clients.rds
    _gone(f"snapshot {name}", lambda: _snapshot(clients, name), lambda: rds.delete_db_snapshot(DBSnapshotIdentifier=name), pause)
    return f"nothing is left of {name}"


def log_groups(clients: Clients, instance: str) -> Sequence[Mapping[str, Any]]:
    """Those that RDS writes an instance's exported logs to."""
    pages = clients.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=f"/aws/rds/instance/{instance}/")
    return list(pages.search("logGroups[]"))


def copy_log_groups(clients: Clients, source: Description, name: str) -> None:
    """Log groups for a copy, with the key and the retention of the source's."""
    tags = {tag["Key"]: tag["Value"] for tag in source.get("TagList", [])}
    for group in log_groups(clients, source["DBInstanceIdentifier"]):
        made = f"/aws/rds/instance/{name}/{group['logGroupName'].rpartition('/')[2]}"
        key = {"kmsKeyId": group["kmsKeyId"]} if group.get("kmsKeyId") else {}
        clients.logs.create_log_group(logGroupName=made, tags=tags, **key)
        if "retentionInDays" in group:
            clients.logs.put_retention_policy(logGroupName=made, retentionInDays=group["retentionInDays"])


def _gone(what: str, find: Callable[[], Description | None], remove: Callable[[], object], pause: Pause) -> None:
    """Removes something and waits until it is not found; while AWS is still making it, it is asked again."""
    for waited in looks(_DELETION_SECONDS, pause):
        found = find()
        if found is None:
            return
        if "deleting" not in (found.get("DBInstanceStatus"), found.get("Status")):
            try:
                remove()
            except ClientError as error:
                if _code(error) not in _BUSY:
                    raise
        print(f"  {what}: being deleted, {duration(waited)}", flush=True)
    raise Failed(f"{what} is still there after {duration(_DELETION_SECONDS)}: run this with --clean")


def _delete_instance(clients: Clients, name: str) -> None:
    found = _instance(clients, name)
    if found and found.get("DeletionProtection"):
        clients.rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False, ApplyImmediately=True)
    clients.rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)


def _instance(clients: Clients, name: str) -> Description | None:
    return _first(lambda: clients.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"])


def _snapshot(clients: Clients, name: str) -> Description | None:
    return _first(lambda: clients.rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"])


def _first(describe: Callable[[], Sequence[Description]]) -> Description | None:
    try:
        return next(iter(describe()), None)
    except ClientError as error:
        if _code(error) not in ("DBInstanceNotFound", "DBSnapshotNotFound"):
            raise
        return None


def _everything(clients: Clients) -> Iterator[tuple[str, Sequence[Mapping[str, str]]]]:
    for operation, path in (("describe_db_instances", "DBInstances[]"), ("describe_db_snapshots", "DBSnapshots[]")):
        for each in clients.rds.get_paginator(operation).paginate().search(path):
            yield each.get("DBSnapshotIdentifier", each["DBInstanceIdentifier"]), each.get("TagList", [])


def _is_drills(names: Names, name: str, tags: Sequence[Mapping[str, str]]) -> bool:
    # The tag keeps apart environments of which one's name begins with another's.
    ours = {"Key": "deployment", "Value": names.deployment}
    return name.startswith(f"{names.database('registry')}-drill-") and ours in tags


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"].removesuffix("Fault")
