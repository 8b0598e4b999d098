"""Prints what the decision model reads of customers, a line of JSON each: `python read_online.py CUSTOMER_ID...`.

It reads feature_store.yaml in the working directory.
"""

import argparse
import json

from feast import FeatureStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customer_id", type=int, nargs="+")
    customers: list[int] = parser.parse_args().customer_id
    store = FeatureStore(repo_path=".")
    service = store.get_feature_service("credit_decision_v1")
    answer = store.get_online_features(service, entity_rows=[{"customer_id": customer} for customer in customers]).to_dict()
    for row in zip(*answer.values(), strict=True):
        print(json.dumps(dict(zip(answer, row, strict=True))))


if __name__ == "__main__":
    main()
