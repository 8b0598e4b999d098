"""Feast on the platform beside a plain client of the same cache: how long a read of features takes, and how fast they are written."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bench.cloud import Project, cloud, demo, platform
from bench.measure import PAIRS, BenchFailed, Figure, say
from localcloud import toolchain
from localcloud.data_plane import authority
from localcloud.engine import Engine
from localcloud.instance import CHECKOUT, Instance
from localcloud.toolchain.catalogue import FEAST

_STACK = "dev"
_WORKER = Path(__file__).with_name("feast_worker.py")

Ask = Callable[[str], list[float]]


def read(percent: int) -> Figure:
    """So many per cent of the reads take no longer: of all features of one entity, one read after another."""
    taken = _taken()
    return Figure(
        name=f"feast-read-p{percent}",
        unit="ms",
        measured=f"online read of {taken.features} features of one entity through Feast, p{percent}",
        values=[_percentile(times, percent) for times in taken.reads["feast"]],
        compared_to="HMGET of a plain client over TLS",
        others=[_percentile(times, percent) for times in taken.reads["plain"]],
    )


def materialization() -> Figure:
    """Rows that come from the offline store into the online store in a second."""
    taken = _taken()
    return Figure(
        name="feast-materialize",
        unit="rows/s",
        measured=f"materialisation of {taken.rows} rows of {taken.features} features",
        values=[taken.rows / seconds for seconds in taken.materializations["feast"]],
        compared_to="a plain client, pipelined",
        others=[taken.rows / seconds for seconds in taken.materializations["plain"]],
    )


@dataclass(frozen=True)
class _Taken:
    """Seconds, of each client, pair by pair."""

    rows: int
    features: int
    reads: Mapping[str, list[list[float]]] = field(default_factory=lambda: {"plain": [], "feast": []})
    materializations: Mapping[str, list[float]] = field(default_factory=lambda: {"plain": [], "feast": []})


@cache
def _taken() -> _Taken:
    """All that is measured in one cloud: to make it takes longest."""
    if toolchain.data_plane() is None:
        raise BenchFailed("there are no servers behind databases and caches on this machine: `make tools` says why")
    with cloud() as instance, tempfile.TemporaryDirectory() as scratch:
        demo(instance, _STACK)
        with _worker(instance, Path(scratch)) as (shape, ask):
            taken = _Taken(rows=shape["rows"], features=shape["features"])
            for number in range(PAIRS):
                for who in ("plain", "feast"):
                    taken.reads[who].append(ask(f"{who} read"))
                    taken.materializations[who] += ask(f"{who} materialize")
                say(f"  pair {number + 1} of {PAIRS}")
    return taken


@contextmanager
def _worker(instance: Instance, directory: Path) -> Generator[tuple[dict[str, int], Ask]]:
    """Feast as it is configured for whoever materialises, and how many rows and features it has; as the account's root on S3."""
    project = platform(instance, _STACK)
    _feast(project, directory, "admin", ["-m", "feast.cli.cli", "registry", "create-schema"])
    environment = _configured(project, directory, "writer")
    log = directory / "log"
    with log.open("w") as errors:
        worker = subprocess.Popen(
            [str(FEAST.python), str(_WORKER)], cwd=directory, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    with worker:
        assert worker.stdin is not None
        assert worker.stdout is not None

        def answer() -> Any:
            line = worker.stdout.readline() if worker.stdout else ""
            if not line:
                raise BenchFailed(f"Feast ended:\n{log.read_text()[-2000:]}")
            return json.loads(line)

        def ask(question: str) -> list[float]:
            print(question, file=worker.stdin, flush=True)
            return answer()

        yield answer(), ask
        worker.stdin.close()
