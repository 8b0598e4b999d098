"""Events on their way to S3: what they say, where they lie, and how Athena finds them there."""

from collections.abc import Mapping
from dataclasses import dataclass

FIRST_DAY = "2026-11-01"
"""Before any event of any environment."""

ERRORS = "errors/"
"""Below it: what could not be delivered as it should."""

# Firehose's: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html. Days are UTC's, of when an event arrived.
_DAY = "day=!{timestamp:yyyy-MM-dd}/"
ERROR_PREFIX = f"{ERRORS}!{{firehose:error-output-type}}/{_DAY}"

# One JSON text a line, as it was written: what a table does not name stays in the object.
# https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
SERDE = "org.openx.data.jsonserde.JsonSerDe"
INPUT_FORMAT = "org.apache.hadoop.mapred.TextInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    comment: str


@dataclass(frozen=True)
class Kind:
    """A kind of event: the table that it is read from, and the columns that it is promised to have."""

    table: str
    description: str
    columns: tuple[Column, ...]

    @property
    def root(self) -> str:
        return f"{self.table}/"

    @property
    def prefix(self) -> str:
        """Where Firehose puts them: one folder a day."""
        return f"{self.root}{_DAY}"


_TIME = "ISO 8601, UTC"
FEATURE_EVENTS = Kind(
    "feature_events",
    "Fresh feature values, as they were pushed",
    (
        Column("event_id", "string", "Unique: an event can be delivered twice"),
        Column("project", "string", "Feast's name of the project"),
        Column("feature_view", "string", ""),
        Column("event_timestamp", "string", _TIME),
        Column("entity_keys", "map<string,string>", ""),
        Column("features", "map<string,string>", "By the feature's name"),
    ),
)
DECISIONS = Kind(
    "decisions",
    "What was decided, and on which features",
    (
        Column("decision_id", "string", "Unique: an event can be delivered twice"),
        Column("decided_at", "string", _TIME),
        Column("project", "string", "Feast's name of the project"),
        Column("model", "string", ""),
        Column("model_version", "string", ""),
        Column("entity_keys", "map<string,string>", ""),
        Column("features", "map<string,string>", "What the model was given, by the feature's name"),
        Column("score", "double", ""),
        Column("outcome", "string", ""),
        Column("reasons", "array<string>", ""),
    ),
)


def projection(bucket: str, kind: Kind, kept_days: int | None) -> Mapping[str, str]:
    """Properties of a table by which Athena knows its days without a crawler: those that can still have objects, or all.

    https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html#partition-projection-date-type
    """
    # Lifecycles end an object at the midnight after its days are over.
    first = FIRST_DAY if kept_days is None else f"NOW-{kept_days + 1}DAYS"
    return {
        "classification": "json",
        "compressionType": "gzip",
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": f"{first},NOW",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "DAYS",
        "storage.location.template": f"s3://{bucket}/{kind.root}day=${{day}}/",
    }
