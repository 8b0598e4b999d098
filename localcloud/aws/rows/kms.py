"""KMS: keys and their aliases."""

from __future__ import annotations

from localcloud.aws.row import Call, Effect, Read, Row

ROWS = (
    Row(
        "aws:kms/key:Key",
        service="kms",
        id="response.KeyMetadata.KeyId",
        create=(
            Call(
                "create_key",
                """{Description: description, Policy: policy, KeyUsage: keyUsage, KeySpec: customerMasterKeySpec,
                    BypassPolicyLockoutSafetyCheck: bypassPolicyLockoutSafetyCheck, Tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_key",
                "{KeyId: id}",
                # A key that waits for its deletion is gone, as far as the official provider is concerned.
                """[KeyMetadata][?KeyState!='PendingDeletion'] | [0].{arn: Arn, keyId: KeyId, description: Description,
                    keyUsage: KeyUsage, customerMasterKeySpec: KeySpec, isEnabled: Enabled}""",
            ),
            Read("get_key_policy", "{KeyId: id, PolicyName: 'default'}", "{policy: Policy}"),
            Read(
                "get_key_rotation_status",
                "{KeyId: id}",
                "{enableKeyRotation: KeyRotationEnabled, rotationPeriodInDays: RotationPeriodInDays}",
            ),
        ),
        update=(
            Call("update_key_description", "{KeyId: id, Description: description}"),
            Call("put_key_policy", "{KeyId: id, PolicyName: 'default', Policy: policy}"),
            Call(
                "enable_key_rotation",
                "{KeyId: id, RotationPeriodInDays: rotationPeriodInDays}",
                when="enableKeyRotation",
            ),
            Call("disable_key_rotation", "{KeyId: id}", when="!enableKeyRotation"),
        ),
        delete=(Call("schedule_key_deletion", "{KeyId: id, PendingWindowInDays: deletionWindowInDays}"),),
        gone=("NotFoundException", "KMSInvalidStateException"),
        tags="kms",
        unread={
            "deletionWindowInDays": Effect("the key's deletion is scheduled for then"),
            "bypassPolicyLockoutSafetyCheck": "an argument of the create call",
        },
    ),
    Row(
        "aws:kms/alias:Alias",
        service="kms",
        id="name",
        create=(Call("create_alias", "{AliasName: name, TargetKeyId: targetKeyId}"),),
        read=(
            Read(
                "list_aliases",
                "`{}`",
                "Aliases[?AliasName=='$id'] | [0].{name: AliasName, targetKeyId: TargetKeyId, arn: AliasArn}",
            ),
        ),
        update=(Call("update_alias", "{AliasName: name, TargetKeyId: targetKeyId}"),),
        delete=(Call("delete_alias", "{AliasName: name}"),),
        gone=("NotFoundException",),
        name_form="alias/{name}-{hex}",
        same={"targetKeyId": "key_id_or_arn"},
    ),
)
