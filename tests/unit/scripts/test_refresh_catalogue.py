"""How the dated facts are read again."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from moto import mock_aws

from planning.catalogue import FILE
from scripts import refresh_catalogue
from tests.unit.scripts.catalogue_answers import ANSWERS, Aws

REGION = "eu-west-1"
PINNED = json.loads(FILE.read_text(encoding="utf-8"))["eks_add_ons"]["facts"]["1.36"]
NEW = [
    'eks: 1.37: new: {"standard_support_ends": null}',
    f"eks_add_ons: 1.36: {json.dumps(PINNED)} -> {json.dumps({**PINNED, 'second_hand': False, 'metrics-server': 'v0.9.1-eksbuild.1'})}",
    'db_instance_classes: db.z9.large: new: {"vcpus": null, "memory_gib": null}',
    'cache_node_types: cache.r9g.large: new: {"memory_gib": null}',
]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    made = Aws(BaseClient._make_api_call)  # pyright: ignore[reportPrivateUsage]  # where a Stubber would not know the region

    def call(client: Any, operation: str, parameters: Any) -> Any:
        return made.call(client, operation, parameters)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    for name, value in (("AWS_ACCESS_KEY_ID", "testing"), ("AWS_SECRET_ACCESS_KEY", "testing")):
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(FILE, tmp_path))


def facts(file: Path, section: str) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))[section]["facts"]


def run(file: Path, *arguments: str) -> int:
    return refresh_catalogue.main([*arguments, "--region", REGION], file)


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("aws")
def test_a_refresh_adds_what_is_new_and_loses_nothing(file: Path) -> None:
    before = json.loads(file.read_text(encoding="utf-8"))
    assert run(file) == 0
    for name, section in before.items():
        assert facts(file, name).items() >= {key: fact for key, fact in section["facts"].items() if key != "1.36"}.items(), name
    assert facts(file, "eks")["1.37"] == {"standard_support_ends": None}
    assert "1.38" not in facts(file, "eks")
    assert facts(file, "cache_node_types")["cache.r9g.large"] == {"memory_gib": None}
    assert "cache.m1.small" not in facts(file, "cache_node_types")


@pytest.mark.usefixtures("aws")
def test_an_add_on_is_pinned_to_awss_default_and_one_that_is_not_used_to_nothing(file: Path) -> None:
    run(file)
    assert facts(file, "eks_add_ons")["1.36"] == {**PINNED, "second_hand": False, "metrics-server": "v0.9.1-eksbuild.1"}


def test_days_are_those_of_utc(aws: Aws, file: Path) -> None:
    run(file)
    assert facts(file, "eks")["1.36"] == {"standard_support_ends": "2027-08-02"}
    assert facts(file, "mysql")["8.4"] == {"standard_support_ends": "2029-07-31"}


def test_gpus_families_and_sizes_are_those_that_motos_ec2_describes(aws: Aws, file: Path) -> None:
    known = json.loads(file.read_text(encoding="utf-8"))
    for section, name in (
        ("gpu_instance_types", "g5g.16xlarge"),
        ("families_without_gpus", "g6f"),
        ("db_instance_classes", "db.m7g.large"),
    ):
        del known[section]["facts"][name]
    file.write_text(json.dumps(known), encoding="utf-8")
    for operation in ("DescribeInstanceTypes", "DescribeAvailabilityZones"):
        del aws.answers[operation]
    with mock_aws():
        assert run(file) == 0
    assert facts(file, "gpu_instance_types")["g5g.16xlarge"] == {"gpus": 2, "gpu": "T4g", "vcpus": 64, "architecture": "arm64"}
    assert facts(file, "families_without_gpus")["g6f"] == {"gpus": 0}
    assert facts(file, "db_instance_classes")["db.m7g.large"] == {"vcpus": 2, "memory_gib": 8.0}


@pytest.mark.usefixtures("aws")
def test_a_type_with_gpus_of_another_make_is_in_neither_list(file: Path) -> None:
    run(file)
    assert "g4ad.xlarge" not in facts(file, "gpu_instance_types")
    assert "g4ad" not in facts(file, "families_without_gpus")


@pytest.mark.usefixtures("aws")
def test_the_sections_read_have_the_day_of_the_refresh(file: Path) -> None:
    known = json.loads(file.read_text(encoding="utf-8"))
    for section in known.values():
        section["read_on"] = "2026-01-01"
    file.write_text(json.dumps(known), encoding="utf-8")
    earliest = f"{datetime.now(UTC):%Y-%m-%d}"
    run(file)
    now = json.loads(file.read_text(encoding="utf-8"))
    assert {section["read_on"] >= earliest for section in now.values()} == {True}
    assert {section["sources"][-1] for section in now.values()} == {f"asked of AWS: in {REGION}"}


@pytest.mark.usefixtures("aws")
def test_a_check_says_what_differs_and_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert run(file, "--check") == 1
    assert file.read_bytes() == before
    said = lines(capsys)
    assert said[:-1] == NEW
    assert said[-1] == "9 of 9 sections were read, 4 facts differ; nothing was written"


@pytest.mark.usefixtures("aws")
def test_a_check_right_after_a_refresh_finds_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(file)
    lines(capsys)
    assert run(file, "--check") == 0
    assert lines(capsys) == ["9 of 9 sections were read, 0 facts differ; nothing was written"]


def test_a_section_that_may_not_be_read_is_kept_whole_and_said(aws: Aws, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = json.loads(file.read_text(encoding="utf-8"))
    before["eks"]["read_on"] = "2026-01-01"
    file.write_text(json.dumps(before), encoding="utf-8")
    aws.denied = {"DescribeClusterVersions"}
    assert run(file) == 2
    now = json.loads(file.read_text(encoding="utf-8"))
    assert now["eks"] == before["eks"]
    assert "cache.r9g.large" in now["cache_node_types"]["facts"]
    said = lines(capsys)
    assert said[0].startswith(f"eks: kept as it was read on 2026-01-01: {REGION}: An error occurred (AccessDenied)")
    assert said[-1].startswith("8 of 9 sections were read, 3 facts changed; the file is written; for the others get the permission")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"clusterVersions": []}, "the answer is empty"),
        ({}, "the answer has no 'clusterVersions'"),
        ({"clusterVersions": [{"clusterType": "eks"}]}, "the answer has no 'clusterVersion'"),
    ],
)
def test_an_answer_that_says_nothing_is_no_answer(
    aws: Aws, file: Path, answer: Any, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.loads(file.read_text(encoding="utf-8"))["eks"]
    aws.answers["DescribeClusterVersions"] = answer
    assert run(file, "--check") == 1
    assert run(file) == 2
    assert json.loads(file.read_text(encoding="utf-8"))["eks"] == before
    assert reason in capsys.readouterr().out


def test_when_nothing_could_be_asked_the_file_is_not_touched(aws: Aws, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    aws.denied = ANSWERS.keys() - {"GetCallerIdentity"}
    for arguments in ([], ["--check"]):
        assert run(file, *arguments) == 2
        assert lines(capsys)[-1].startswith("0 of 9 sections were read, 0 facts differ; nothing was written; for the others")
    assert file.read_bytes() == before


def test_every_region_of_the_file_is_asked_when_none_is_named(aws: Aws, file: Path) -> None:
    refresh_catalogue.main(["--check"], file)
    assert {region for region, operation in aws.asked if operation == "DescribeCacheEngineVersions"} == set(facts(file, "regions"))


def test_an_interrupted_refresh_writes_nothing(aws: Aws, file: Path) -> None:
    before = file.read_bytes()
    aws.answers["DescribeReservedCacheNodesOfferings"] = KeyboardInterrupt()
    assert run(file) == refresh_catalogue.INTERRUPTED
    assert file.read_bytes() == before


def test_without_credentials_nothing_is_asked_and_the_remedy_is_said(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    assert run(file) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == ("refresh_catalogue: AWS cannot be asked (Unable to locate credentials): log in to any account, and run it again\n")
