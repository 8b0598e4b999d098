#!/usr/bin/env python3
"""Which nodes of ElastiCache hold the features of a platform, with the arithmetic.

    scripts/size_online_store.py --entities 2000000 --features 100 --bytes 9 --growth 50

Each further --project adds what it keeps: ENTITIES,FEATURES,BYTES. Nothing is asked of AWS, and nothing changed. The exit code is 1 for
numbers that fit no cache.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planning.cache_sizing import Load, size
from planning.refusal import Refused


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    loads = [Load(entities=given.entities, features=given.features, bytes=given.bytes, views=given.views), *given.project]
    try:
        found = size(loads, growth_percent=given.growth, replicas=given.replicas, family=given.family)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print("\n".join(found.arithmetic))
    print(f"""
feature_store:
  online_store:
    node_type: {found.node_type}
    shards: {found.shards}
    replicas: {found.replicas}""")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, required=True, help="how many entities have features online")
    parser.add_argument("--features", type=int, required=True, help="features of an entity, in all views together")
    parser.add_argument("--bytes", type=int, required=True, help="of one value, serialised, on average: 5 to 9 for a number")
    parser.add_argument("--views", type=int, default=1, help="feature views of the entity (1)")
    parser.add_argument("--project", type=_project, action="append", default=[], metavar="ENTITIES,FEATURES,BYTES", help="one more project")
    parser.add_argument("--growth", type=int, default=0, metavar="PERCENT", help="how much more is to fit (0)")
    parser.add_argument("--replicas", type=int, default=1, help="of each shard (1); production has 2")
    parser.add_argument("--family", default="r7g", help="of node types (r7g)")
    return parser


def _project(text: str) -> Load:
    try:
        entities, features, bytes_ = (int(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"got `{text}`; expected ENTITIES,FEATURES,BYTES; write it like 1000000,50,9") from None
    return Load(entities=entities, features=features, bytes=bytes_)


if __name__ == "__main__":
    sys.exit(main())
