"""Kinds of value that a setting can have. Each refuses what AWS would refuse later, and says what would do."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from difflib import get_close_matches
from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from planning import catalogue, windows


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
    if len(value) != 12 or not (value.isascii() and value.isdecimal()):
        raise refusal("the 12 digits of an AWS account id", 'write all 12 digits, in quotes: "012345678901"')
    return value


def _known(what: str, values: Iterable[str]) -> Callable[[str], str]:
    """A check that a value is one that AWS has, by the dated facts of planning/catalogue.py."""
    known = tuple(values)

    def check(value: str) -> str:
        if value not in known:
            # All of a short list; of a long one what is nearest.
            short = len(known) <= 20
            near = list(known if short else get_close_matches(value, known, n=3, cutoff=0.3) or known[:3])
            expected = f"{what}, as AWS had them on {catalogue.READ_ON}: {', '.join(near)}{'' if short else ', …'}"
            raise refusal(expected, "use one of these" if short else f"use {near[0]}")
        return value

    return check


def _has_gpus(value: str) -> str:
    if catalogue.gpus(value) == 0:
        raise refusal(f"an EC2 instance type with NVIDIA GPUs: {value} has 0", f"use {next(iter(catalogue.GPU_INSTANCE_TYPES))}, say")
    return value


def _supported(engine: catalogue.Engine, versions: Iterable[str]) -> Callable[[str], str]:
    """A check that a version is known and that its standard support has not ended."""
    known = _known(f"a version of {engine}", versions)

    def check(value: str) -> str:
        known(value)
        today = datetime.now(UTC).date()
        ended = catalogue.support_ended(engine, value, today)
        if ended is not None:
            later = catalogue.next_version(engine, value, today)
            expected = f"a version of {engine} in standard support; that of {value} ended on {ended} (facts of {catalogue.READ_ON})"
            raise refusal(expected, f"use {later}" if later else "refresh the facts with scripts/refresh_catalogue.py")
        return value

    return check


def different(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values, if none is there twice."""
    twice = [value for number, value in enumerate(values) if value in values[:number]]
    if twice:
        raise refusal(f"each once: {twice[0]} is there twice", "remove one of them")
    return values


def _window(value: str) -> str:
    if windows.minutes(value) < 30:
        raise refusal("30 minutes or more", "end the window later")
    return value


def _form(pattern: str, words: str, example: str) -> tuple[AfterValidator, WithJsonSchema]:
    """A check that a text has a form, which a refusal says in words; editors get the pattern."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value, re.ASCII):
            raise refusal(words, f"write it like {example}")
        return value

    return AfterValidator(check), WithJsonSchema({"type": "string", "pattern": f"^({pattern})$"})


def _enum(values: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(values)})


Cidr = Annotated[str, AfterValidator(_cidr), WithJsonSchema({"type": "string", "pattern": r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$"})]
Account = Annotated[str, AfterValidator(_account), WithJsonSchema({"type": "string", "pattern": r"^\d{12}$"})]
Region = Annotated[str, AfterValidator(_known("an AWS region", catalogue.ZONES)), _enum(catalogue.ZONES)]
ClusterVersion = Annotated[str, AfterValidator(_supported("eks", catalogue.EKS)), _enum(catalogue.EKS)]
MysqlVersion = Annotated[str, AfterValidator(_supported("mysql", catalogue.MYSQL)), _enum(catalogue.MYSQL)]
ValkeyVersion = Annotated[str, AfterValidator(_supported("valkey", catalogue.VALKEY)), _enum(catalogue.VALKEY)]
DatabaseClass = Annotated[
    str, AfterValidator(_known("an RDS instance class", catalogue.DB_INSTANCE_CLASSES)), _enum(catalogue.DB_INSTANCE_CLASSES)
]
CacheNodeType = Annotated[
    str, AfterValidator(_known("an ElastiCache node type", catalogue.CACHE_NODE_TYPES)), _enum(catalogue.CACHE_NODE_TYPES)
]
GpuInstanceType = Annotated[
    str,
    AfterValidator(_has_gpus),
    AfterValidator(_known("an EC2 instance type with NVIDIA GPUs", catalogue.GPU_INSTANCE_TYPES)),
    _enum(catalogue.GPU_INSTANCE_TYPES),
]
DailyWindow = Annotated[str, *_form(windows.DAILY, "a time of day from and to, in UTC", "02:00-03:00"), AfterValidator(_window)]
WeeklyWindow = Annotated[str, *_form(windows.WEEKLY, "a day and time from and to, in UTC", "sun:03:30-sun:04:30"), AfterValidator(_window)]
TagValue = Annotated[
    str, *_form(r"[A-Za-z0-9_ .:/=+@-]{1,256}", "a tag's value: 1 to 256 letters, digits, spaces and _.:/=+@-", "ml-platform-team")
]
PrincipalArn = Annotated[
    str,
    *_form(
        r"arn:aws:iam::\d{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+",
        "the ARN of an IAM role or user, without wildcards",
        "arn:aws:iam::111111111111:role/platform-admin",
    ),
]
BucketArn = Annotated[
    str, *_form(r"arn:aws:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "the ARN of an S3 bucket", "arn:aws:s3:::features-copy")
]
KeyArn = Annotated[
    str,
    *_form(
        r"arn:aws:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
        "the ARN of a KMS key",
        "arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012",
    ),
]
Retirement = Annotated[str, *_form(r"\d{8}-\d{6}", "a day and a time, set by scripts/retire.py", "20261123-130501")]
Email = Annotated[str, *_form(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+", "an e-mail address", "on-call@example.com")]
# https://docs.github.com/en/rest/repos/repos: an owner has no underscores, and neither name is a path. Whoever may become a role of CI
# is read from it, so nothing in it may have a meaning in a pattern.
GithubRepository = Annotated[
    str,
    *_form(
        r"[A-Za-z0-9](-?[A-Za-z0-9]){0,38}/(?!\.{1,2}$)[A-Za-z0-9_.-]{1,100}", "a repository on GitHub, OWNER/NAME", "example/ml-platform"
    ),
]
# As IAM takes one: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
PolicyName = Annotated[
    str,
    *_form(r"[A-Za-z0-9_+=,.@-]{1,128}", "the name of an IAM policy: 1 to 128 letters, digits and +=,.@_-", "dev-ci-ephemeral-boundary"),
]
GithubIds = Annotated[str, *_form(r"\d{1,20}/\d{1,20}", "the ids of an owner and a repository on GitHub, OWNER/NAME", '"123456/456789"')]
# Shorter than ECR's, so that with the platform's and the environment's names before it the name fits.
ImageName = Annotated[
    str, *_form(r"(?=.{2,64}$)[a-z0-9]+([._-][a-z0-9]+)*", "2 to 64 lower-case letters and digits, with single ._- between", "model-server")
]
# https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
KubernetesName = Annotated[
    str,
    *_form(
        r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
        "at most 63 lower-case letters, digits and hyphens, none of them first or last",
        "risk-models",
    ),
]
FeastProject = Annotated[str, *_form(r"[a-z][a-z0-9_]{1,31}", "2 to 32 lower-case letters, digits and _, a letter first", "credit_risk")]
FeastProjectName = Annotated[
    str,
    *_form(
        r"(?=.{1,20}$)[a-z](-?[a-z0-9])*",
        "1 to 20 lower-case letters, digits and single hyphens, a letter first and no hyphen last",
        "credit-decisions",
    ),
]
"""A project as a stack file calls it; planning/feast_projects.py says what Feast calls it."""
LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
"""What CloudWatch Logs takes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html."""
Positive = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
