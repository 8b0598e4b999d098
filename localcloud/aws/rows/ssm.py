"""Systems Manager: parameters."""

from __future__ import annotations

from localcloud.aws.row import Call, Effect, Read, Row

ROWS = (
    Row(
        "aws:ssm/parameter:Parameter",
        service="ssm",
        id="name",
        create=(
            Call(
                "put_parameter",
                """{Name: name, Type: type, Value: value || insecureValue, Description: description, KeyId: keyId, Tier: tier,
                    AllowedPattern: allowedPattern, DataType: dataType, Overwrite: overwrite,
                    Tags: (!overwrite && tagsAll) || `null`}""",
            ),
            # AWS refuses tags together with Overwrite.
            Call("add_tags_to_resource", "{ResourceType: 'Parameter', ResourceId: id, Tags: tagsAll}", when="overwrite && tagsAll"),
        ),
        read=(
            Read(
                "get_parameter",
                "{Name: id, WithDecryption: `true`}",
                # As the official provider: the value goes under the name that the program gave it, so that a secret stays one; on
                # import, when nothing is given, it is taken for a secret.
                """{name: Parameter.Name, type: Parameter.Type, version: Parameter.Version, arn: Parameter.ARN,
                    dataType: Parameter.DataType,
                    insecureValue: (given.insecureValue && Parameter.Type!='SecureString' && Parameter.Value) || `null`,
                    value: (!(given.insecureValue && Parameter.Type!='SecureString') && Parameter.Value) || `null`}""",
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
        replaced_when={"tier": "old.tier == 'Advanced' && new.tier == 'Standard'"},
        unread={"overwrite": Effect("a parameter that is there already is taken over")},
    ),
)
