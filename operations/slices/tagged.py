"""What AWS lists with the tag of an expiry, whatever a state knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from operations.slices.recorded import day_of
from planning.names import EXPIRES_TAG, PROJECT
from scripts.deployed import Refused

_KEY = ":key/"


@dataclass
class Tagged:
    """What one stack has in AWS."""

    arns: list[str] = field(default_factory=list[str])
    days: list[date] = field(default_factory=list[date])

    @property
    def expires(self) -> date | None:
        """The last of the days; None where none of the tags says one."""
        return max(self.days, default=None)


def by_stack(region: str) -> Mapping[str, Tagged]:
    """By the stack that the tag `deployment` names; what has no such tag of ours is nobody's and left out.

    KMS keys that wait for their deletion are left out too. Raises Refused where AWS cannot be asked.
    """
    import boto3

    found: dict[str, Tagged] = {}
    try:
        pages = boto3.client("resourcegroupstaggingapi", region_name=region).get_paginator("get_resources")
        kms: Any = boto3.client("kms", region_name=region)
        for page in pages.paginate(TagFilters=[{"Key": EXPIRES_TAG}]):
            for each in page["ResourceTagMappingList"]:
                _add(found, each["ResourceARN"], {tag["Key"]: tag["Value"] for tag in each["Tags"]}, kms)
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"it is unknown what has the tag {EXPIRES_TAG} ({error}): run it again") from error
    return found


def _add(found: dict[str, Tagged], arn: str, tags: Mapping[str, str], kms: Any) -> None:
    project, _, stack = tags.get("deployment", "").partition("/")
    if project != PROJECT or not stack or _is_going(arn, kms):
        return
    here = found.setdefault(stack, Tagged())
    here.arns.append(arn)
    day = day_of(tags[EXPIRES_TAG])
    if day is not None:
        here.days.append(day)


def _is_going(arn: str, kms: Any) -> bool:
    return arn.startswith("arn:aws:kms:") and _KEY in arn and kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "PendingDeletion"
