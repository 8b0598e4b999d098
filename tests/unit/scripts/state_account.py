"""An account of moto's that is bootstrapped, whose calls are written down, and fail when they are told to."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator
from moto import mock_aws

from planning import arns
from planning.names import STATE_KEY, Names
from scripts import bootstrap_state

ACCOUNT, REGION = "123456789012", "eu-west-1"  # moto's
GITHUB = "token.actions.githubusercontent.com"
NAMES = Names(environment="prod", account=ACCOUNT)
STATES, LOGS = NAMES.state_bucket, NAMES.state_logs_bucket
PROVIDER = arns.oidc_provider(ACCOUNT, GITHUB)
GIVEN = ("--account", ACCOUNT, "--region", REGION)

_READS = ("Describe", "Get", "Head", "List")
_S3 = {
    "get_bucket_encryption": "ServerSideEncryptionConfiguration",
    "get_bucket_lifecycle_configuration": "Rules",
    "get_bucket_logging": "LoggingEnabled",
    "get_bucket_ownership_controls": "OwnershipControls",
    "get_bucket_policy": "Policy",
    "get_bucket_tagging": "TagSet",
    "get_bucket_versioning": "Status",
    "get_public_access_block": "PublicAccessBlockConfiguration",
}


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Called")


@dataclass
class Account:
    """`kms`, `s3` and `iam` are for the test: what they call is not written down."""

    kms: Any
    s3: Any
    iam: Any
    made: list[tuple[str, Any]] = field(default_factory=list)
    answers: dict[str, BaseException] = field(default_factory=dict)
    """What calls of a name end with, without reaching AWS."""
    fault: BaseException | None = None
    """What each call ends with the first time that it is made."""
    reaches_aws: bool = False
    """Whether such a call does what it is for, and only its answer is lost."""
    failed: set[str] = field(default_factory=set)

    def run(self, *arguments: str) -> int:
        """The exit code of the script, in this account."""
        self.made.clear()
        return bootstrap_state.main([*GIVEN, *arguments])

    @property
    def writes(self) -> list[str]:
        return [name for name, _ in self.made if not name.startswith(_READS)]

    def call(self, otherwise: Callable[[], Any], name: str, parameters: Any) -> Any:
        self.made.append((name, parameters))
        if name in self.answers:
            raise self.answers[name]
        call = self.named(name, parameters)
        if self.fault is not None and call not in self.failed:
            self.failed.add(call)
            if self.reaches_aws:
                with suppress(ClientError):
                    otherwise()
            raise self.fault
        return otherwise()

    @staticmethod
    def named(name: str, parameters: Any) -> str:
        """A call, by what it is made for: keys differ from one account to the next, and there is one."""
        return f"{name} {parameters.get('Bucket', '')}".strip()

    def add_audience(self, client: Any, name: str, parameters: Any) -> None:
        """Stands in for moto, which does not have the call."""
        report = ParamValidator().validate(parameters, client.meta.service_model.operation_model(name).input_shape)
        assert not report.has_errors(), report.generate_report()
        self.set_audiences([*self.audiences, parameters["ClientID"]])

    def set_audiences(self, audiences: list[str]) -> None:
        """Another provider, with the same tags: moto takes no audience away either."""
        tags = self.iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=PROVIDER)["Tags"]
        self.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)
        self.iam.create_open_id_connect_provider(Url=f"https://{GITHUB}", ClientIDList=audiences, Tags=tags)

    @property
    def audiences(self) -> list[str]:
        return self.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER)["ClientIDList"]

    @property
    def key(self) -> str:
        return self.kms.describe_key(KeyId=STATE_KEY)["KeyMetadata"]["Arn"]

    @property
    def everything(self) -> dict[str, Any]:
        """What is in the account; the id of the key differs from one account to the next, and is left out."""
        arn = self.key
        found: dict[str, Any] = {
            "keys": len(self.kms.list_keys()["Keys"]),
            "key policy": self.kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"],
            "rotation": self.kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"],
            "key tags": self.kms.list_resource_tags(KeyId=arn)["Tags"],
            "audiences": self.audiences,
            "provider tags": self.iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=PROVIDER)["Tags"],
            "buckets": [each["Name"] for each in self.s3.list_buckets()["Buckets"]],
        }
        for bucket in (STATES, LOGS):
            found |= {f"{bucket} {call}": str(self._of(bucket, call)).replace(arn, "KEY") for call in _S3}
        return found

    def _of(self, bucket: str, call: str) -> Any:
        try:
            return getattr(self.s3, call)(Bucket=bucket).get(_S3[call])
        except ClientError as error:
            return error.response["Error"]["Code"]


@contextmanager
def account(monkeypatch: pytest.MonkeyPatch) -> Generator[Account]:
    original: Callable[..., Any] = BaseClient._make_api_call  # pyright: ignore[reportPrivateUsage]
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        kms, s3, iam = (boto3.client(service, region_name=REGION) for service in ("kms", "s3", "iam"))  # pyright: ignore[reportArgumentType]
        made = Account(kms, s3, iam)
        own = {id(each) for each in (kms, s3, iam)}

        def call(client: Any, name: str, parameters: Any) -> Any:
            if id(client) in own:
                return original(client, name, parameters)
            if name == "AddClientIDToOpenIDConnectProvider":
                return made.call(lambda: made.add_audience(client, name, parameters), name, parameters)
            return made.call(lambda: original(client, name, parameters), name, parameters)

        monkeypatch.setattr(BaseClient, "_make_api_call", call)
        yield made
