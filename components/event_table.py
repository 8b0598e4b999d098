"""How events that lie in a bucket are queried."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from planning.events import INPUT_FORMAT, OUTPUT_FORMAT, SERDE, Kind


@dataclass(frozen=True, kw_only=True)
class EventTableArgs:
    database: pulumi.Input[str]
    kind: Kind
    bucket: pulumi.Input[str]
    properties: Mapping[str, str]
    """How its days are found: planning.events.projection."""


class EventTable(pulumi.ComponentResource):
    """A table of the Glue catalog over JSON objects, one folder a day: new days are in it by themselves, without a crawler."""

    def __init__(self, name: str, args: EventTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:EventTable", name, None, opts)
        aws.glue.CatalogTable(
            name,
            name=args.kind.table,
            database_name=args.database,
            description=args.kind.description,
            table_type="EXTERNAL_TABLE",
            parameters={"EXTERNAL": "TRUE", **args.properties},
            partition_keys=[aws.glue.CatalogTablePartitionKeyArgs(name="day", type="string")],
            storage_descriptor=aws.glue.CatalogTableStorageDescriptorArgs(
                location=pulumi.Output.format("s3://{0}/{1}", args.bucket, args.kind.root),
                input_format=INPUT_FORMAT,
                output_format=OUTPUT_FORMAT,
                compressed=True,
                ser_de_info=aws.glue.CatalogTableStorageDescriptorSerDeInfoArgs(serialization_library=SERDE),
                columns=[
                    aws.glue.CatalogTableStorageDescriptorColumnArgs(name=each.name, type=each.type, comment=each.comment or None)
                    for each in args.kind.columns
                ],
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
