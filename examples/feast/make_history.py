"""Writes an invented history of so many customers to the offline store: `python make_history.py CUSTOMERS`.

The rows are the same each time, apart from their date, which is one hour ago.
"""

import argparse
import os
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd


def history(customers: int, as_of: datetime) -> dict[str, pd.DataFrame]:
    """The tables by name, with customers numbered from 1."""
    random = np.random.default_rng(seed=7)
    key = {"customer_id": np.arange(1, customers + 1, dtype=np.int64), "as_of": pd.Series([pd.Timestamp(as_of)] * customers)}
    credit = {
        "bureau_score": random.integers(300, 851, customers),
        "utilisation": random.uniform(0, 1, customers).round(3),
        "delinquencies_12m": random.poisson(0.3, customers),
        "open_accounts": random.integers(1, 12, customers),
        "months_on_book": random.integers(0, 240, customers),
        "income_verified": random.random(customers) < 0.7,
    }
    activity = {
        "applications_24h": random.poisson(0.1, customers),
        "spend_1h": random.exponential(20, customers).round(2),
        "declined_payments_1h": random.poisson(0.05, customers),
    }
    return {"credit_history": pd.DataFrame({**key, **credit}), "activity_history": pd.DataFrame({**key, **activity})}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("customers", type=int)
    for name, table in history(parser.parse_args().customers, datetime.now(UTC) - timedelta(hours=1)).items():
        table.to_parquet(f"{os.environ['OFFLINE_STORE']}/{name}.parquet", index=False)


if __name__ == "__main__":
    main()
