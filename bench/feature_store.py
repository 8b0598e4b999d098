"""Feast on the platform beside a plain client of the same cache: how long a read of features takes, and how fast they are written."""

import json
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
from bench.measure import PAIRS, BenchFailed, Figure, say, seconds
from localcloud import toolchain
from localcloud.data_plane import authority
from localcloud.engine import Engine
from localcloud.instance import CHECKOUT, Instance
from localcloud.toolchain.catalogue import FEAST

_STACK = "dev"
_WORKER = Path(__file__).with_name("feature_store_worker.py")

Ask = Callable[[str], list[float]]


def read(percent: int) -> Figure:
    """So many per cent of the reads take no longer: of all features of one entity, one read after another."""
    taken = _taken()
    return Figure(
        name=f"feast-read-p{percent}",
        unit="ms",
        measured=f"online read of {taken.features} features of one entity through Feast, p{percent}",
        values=[percentile(times, percent) for times in taken.reads["feast"]],
        compared_to="HMGET of a plain client over TLS",
        others=[percentile(times, percent) for times in taken.reads["plain"]],
    )


def materialization() -> Figure:
    """Rows that come from the offline store into the online store in a second."""
    taken = _taken()
    return Figure(
        name="feast-materialize",
        unit="rows/s",
        measured=f"materialisation of {taken.rows} rows of {taken.features} features",
        values=[taken.rows / taken_seconds for taken_seconds in taken.materializations["feast"]],
        compared_to="a plain client, pipelined",
        others=[taken.rows / taken_seconds for taken_seconds in taken.materializations["plain"]],
    )


@dataclass(frozen=True)
class _Taken:
    """Seconds, of each client, pair by pair."""

    rows: int
    features: int
    reads: dict[str, list[list[float]]] = field(default_factory=lambda: {"plain": [], "feast": []})
    materializations: dict[str, list[float]] = field(default_factory=lambda: {"plain": [], "feast": []})


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
    """Feast for whoever materialises, and how many rows and features it has. On S3 it is the account's root, for it makes history too."""
    project = platform(instance, _STACK)
    variables = _configured(instance, project, directory, "admin", {"REGISTRY": "ddl"})
    seconds([str(FEAST.executable), "registry", "create-schema"], directory, variables)
    variables = _configured(instance, project, directory, "writer", {"REGISTRY": "dml", "ONLINE_STORE": "writer"})
    log = directory / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [str(FEAST.python), str(_WORKER)], cwd=directory, env=variables, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
        ) as worker,
    ):  # fmt: skip
        assert worker.stdin is not None
        assert worker.stdout is not None
        questions, answers = worker.stdin, worker.stdout

        def answer() -> Any:
            line = answers.readline()
            if not line:
                raise BenchFailed(f"Feast ended:\n{log.read_text()[-2000:]}")
            return json.loads(line)

        def ask(question: str) -> list[float]:
            print(question, file=questions, flush=True)
            return answer()

        yield answer(), ask
        questions.close()


def _configured(instance: Instance, project: Project, directory: Path, role: str, rights: Mapping[str, str]) -> dict[str, str]:
    """Writes feature_store.yaml, and returns the environment for it; `rights`: what the user of REGISTRY and of ONLINE_STORE may do."""
    store = Engine(project.directory, project.environment).json("stack", "output", "--json", "--stack", project.stack)["feature_store"]
    name, feast = next(iter(store["projects"].items()))
    certificates = str(authority.file(instance))
    configure = [sys.executable, str(CHECKOUT / "scripts" / "feast_config.py"), project.stack, "--project", name, "--role", role]
    configure += ["--registry-ca", certificates, "--online-store-ca", certificates]
    (directory / "feature_store.yaml").write_text(_said(configure, project))
    prefixes = {
        "REGISTRY": f"{store['registry_secret_prefix']}{feast['database']}_",
        "ONLINE_STORE": f"{store['online_store_secret_prefix']}{name}-",
    }
    found = {"OFFLINE_STORE": f"s3://{store['offline_bucket']}/{feast['project']}"}
    for of, right in rights.items():
        get = ["aws", "secretsmanager", "get-secret-value", "--secret-id", prefixes[of] + right, "--query", "SecretString"]
        secret = json.loads(_said([*get, "--output", "text"], project))
        found |= {f"{of}_USERNAME": secret["username"], f"{of}_PASSWORD": secret["password"]}
    return {**project.environment, **found}


def _said(argv: Sequence[str], project: Project) -> str:
    """What a command printed. Raises BenchFailed."""
    done = subprocess.run(argv, cwd=project.directory, env={**project.environment}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchFailed(f"`{' '.join(argv)}` ended with {done.returncode}: {done.stderr}")
    return done.stdout


def percentile(times: Sequence[float], percent: int) -> float:
    """In milliseconds."""
    return 1000 * statistics.quantiles(times, n=100, method="inclusive")[percent - 1]
