"""What a copy of the registry is made from: a snapshot that is taken for it, one that exists, or any moment of the last days."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from scripts.deployed import Refused
from scripts.drill_copy import Description

LATEST = "latest"


@dataclass(frozen=True)
class Origin:
    """Without either: a snapshot that is taken now."""

    snapshot: str | None = None
    at: datetime | None = None

    @property
    def taken_now(self) -> bool:
        return self.snapshot is None and self.at is None

    @property
    def about(self) -> str:
        return self.snapshot or (f"its state at {self.at:%Y-%m-%d %H:%M:%S} UTC" if self.at else "a snapshot that is taken now")


def origin(rds: Any, source: Description, snapshot: str | None, at: str | None) -> Origin:
    """What was asked for; `snapshot` is a name, or LATEST for the newest automated one. Raises Refused where it is not there."""
    if at is not None:
        return Origin(at=_moment(source, at))
    return Origin(snapshot=None if snapshot is None else _existing(rds, source["DBInstanceIdentifier"], snapshot))


def _existing(rds: Any, registry: str, snapshot: str) -> str:
    asked = {"SnapshotType": "automated"} if snapshot == LATEST else {"DBSnapshotIdentifier": snapshot}
    try:
        pages = rds.get_paginator("describe_db_snapshots").paginate(**asked)
        found = [each for each in pages.search("DBSnapshots[]") if each["DBInstanceIdentifier"] == registry]
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("DBSnapshotNotFound"):
            raise
        found = []
    if not found:
        what = "automated snapshot" if snapshot == LATEST else f"snapshot `{snapshot}`"
        raise Refused(f"there is no {what} of {registry}: `aws rds describe-db-snapshots` lists them; without --snapshot one is taken")
    return max(found, key=lambda each: each["SnapshotCreateTime"])["DBSnapshotIdentifier"]


def _moment(source: Description, text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(f"--at got `{text}`; expected a time such as 2026-11-26T18:00:00Z") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    latest: datetime | None = source.get("LatestRestorableTime")
    if latest is None:
        raise Refused(f"{source['DBInstanceIdentifier']} can be restored to no moment: RDS names none; set backup_retention_days")
    # RDS takes a time before it: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBInstanceToPointInTime.html.
    if at >= latest:
        raise Refused(f"--at got {text}; expected a time before {latest:%Y-%m-%dT%H:%M:%SZ}, the latest that RDS can restore to")
    return at.astimezone(UTC)
