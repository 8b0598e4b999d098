"""One drill: a copy of the registry is made, brought to what the registry is, looked at, and deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from planning.names import Names
from scripts.drill_copy import Description, Inputs, differences, modification, restoration, rewinding, unapplied, undescribed
from scripts.drill_left import Clients, copy_log_groups, delete
from scripts.drill_origin import Origin, origin
from scripts.drill_policies import Judged, judged, properties
from scripts.drill_rows import beside, over_tls, rows
from scripts.drill_steps import Failed, NotReached, Pause, duration, looks

_SETTLING_SECONDS = 1800
"""How long a modification may take to be described: a change of zones or of a managed password takes minutes."""

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html: from these nothing comes back by itself.
_ENDS = frozenset({"failed", "incompatible-network", "incompatible-parameters", "incompatible-restore", "deleting", "deleted"})


@dataclass
class Drill:
    clients: Clients
    names: Names
    inputs: Inputs
    """The registry's, in the state."""
    time: str
    """What tells this drill from others, such as 20261126-183000."""
    given_snapshot: str | None
    at: str | None
    ca: Path | None
    pause: Pause
    longest_seconds: float
    """How long RDS may take for the snapshot, and for the copy."""

    @property
    def name(self) -> str:
        """Of the copy, and of the snapshot where one is taken."""
        return self.names.database(f"registry-drill-{self.time}")

    @cached_property
    def source(self) -> Description:
        """The registry as it was when the drill began."""
        return self._described(self.names.database("registry"))

    @cached_property
    def origin(self) -> Origin:
        """Raises Refused where what was asked for is not there."""
        return origin(self.clients.rds, self.source, self.given_snapshot, self.at)

    @property
    def restorable_seconds(self) -> float | None:
        """How long before the drill the latest moment was that the registry could be restored to; None where RDS names none."""
        latest: datetime | None = self.source.get("LatestRestorableTime")
        began = datetime.strptime(self.time, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        return None if latest is None else max(0.0, (began - latest).total_seconds())

    def plan(self) -> str:
        source, zones = self.source, "in two zones" if self.source["MultiAZ"] else "in one zone"
        made_of = f"{source['DBInstanceIdentifier']}, from {self.origin.about}"
        return f"{self.name} is made of {made_of}: {source['DBInstanceClass']} {zones}, to be deleted."

    def snapshot(self) -> str:
        if not self.origin.taken_now:
            return f"none is taken: {self.origin.about}"
        rds, registry = self.clients.rds, self.source["DBInstanceIdentifier"]
        rds.create_db_snapshot(DBSnapshotIdentifier=self.name, DBInstanceIdentifier=registry, Tags=self.source.get("TagList", []))
        for waited in looks(self.longest_seconds, self.pause):
            found = rds.describe_db_snapshots(DBSnapshotIdentifier=self.name)["DBSnapshots"][0]
            if found["Status"] == "available":
                return self.name
            if found["Status"] == "failed":
                raise Failed(f"RDS failed to take {self.name}")
            print(f"  {self.name}: {found['Status']}, {found.get('PercentProgress', 0)} %, {duration(waited)}", flush=True)
        raise Failed(f"{self.name} is not available after {duration(self.longest_seconds)}")

    def restore(self) -> str:
        # RDS makes a missing log group itself, unencrypted and for ever.
        copy_log_groups(self.clients, self.source, self.name)
        if self.origin.at:
            self.clients.rds.restore_db_instance_to_point_in_time(**rewinding(self.source, self.name, self.origin.at))
        else:
            asked = restoration(self.source, self.name, self.origin.snapshot or self.name)
            self.clients.rds.restore_db_instance_from_db_snapshot(**asked)
        self._available()
        return f"{self.name} is available"

    def align(self) -> str:
        """Sets what a restore cannot, and compares. Raises Failed or NotReached."""
        copy = self.copy()
        if tags := [tag for tag in self.source.get("TagList", []) if tag not in copy.get("TagList", [])]:
            self.clients.rds.add_tags_to_resource(ResourceName=copy["DBInstanceArn"], Tags=tags)
        if asked := modification(self.source, copy):
            self.clients.rds.modify_db_instance(DBInstanceIdentifier=self.name, ApplyImmediately=True, **asked)
        for waited in looks(_SETTLING_SECONDS, self.pause):
            copy = self.copy()
            wrong = differences(self.source, copy, self.inputs)
            # What no modification changes will not change by waiting.
            if copy["DBInstanceStatus"] == "available" and (not wrong or not modification(self.source, copy)):
                break
            print(f"  {self.name}: {copy['DBInstanceStatus']}, {len(wrong)} properties to come, {duration(waited)}", flush=True)
        if wrong := differences(self.source, copy, self.inputs):
            raise Failed("\n".join(wrong))
        unknown = [f"{each} is not described" for each in undescribed(self.source, copy, self.inputs)]
        if unknown := [*unknown, *filter(None, [unapplied(copy)])]:
            raise NotReached("\n".join(unknown))
        return "as the registry in every property that is compared, and tagged like it"

    def judge(self) -> str:
        """Holds the pack's rules against the copy. Raises Failed or NotReached."""
        from policies.pack import RULES

        copy = self.copy()
        tags = {tag["Key"]: tag["Value"] for tag in copy.get("TagList", [])}
        found = judged(RULES, properties(self.source, copy, self.inputs), self._parameter_group(copy), tags)
        kept = [each.rule for each in found if each == Judged(each.rule)]
        lines = {
            kind: [line for each in found for line in getattr(each, kind)] for kind in ("violations", "unverified", "beyond", "advice")
        }
        rest = [f"kept: {', '.join(kept) or 'none'}"]
        rest += [f"not verified: {each}" for each in (*lines["unverified"], *lines["beyond"])]
        rest += [f"advice: {each}" for each in lines["advice"]]
        if lines["violations"]:
            raise Failed("\n".join([*lines["violations"], *rest]))
        if lines["unverified"]:
            raise NotReached("\n".join(rest))
        return "\n".join(rest)

    def count(self) -> str:
        connect = over_tls(self.ca)
        copied = rows(connect, self.copy(), self.clients.secrets)
        return beside(rows(connect, self.source, self.clients.secrets), copied, taken_now=self.origin.taken_now)

    def delete(self) -> str:
        return delete(self.clients, self.name, self.pause)

    def endpoint(self) -> Mapping[str, str]:
        """Where the copy is, as environment variables; empty where there is none."""
        try:
            endpoint = self.copy().get("Endpoint", {})
        except ClientError:
            return {}
        return {"DRILL_REGISTRY_HOST": endpoint.get("Address", ""), "DRILL_REGISTRY_PORT": str(endpoint.get("Port", ""))}

    def copy(self) -> Description:
        return self._described(self.name)

    def _described(self, name: str) -> Description:
        return self.clients.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    def _available(self) -> None:
        for waited in looks(self.longest_seconds, self.pause):
            status = self.copy()["DBInstanceStatus"]
            if status == "available":
                return
            if status in _ENDS:
                raise Failed(f"{self.name} is {status}: `aws rds describe-events --source-type db-instance` says why")
            print(f"  {self.name}: {status}, {duration(waited)}", flush=True)
        raise Failed(f"{self.name} is not available after {duration(self.longest_seconds)}")

    def _parameter_group(self, copy: Description) -> dict[str, Any]:
        name = copy["DBParameterGroups"][0]["DBParameterGroupName"]
        family = self.clients.rds.describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"][0]["DBParameterGroupFamily"]
        pages = self.clients.rds.get_paginator("describe_db_parameters").paginate(DBParameterGroupName=name, Source="user")
        found = [each for each in pages.search("Parameters[]") if "ParameterValue" in each]
        parameters = [
            {"name": each["ParameterName"], "value": each["ParameterValue"], "applyMethod": each.get("ApplyMethod")} for each in found
        ]
        return {"name": name, "family": family, "parameters": parameters}
