"""What scripts/cost.py says, at the prices of tests/unit/planning/bills.py."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from planning import prices
from scripts import cost
from tests.unit.conftest import STACKS
from tests.unit.planning.bills import PRICES
from tests.unit.scripts.priced_project import PREVIEW, STATE

# 730 x 0.05 + 100 x 0.04, and 730 x 0.10.
NAT, CLUSTER = "40.5", "73"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's stack files, and a pulumi that exports STATE."""
    (tmp_path / "stacks").mkdir()
    for name in ("Pulumi.dev.yaml", "Pulumi.prod.yaml"):
        shutil.copy(STACKS / name, tmp_path / "stacks")
    (tmp_path / "state.json").write_text(json.dumps(STATE))
    pulumi = tmp_path / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text(f"#!{sys.executable}\nprint(open({str(tmp_path / 'state.json')!r}).read())\n")
    pulumi.chmod(0o755)
    monkeypatch.setattr(prices, "read", lambda: {"eu-west-1": PRICES})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return tmp_path


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert cost.main(["dev", "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def written(project: Path, preview: object) -> str:
    path = project / "preview.json"
    path.write_text(json.dumps(preview))
    return str(path)


def test_the_deployed_stack_is_priced_by_tier(capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys)["tiers"] == {"Clusters": CLUSTER, "FeatureStore": "0", "Network": NAT}


def test_what_is_unpriced_is_named_beside_the_total(capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["dev"]) == 0
    said = capsys.readouterr().out
    (total,) = [line for line in said.splitlines() if line.startswith("total")]
    assert total.split() == ["total", "0.1555", "113.50", "+", "1", "unpriced"]
    assert "events: aws:kinesis/stream:Stream: nothing here knows how AWS bills it" in said


def test_a_preview_is_priced_before_and_after(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    found = document(capsys, "--preview", written(project, PREVIEW))
    assert found["before_tiers"] == {"Clusters": CLUSTER, "FeatureStore": "0", "Network": NAT}
    assert found["tiers"] == {"Clusters": "146", "FeatureStore": "0"}


def test_the_difference_is_said_of_each_tier(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    assert cost.main(["dev", "--preview", written(project, PREVIEW)]) == 0
    rows = {words[0]: words[1:5] for line in capsys.readouterr().out.splitlines() if (words := line.split())}
    assert rows["Network"] == ["0.0000", "0.00", "40.50", "-40.50"]
    assert rows["total"] == ["0.2000", "146.00", "113.50", "+32.50"]


def test_each_assumption_says_where_it_is_from(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    path = project / "stacks" / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("    network:\n", "    usage:\n      nat_gib_per_month: 0\n    network:\n", 1))
    found = document(capsys)
    assert found["usage"]["nat_gib_per_month"] == {"value": 0, "from": "stack file"}
    assert found["usage"]["s3_gib_per_bucket"] == {"value": 50, "from": "default"}
    assert found["tiers"]["Network"] == "36.5"


def test_each_line_has_the_source_of_its_price(capsys: pytest.CaptureFixture[str]) -> None:
    assert {line["source"] for line in document(capsys)["lines"]} == {"a test"}


def test_what_a_bill_leaves_out_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["dev"]) == 0
    assert "data transfer between zones, between regions and to the internet" in capsys.readouterr().out


def test_a_stack_without_a_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cost.main(["other"]) == 2
    assert "got stack `other`; expected one that has a file stacks/Pulumi.other.yaml; name another" in capsys.readouterr().err


def test_a_region_without_prices_is_refused(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    path = project / "stacks" / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("region: eu-west-1", "region: eu-north-1"))
    assert cost.main(["dev"]) == 2
    said = capsys.readouterr().err
    assert "got region eu-north-1; expected one that prices.json has (eu-west-1); run scripts/refresh_prices.py" in said


def test_a_file_that_is_no_preview_is_refused(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "preview.json").write_text("no preview")
    assert cost.main(["dev", "--preview", str(project / "preview.json")]) == 2
    assert "write it with `pulumi preview --json --show-sames`" in capsys.readouterr().err


def test_a_preview_that_leaves_out_what_stays_is_refused(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    assert cost.main(["dev", "--preview", written(project, {**PREVIEW, "changeSummary": {"same": 3}})]) == 2
    assert "preview with --show-sames" in capsys.readouterr().err


def test_a_state_that_cannot_be_read_is_refused(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "bin" / "pulumi").write_text("#!/bin/sh\necho no such stack >&2\nexit 255\n")
    assert cost.main(["dev"]) == 2
    assert "`pulumi stack export` ended with 255: no such stack" in capsys.readouterr().err
