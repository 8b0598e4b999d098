"""Prints what the offline store has of customers, a line of JSON each: `offline_rows.py CUSTOMER_ID...`."""
# Feast's Python runs it: pandas is not in the environment that checks the types.
# pyright: reportMissingImports=false

import json
import os
import sys

import pandas as pd

store = os.environ["OFFLINE_STORE"]
credit, activity = (pd.read_parquet(f"{store}/{name}.parquet").drop(columns="as_of") for name in ("credit_history", "activity_history"))
rows = credit.merge(activity, on="customer_id").set_index("customer_id")
for customer in map(int, sys.argv[1:]):
    print(json.dumps({"customer_id": customer, **{name: rows.loc[customer, name].item() for name in rows.columns}}))
