"""Pushes what a customer just did to the online store: `python push_activity.py CUSTOMER_ID APPLICATIONS SPEND DECLINED`.

A consumer of the feature event stream does this for each event that it takes. It reads feature_store.yaml in the working directory.
"""

import argparse
from datetime import UTC, datetime

import pandas as pd
from feast import FeatureStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customer_id", type=int)
    parser.add_argument("applications_24h", type=int)
    parser.add_argument("spend_1h", type=float)
    parser.add_argument("declined_payments_1h", type=int)
    event = pd.DataFrame([{**vars(parser.parse_args()), "as_of": datetime.now(UTC)}])
    FeatureStore(repo_path=".").push("activity_events", event)


if __name__ == "__main__":
    main()
