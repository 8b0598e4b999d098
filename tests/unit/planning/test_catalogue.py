import json
import runpy
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from planning import catalogue

SECTIONS: Mapping[str, Any] = json.loads(catalogue.FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_says_where_and_when_it_was_read(section: str) -> None:
    assert SECTIONS[section].keys() == {"read_on", "sources", "facts"}
    assert date.fromisoformat(SECTIONS[section]["read_on"]) >= date(2026, 11, 23)
    assert any(source.startswith("https://") for source in SECTIONS[section]["sources"])
    assert SECTIONS[section]["facts"]


def test_the_facts_are_as_old_as_their_oldest_section(tmp_path: Path) -> None:
    aged = {name: {**section, "read_on": "2026-01-01" if name == "eks" else section["read_on"]} for name, section in SECTIONS.items()}
    (tmp_path / catalogue.FILE.name).write_text(json.dumps(aged), encoding="utf-8")
    source = shutil.copy(catalogue.__file__, tmp_path)
    assert runpy.run_path(str(source))["READ_ON"] == date(2026, 1, 1)


@pytest.mark.parametrize("engine", ["eks", "mysql", "valkey"])
def test_versions_are_listed_oldest_first_each_with_a_day_or_null(engine: str) -> None:
    facts = SECTIONS[engine]["facts"]
    numbers = [tuple(map(int, version.split("."))) for version in facts]
    assert numbers == sorted(numbers)
    for fact in facts.values():
        assert fact["standard_support_ends"] is None or date.fromisoformat(fact["standard_support_ends"])


def test_no_end_of_support_comes_before_that_of_an_older_version() -> None:
    for ends in (catalogue.EKS, catalogue.MYSQL):
        known = [day for day in ends.values() if day is not None]
        assert known == sorted(known)


@pytest.mark.parametrize("region", catalogue.ZONES)
def test_zones_are_of_their_region_in_the_order_of_their_letters(region: str) -> None:
    zones = catalogue.ZONES[region]
    assert all(zone[:-1] == region and zone[-1].isalpha() for zone in zones)
    assert list(zones) == sorted(set(zones))
    assert len(zones) >= 2


def test_every_valkey_version_takes_parameter_groups_of_its_major_version() -> None:
    assert catalogue.VALKEY_PARAMETER_GROUP_FAMILIES.keys() == catalogue.VALKEY.keys()
    for version, family in catalogue.VALKEY_PARAMETER_GROUP_FAMILIES.items():
        assert family == f"valkey{version.partition('.')[0]}"


@pytest.mark.parametrize("name", catalogue.GPU_INSTANCE_TYPES)
def test_a_gpu_instance_type_has_gpus(name: str) -> None:
    gpu = catalogue.GPU_INSTANCE_TYPES[name]
    assert gpu.gpus > 0
    assert gpu.gpu
    assert gpu.vcpus > 0
    assert gpu.architecture in {"amd64", "arm64"}


def test_sizes_are_above_zero_or_not_known() -> None:
    for each in catalogue.DB_INSTANCE_CLASSES.values():
        assert each.vcpus is None or each.vcpus > 0
    for each in [*catalogue.DB_INSTANCE_CLASSES.values(), *catalogue.CACHE_NODE_TYPES.values()]:
        assert each.memory_gib is None or each.memory_gib > 0


def test_no_family_is_listed_with_and_without_gpus() -> None:
    assert not {name.partition(".")[0] for name in catalogue.GPU_INSTANCE_TYPES} & SECTIONS["families_without_gpus"]["facts"].keys()


@pytest.mark.parametrize(
    ("instance_type", "gpus"), [("g5.12xlarge", 4), ("c7g.xlarge", 0), ("g6f.xlarge", 0), ("g5.13xlarge", None), ("c7g", None), ("", None)]
)
def test_gpus_of_a_type_are_none_only_when_the_type_is_not_known(instance_type: str, gpus: int | None) -> None:
    assert catalogue.gpus(instance_type) == gpus


def test_support_has_ended_on_the_day_on_which_it_ends() -> None:
    ends = date(2026, 12, 2)
    assert catalogue.support_ended("eks", "1.34", date(2026, 12, 1)) is None
    assert catalogue.support_ended("eks", "1.34", ends) == ends


def test_support_whose_end_nobody_knows_has_not_ended() -> None:
    assert catalogue.VALKEY["7.2"] is None
    assert catalogue.support_ended("valkey", "7.2", date(2099, 1, 1)) is None


@pytest.mark.parametrize(
    ("engine", "version", "following"),
    [
        ("eks", "1.30", "1.34"),  # 1.31 to 1.33 have ended, too
        ("eks", "1.35", "1.36"),
        ("eks", "1.9", "1.34"),
        ("eks", "1.36", None),
        ("eks", "latest", None),
        ("mysql", "8.0", "8.4"),
        ("mysql", "8.0.35", "8.4"),
    ],
)
def test_the_next_version_is_the_oldest_later_one_in_support(engine: catalogue.Engine, version: str, following: str | None) -> None:
    assert catalogue.next_version(engine, version, date(2026, 11, 23)) == following


def test_facts_of_90_days_are_fresh_and_of_91_are_not() -> None:
    assert catalogue.age_warning(catalogue.READ_ON + timedelta(days=90)) is None
    assert catalogue.age_warning(catalogue.READ_ON + timedelta(days=91)) == (
        f"the facts about AWS in planning/catalogue.json were read on {catalogue.READ_ON}, 91 days ago, over 90:"
        " refresh them with scripts/refresh_catalogue.py"
    )
