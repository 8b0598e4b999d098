"""Features of credit decisions: what the bureau and our own books say of a customer each night, and what happened in the last hours.

`feast apply` reads this file. OFFLINE_STORE is where the project's tables are in the offline store: `s3://BUCKET/PROJECT`, as the
platform's contract publishes it.
"""

import os
from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, Field, FileSource, PushSource, ValueType
from feast.types import Bool, Float64, Int64

_OFFLINE_STORE = os.environ["OFFLINE_STORE"]

customer = Entity(name="customer", join_keys=["customer_id"], value_type=ValueType.INT64)

credit_history = FileSource(name="credit_history", path=f"{_OFFLINE_STORE}/credit_history.parquet", timestamp_field="as_of")
activity_history = FileSource(name="activity_history", path=f"{_OFFLINE_STORE}/activity_history.parquet", timestamp_field="as_of")
# Events of the last minutes are pushed; the nightly table of the same shape is what materialisation and training read.
activity_events = PushSource(name="activity_events", batch_source=activity_history)

customer_credit = FeatureView(
    name="customer_credit",
    entities=[customer],
    # How far back training and materialisation look. An online read does not look at it: it returns the last value, however old.
    ttl=timedelta(days=35),
    schema=[
        Field(name="bureau_score", dtype=Int64),
        Field(name="utilisation", dtype=Float64),
        Field(name="delinquencies_12m", dtype=Int64),
        Field(name="open_accounts", dtype=Int64),
        Field(name="months_on_book", dtype=Int64),
        Field(name="income_verified", dtype=Bool),
    ],
    source=credit_history,
)

customer_activity = FeatureView(
    name="customer_activity",
    entities=[customer],
    ttl=timedelta(days=2),
    schema=[
        Field(name="applications_24h", dtype=Int64),
        Field(name="spend_1h", dtype=Float64),
        Field(name="declined_payments_1h", dtype=Int64),
    ],
    source=activity_events,
)

# What one version of the decision model reads: a new version of the model gets a service of its own.
credit_decision_v1 = FeatureService(name="credit_decision_v1", features=[customer_credit, customer_activity])
