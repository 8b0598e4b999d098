"""Kinds of value that a setting can have. Each refuses what AWS would refuse later, and says what would do."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from planning.catalogue import VALKEY_CLUSTER_PARAMETER_GROUPS, ZONES


def refusal(expected: str, remedy: str, *, at: str = "") -> PydanticCustomError:
    """What a validator raises; `at` is the key below the model when the model as a whole is being checked."""
    return PydanticCustomError("refused", "{expected}; {remedy}", {"expected": expected, "remedy": remedy, "at": at})


def _cidr(value: str) -> str:
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise refusal("an IPv4 range such as 10.20.0.0/16", "write address/prefix") from None
    if str(network) != value:
        raise refusal("an IPv4 range without host bits", f"use {network}")
    return value


def _account(value: str) -> str:
    if len(value) != 12 or not value.isdecimal():
        raise refusal("the 12 digits of an AWS account id", 'write all 12 digits, in quotes: "012345678901"')
    return value


def _region(value: str) -> str:
    if value not in ZONES:
        raise refusal(f"one of {', '.join(ZONES)}", "use one of these, or add the region's zones to planning/catalogue.py")
    return value


def _valkey(value: str) -> str:
    if value not in VALKEY_CLUSTER_PARAMETER_GROUPS:
        raise refusal(f"one of {', '.join(VALKEY_CLUSTER_PARAMETER_GROUPS)}", "use one of these versions")
    return value


Cidr = Annotated[str, AfterValidator(_cidr)]
Account = Annotated[str, AfterValidator(_account)]
Region = Annotated[str, AfterValidator(_region)]
ValkeyVersion = Annotated[str, AfterValidator(_valkey)]
TagValue = Annotated[str, Field(pattern=r"^[A-Za-z0-9_ .:/=+@-]{1,256}$")]
PrincipalArn = Annotated[str, Field(pattern=r"^arn:aws:iam::\d{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$")]
Retirement = Annotated[str, Field(pattern=r"^\d{8}-\d{6}$")]
LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
"""What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html."""
Positive = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
