"""Prints what the decision model reads of a customer, as JSON: `python read_online.py CUSTOMER_ID`, beside feature_store.yaml."""

import argparse
import json

from feast import FeatureStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customer_id", type=int)
    store = FeatureStore(repo_path=".")
    service = store.get_feature_service("credit_decision_v1")
    answer = store.get_online_features(service, entity_rows=[{"customer_id": parser.parse_args().customer_id}])
    print(json.dumps({name: values[0] for name, values in answer.to_dict().items()}))


if __name__ == "__main__":
    main()
