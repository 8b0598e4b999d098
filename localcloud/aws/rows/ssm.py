"""Systems Manager: parameters."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

ROWS = (
    Row(
        "aws:ssm/parameter:Parameter",
        service="ssm",
        id="name",
        create=(
            Call(
                "put_parameter",
                """{Name: name, Type: type, Value: value || insecureValue, Description: description, KeyId: keyId, Tier: tier,
                    AllowedPattern: allowedPattern, DataType: dataType, Overwrite: overwrite, Tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "get_parameter",
                "{Name: id, WithDecryption: `true`}",
                """Parameter.{name: Name, type: Type, value: Value, insecureValue: [@][?Type!='SecureString'] | [0].Value, version: Version,
                    arn: ARN, dataType: DataType}""",
            ),
            Read(
                "describe_parameters",
                "{ParameterFilters: [{Key: 'Name', Option: 'Equals', Values: [id]}]}",
                "Parameters[0].{description: Description, keyId: KeyId, tier: Tier, allowedPattern: AllowedPattern}",
            ),
        ),
        update=(
            Call(
                "put_parameter",
                """{Name: id, Type: type, Value: value || insecureValue, Description: description, KeyId: keyId, Tier: tier,
                    AllowedPattern: allowedPattern, Overwrite: `true`}""",
            ),
        ),
        delete=(Call("delete_parameter", "{Name: id}"),),
        gone=("ParameterNotFound",),
        tags="ssm",
        unread={"overwrite": "an argument of the create call"},
    ),
)
