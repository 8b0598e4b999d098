"""Secrets Manager: secrets and their versions."""

from __future__ import annotations

from localcloud.aws.row import Call, Effect, Read, Row

ROWS = (
    Row(
        "aws:secretsmanager/secret:Secret",
        service="secretsmanager",
        id="response.ARN",
        create=(Call("create_secret", "{Name: name, Description: description, KmsKeyId: kmsKeyId, Tags: tagsAll}"),),
        read=(
            Read(
                "describe_secret",
                "{SecretId: id}",
                # A secret that waits for its deletion is gone, as far as the official provider is concerned.
                "[@][?!DeletedDate] | [0].{arn: ARN, name: Name, description: Description, kmsKeyId: KmsKeyId, tagsAll: Tags}",
            ),
        ),
        update=(Call("update_secret", "{SecretId: id, Description: description || '', KmsKeyId: kmsKeyId}"),),
        delete=(
            Call(
                "delete_secret",
                """{SecretId: id, RecoveryWindowInDays: (recoveryWindowInDays != `0` && recoveryWindowInDays) || `null`,
                    ForceDeleteWithoutRecovery: recoveryWindowInDays == `0` || `null`}""",
            ),
        ),
        # The second: it waits for its deletion already.
        gone=("ResourceNotFoundException", "InvalidRequestException"),
        tags="secretsmanager",
        unread={"recoveryWindowInDays": Effect("the secret's deletion is scheduled for then, or with 0 it is gone at once")},
    ),
    Row(
        "aws:secretsmanager/secretVersion:SecretVersion",
        service="secretsmanager",
        id="join('|', [secretId, response.VersionId])",
        create=(Call("put_secret_value", "{SecretId: secretId, SecretString: secretString}"),),
        read=(
            Read(
                "get_secret_value",
                "{SecretId: secretId, VersionId: versionId}",
                """{secretId: ARN, arn: ARN, secretArn: ARN, versionId: VersionId, secretString: SecretString,
                    hasSecretStringWo: `false`}""",
            ),
        ),
        # Versions are not deleted but lose their labels; the current one keeps its own, and goes with the secret.
        delete=(
            Call(
                "update_secret_version_stage",
                "{SecretId: secretId, VersionStage: each, RemoveFromVersionId: versionId}",
                each=Read(
                    "list_secret_version_ids",
                    "{SecretId: secretId, IncludeDeprecated: `true`}",
                    "Versions[?VersionId=='$versionId'].VersionStages[] | [?@!='AWSCURRENT']",
                ),
            ),
        ),
        gone=("ResourceNotFoundException", "InvalidRequestException"),
        id_pattern=r"(?P<secretId>[^|]+)\|(?P<versionId>.+)",
    ),
)
