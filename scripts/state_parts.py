"""What is made once per account, and by no stack: the key of the states, their bucket and its logs, and the trust in GitHub's tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from planning import arns
from planning.documents import state, trust
from planning.names import STATE_KEY, Names
from planning.state import SHARED, TAG
from scripts.deployed import Refused
from scripts.state_settings import Setting, policy, tagged

_MARK = f"{TAG}={SHARED}"


class Key:
    """The KMS key behind STATE_KEY. One that has our tag and no alias is what an interrupted run left."""

    name = f"key {STATE_KEY}"

    def __init__(self, kms: Any, names: Names, region: str) -> None:
        self._kms, self._policy = kms, state.state_key(names, region)
        self._found: Mapping[str, Any] | None = None

    @property
    def arn(self) -> str:
        """Empty while there is none."""
        return self._found["Arn"] if self._found else ""

    def exists(self) -> bool:
        self._found = self._behind_alias() or self._left_without_alias()
        return self._found is not None

    def make(self) -> None:
        self._found = self._kms.create_key(
            Description="States of Pulumi and their secrets", Policy=self._policy, Tags=[{"TagKey": TAG, "TagValue": SHARED}]
        )["KeyMetadata"]

    @property
    def ours(self) -> bool:
        return self._tagged(self.arn)

    @property
    def adopt(self) -> str:
        return f"aws kms tag-resource --key-id {self.arn} --tags TagKey={TAG},TagValue={SHARED}"

    def settings(self) -> Sequence[Setting]:
        kms, arn = self._kms, self.arn
        return (
            Setting(
                "policy",
                policy(self._policy),
                lambda: policy(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]),
                lambda: kms.put_key_policy(KeyId=arn, PolicyName="default", Policy=self._policy),
            ),
            Setting(
                "rotation",
                wanted=True,
                read=lambda: kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"],
                put=lambda: kms.enable_key_rotation(KeyId=arn),
            ),
            Setting(
                "alias",
                arn,
                lambda: (self._behind_alias() or {}).get("Arn"),
                lambda: kms.create_alias(AliasName=STATE_KEY, TargetKeyId=arn),
            ),
        )

    def _behind_alias(self) -> Mapping[str, Any] | None:
        try:
            key: Mapping[str, Any] = self._kms.describe_key(KeyId=STATE_KEY)["KeyMetadata"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFoundException":
                return None
            raise
        if key["KeyState"] != "Enabled":
            raise Refused(
                f"{self.name} is {key['KeyState']}, and no state can be read without it: `aws kms cancel-key-deletion --key-id "
                f"{key['KeyId']}` if its deletion is pending, then `aws kms enable-key --key-id {key['KeyId']}`"
            )
        if key["KeySpec"] != "SYMMETRIC_DEFAULT":
            raise Refused(
                f"{self.name} is a {key['KeySpec']} key, and S3 and Pulumi take none but SYMMETRIC_DEFAULT: give it another alias, "
                f"`aws kms delete-alias --alias-name {STATE_KEY}`, and run this again"
            )
        return key

    def _left_without_alias(self) -> Mapping[str, Any] | None:
        """Keys with an alias are somebody's, and are not asked for tags: their policies may keep those from us."""
        aliases = self._kms.get_paginator("list_aliases").paginate().search("Aliases[].TargetKeyId")
        keys = set(self._kms.get_paginator("list_keys").paginate().search("Keys[].KeyId")) - set(aliases)
        described = [self._kms.describe_key(KeyId=id_)["KeyMetadata"] for id_ in sorted(keys) if self._tagged(id_)]
        usable = [each for each in described if each["KeyState"] == "Enabled"]
        if len(usable) > 1:
            raise Refused(
                f"{len(usable)} keys are tagged {_MARK} and have no alias ({', '.join(each['KeyId'] for each in usable)}): "
                f"`aws kms create-alias --alias-name {STATE_KEY} --target-key-id ID` for the one that encrypted states, any if none did"
            )
        return usable[0] if usable else None

    def _tagged(self, key_id: str) -> bool:
        return tagged(self._kms.list_resource_tags(KeyId=key_id)["Tags"], "TagKey", "TagValue")


@dataclass(frozen=True)
class Provider:
    """GitHub's OpenID Connect provider, which the roles of CI trust. Other audiences do no harm: those roles ask for ours.

    It has no thumbprints: AWS holds GitHub's certificate against its own authorities, and finds one itself where it is given none
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
    """

    iam: Any
    account: str

    name = f"OpenID Connect provider {trust.GITHUB}"

    @property
    def _arn(self) -> str:
        return arns.oidc_provider(self.account, trust.GITHUB)

    def exists(self) -> bool:
        try:
            self._audiences()
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchEntity":
                return False
            raise
        return True

    def make(self) -> None:
        self.iam.create_open_id_connect_provider(
            Url=f"https://{trust.GITHUB}", ClientIDList=[trust.AUDIENCE], Tags=[{"Key": TAG, "Value": SHARED}]
        )

    @property
    def ours(self) -> bool:
        return tagged(self.iam.list_open_id_connect_provider_tags(OpenIDConnectProviderArn=self._arn)["Tags"])

    @property
    def adopt(self) -> str:
        return f"aws iam tag-open-id-connect-provider --open-id-connect-provider-arn {self._arn} --tags Key={TAG},Value={SHARED}"

    def settings(self) -> Sequence[Setting]:
        return (
            Setting(
                "audience",
                wanted=True,
                read=lambda: trust.AUDIENCE in self._audiences(),
                put=lambda: self.iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=self._arn, ClientID=trust.AUDIENCE),
            ),
        )

    def _audiences(self) -> Sequence[str]:
        return self.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=self._arn)["ClientIDList"]
