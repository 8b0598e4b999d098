"""Measures Feast and a plain client in one process, beside feature_store.yaml; Feast's own Python runs it, not the project's.

It begins by making a table of invented features in the offline store (OFFLINE_STORE), registering them and materialising them. Then each
line that it is given names a measurement, and it answers with a line of JSON: seconds, one for each time.
"""
# Feast is not in the environment that checks the types.
# pyright: reportMissingImports=false

import json
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import mmh3
import numpy as np
import pandas as pd
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.infra.key_encoding_utils import serialize_entity_key
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from feast.types import Float64
from google.protobuf.timestamp_pb2 import Timestamp
from redis.cluster import ClusterNode, RedisCluster

VIEW, KEY = "bench", "bench_id"
FEATURES = [f"feature_{number}" for number in range(100)]
ROWS = 2000
READS = 1000
WARM_UP = 50


class Bench:
    """The features, and the same hashes under a plain client: what either of them writes, the other one reads."""

    def __init__(self) -> None:
        self.store = FeatureStore(repo_path=".")
        self.plain = _plain_client(self.store.config.online_store.connection_string)
        self.fields = [_field(name) for name in FEATURES]
        self.table = f"{os.environ['OFFLINE_STORE']}/{VIEW}.parquet"
        self.as_of = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
        entity = Entity(name=KEY, join_keys=[KEY], value_type=ValueType.INT64)
        schema = [Field(name=name, dtype=Float64) for name in FEATURES]
        source = FileSource(name=VIEW, path=self.table, timestamp_field="as_of")
        view = FeatureView(name=VIEW, entities=[entity], ttl=timedelta(days=30), schema=schema, source=source)
        self.service = FeatureService(name=VIEW, features=[view])
        self.write_table()
        self.store.apply([entity, source, view, self.service])
        self.feast_materialize()

    def write_table(self) -> None:
        """The next version of each row: Feast does not write again what has the time that is there already."""
        self.as_of += timedelta(minutes=1)
        self.values = np.random.default_rng(seed=7).random((ROWS, len(FEATURES)))
        key = {KEY: np.arange(ROWS, dtype=np.int64), "as_of": pd.Series([pd.Timestamp(self.as_of)] * ROWS)}
        pd.DataFrame({**key, **dict(zip(FEATURES, self.values.T, strict=True))}).to_parquet(self.table, index=False)

    def feast_materialize(self) -> None:
        # What it prints is not an answer.
        stdout, sys.stdout = sys.stdout, sys.stderr
        try:
            self.store.materialize(self.as_of - timedelta(seconds=1), self.as_of + timedelta(seconds=1), feature_views=[VIEW])
        finally:
            sys.stdout = stdout

    def plain_materialize(self) -> None:
        table = pd.read_parquet(self.table)
        pipeline = self.plain.pipeline()
        for key, as_of, *values in table.itertuples(index=False):
            moment = Timestamp(seconds=int(as_of.timestamp())).SerializeToString()
            written = {field: Value(double_val=value).SerializeToString() for field, value in zip(self.fields, values, strict=True)}
            pipeline.hset(self.redis_key(key), mapping={f"_ts:{VIEW}": moment, **written})
        pipeline.execute()

    def feast_read(self, key: int) -> list[float]:
        answer = self.store.get_online_features(self.service, entity_rows=[{KEY: key}]).to_dict()
        return [answer[name][0] for name in FEATURES]

    def plain_read(self, key: int) -> list[bytes]:
        return self.plain.hmget(self.redis_key(key), [*self.fields, f"_ts:{VIEW}"])

    def redis_key(self, key: int) -> bytes:
        entity = EntityKey(join_keys=[KEY], entity_values=[Value(int64_val=key)])
        return serialize_entity_key(entity, entity_key_serialization_version=3) + self.store.project.encode()

    def check(self) -> None:
        """Raises AssertionError unless both read what the table has: a read of nothing would be quick."""
        for key in (0, ROWS - 1):
            expected = list(self.values[key])
            assert self.feast_read(key) == expected, key
            assert [Value.FromString(value).double_val for value in self.plain_read(key)[: len(FEATURES)]] == expected, key


def _plain_client(connection_string: str) -> Any:
    address, *options = connection_string.split(",")
    host, port = address.split(":")
    given = dict(option.split("=", 1) for option in options) | {"ssl": True}
    return RedisCluster(startup_nodes=[ClusterNode(host, int(port))], **given)


def _field(feature: str) -> bytes:
    return struct.pack("<I", mmh3.hash(f"{VIEW}:{feature}", signed=False))


def _reads(read: Callable[[int], object]) -> Iterator[float]:
    for number, key in enumerate(np.random.default_rng(seed=11).integers(0, ROWS, WARM_UP + READS)):
        began = time.perf_counter()
        read(int(key))
        if number >= WARM_UP:
            yield time.perf_counter() - began


def _once(work: Callable[[], None]) -> Iterator[float]:
    began = time.perf_counter()
    work()
    yield time.perf_counter() - began


def main() -> None:
    bench = Bench()
    bench.check()
    print(json.dumps({"rows": ROWS, "features": len(FEATURES), "reads": READS}), flush=True)
    for line in sys.stdin:
        who, _, what = line.strip().partition(" ")
        if what == "read":
            taken = list(_reads(bench.feast_read if who == "feast" else bench.plain_read))
        else:
            bench.write_table()
            taken = list(_once(bench.feast_materialize if who == "feast" else bench.plain_materialize))
            bench.check()
        print(json.dumps(taken), flush=True)


if __name__ == "__main__":
    main()
