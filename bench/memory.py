"""How much memory a local cloud takes."""

import re
from pathlib import Path

from bench.cloud import cloud
from bench.measure import BenchFailed
from localcloud import emulator, lifecycle
from localcloud.instance import Instance
from localcloud.kubernetes import control_plane
from localcloud.kubernetes.control_plane import ClusterKey

_VERSION = "1.36"


def idle_mib(clusters: int) -> float:
    """MiB of an otherwise empty cloud with so many control planes, each page counted once (PSS), once all of them answer."""
    with cloud() as instance:
        lifecycle.start(instance, lambda _: None)
        for number in range(clusters):
            key = ClusterKey("000000000001", "eu-west-1", f"bench-{number}")
            control_plane.start(instance, key, _VERSION, service_cidr="172.20.0.0/16")
        return _held_mib(instance)


def _held_mib(instance: Instance) -> float:
    """Of every process that has the instance's directory or runs in a session that the instance started."""
    sessions = {int(match) for path in instance.directory.glob("run/*.json") for match in re.findall(r'"pid": (\d+)', path.read_text())}
    if not sessions:
        raise BenchFailed(f"nothing of {emulator.NAME} runs in {instance.directory}")
    return sum(_pss_mib(process) for process in Path("/proc").glob("[0-9]*") if _session(process) in sessions)


def _session(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[3])
    except (FileNotFoundError, ProcessLookupError):
        return -1


def _pss_mib(process: Path) -> float:
    lines = (process / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
