"""Dated facts about AWS that decisions rest on. What ages is in catalogue.json, each section with its sources and the day it was read.

`scripts/refresh_catalogue.py` reads that file's facts again. What no call of AWS answers is here, with its source.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

FILE = Path(__file__).with_suffix(".json")
FRESH_DAYS = 90

Engine: TypeAlias = Literal["eks", "mysql", "valkey"]


@dataclass(frozen=True)
class DbInstanceClass:
    """An RDS instance class that runs MySQL, in one region at least. None: not known."""

    vcpus: int | None
    memory_gib: float | None


@dataclass(frozen=True)
class CacheNodeType:
    """An ElastiCache node type that runs Valkey, in one region at least."""

    memory_gib: float | None
    """What data and the engine's own overhead share. None: not known."""


@dataclass(frozen=True)
class GpuInstance:
    """An EC2 instance type with whole NVIDIA GPUs, in one region at least."""

    gpus: int
    gpu: str
    """The GPU's name, as EC2 has it."""
    vcpus: int
    architecture: str
    """`amd64` or `arm64`, as Kubernetes has it."""


_sections: Mapping[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def _facts(section: str) -> Mapping[str, Mapping[str, Any]]:
    return _sections[section]["facts"]


def _support_ends(engine: Engine) -> Mapping[str, date | None]:
    ends = {version: fact["standard_support_ends"] for version, fact in _facts(engine).items()}
    return {version: None if day is None else date.fromisoformat(day) for version, day in ends.items()}


READ_ON = min(date.fromisoformat(section["read_on"]) for section in _sections.values())
"""The day on which the oldest of the facts was read."""

ZONES: Mapping[str, tuple[str, ...]] = {region: tuple(fact["zones"]) for region, fact in _facts("regions").items()}
"""The availability zones of each region, of all accounts together: local zones and wavelength zones are left out."""

ACCOUNTS_DIFFER = frozenset(region for region, fact in _facts("regions").items() if fact["accounts_differ"])
"""Regions where an account may lack some of the ZONES: which ones are used has to be said per environment."""

EKS = _support_ends("eks")
"""Kubernetes minor versions, oldest first, with the day on which EKS's standard support ends. None: not known."""

EKS_ADD_ONS: Mapping[str, Mapping[str, str]] = {
    minor: {name: version for name, version in fact.items() if name != "second_hand"} for minor, fact in _facts("eks_add_ons").items()
}
"""By Kubernetes minor version, the version of each EKS add-on that is AWS's default there. A minor marked `second_hand` in the
file was not asked of AWS: its versions are those that public programs pin."""

MYSQL = _support_ends("mysql")
"""MySQL's major versions, oldest first, with the day on which RDS's standard support ends. None: not known."""

VALKEY = _support_ends("valkey")
"""Valkey's versions, oldest first, with the day on which ElastiCache's standard support ends. None: none was announced."""

VALKEY_PARAMETER_GROUP_FAMILIES: Mapping[str, str] = {version: fact["parameter_group_family"] for version, fact in _facts("valkey").items()}
"""Which parameter groups a version takes."""

DB_INSTANCE_CLASSES: Mapping[str, DbInstanceClass] = {name: DbInstanceClass(**fact) for name, fact in _facts("db_instance_classes").items()}
CACHE_NODE_TYPES: Mapping[str, CacheNodeType] = {name: CacheNodeType(**fact) for name, fact in _facts("cache_node_types").items()}
GPU_INSTANCE_TYPES: Mapping[str, GpuInstance] = {name: GpuInstance(**fact) for name, fact in _facts("gpu_instance_types").items()}

_ENGINES: Mapping[Engine, Mapping[str, date | None]] = {"eks": EKS, "mysql": MYSQL, "valkey": VALKEY}


def gpus(instance_type: str) -> int | None:
    """How many whole NVIDIA GPUs an EC2 instance type has. None: the type is not known."""
    if instance_type in GPU_INSTANCE_TYPES:
        return GPU_INSTANCE_TYPES[instance_type].gpus
    family, _, size = instance_type.partition(".")
    return 0 if size and family in _facts("families_without_gpus") else None


def support_ended(engine: Engine, version: str, today: date) -> date | None:
    """The day on which standard support of a version ended, that day included. None: it has not, or nobody knows when it will.

    Raises KeyError for a version that is not in the catalogue.
    """
    ends = _ENGINES[engine][version]
    return ends if ends is not None and ends <= today else None


def next_version(engine: Engine, version: str, today: date) -> str | None:
    """The oldest version after this one whose standard support has not ended. None: there is none, or `version` is no number."""
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        return None
    later = [each for each in _ENGINES[engine] if _number(each) > _number(version)]
    return next((each for each in later if support_ended(engine, each, today) is None), None)


def age_warning(today: date | None = None) -> str | None:
    """What to tell people once the facts are older than 90 days on `today`, which is the current day (UTC) if it is not given."""
    days = ((today or datetime.now(UTC).date()) - READ_ON).days
    if days <= FRESH_DAYS:
        return None
    read = f"the facts about AWS in planning/{FILE.name} were read on {READ_ON}, {days} days ago, over {FRESH_DAYS}"
    return f"{read}: refresh them with scripts/refresh_catalogue.py"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


# https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html#auto-supported-labels, read November 2026.
# The Karpenter CRD accepts more keys than Auto Mode acts on: a NodePool with another one launches nothing.
AUTO_MODE_REQUIREMENT_KEYS: frozenset[str] = frozenset(
    {
        "eks.amazonaws.com/compute-type",
        "eks.amazonaws.com/instance-category",
        "eks.amazonaws.com/instance-cpu",
        "eks.amazonaws.com/instance-cpu-manufacturer",
        "eks.amazonaws.com/instance-ebs-bandwidth",
        "eks.amazonaws.com/instance-encryption-in-transit-supported",
        "eks.amazonaws.com/instance-family",
        "eks.amazonaws.com/instance-generation",
        "eks.amazonaws.com/instance-gpu-count",
        "eks.amazonaws.com/instance-gpu-manufacturer",
        "eks.amazonaws.com/instance-gpu-memory",
        "eks.amazonaws.com/instance-gpu-name",
        "eks.amazonaws.com/instance-hypervisor",
        "eks.amazonaws.com/instance-local-nvme",
        "eks.amazonaws.com/instance-memory",
        "eks.amazonaws.com/instance-network-bandwidth",
        "eks.amazonaws.com/instance-size",
        "karpenter.sh/capacity-type",
        "kubernetes.io/arch",
        "node.kubernetes.io/instance-type",
        "topology.kubernetes.io/zone",
    }
)

# https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html#_disruption, read November 2026: Auto Mode ends instances
# after 336 hours (14 days), so that they are patched. We never ask for longer.
NODE_LIFETIME_HOURS = 336
