"""`scripts/size_online_store.py`: what it prints. The sizes are in tests/unit/planning/test_cache_sizing.py."""

import pytest
import yaml

from scripts import size_online_store
from tests.unit.conftest import platform
from tests.unit.stacks.samples import DEV, changed

GIVEN = ["--entities", "2100000", "--features", "100", "--bytes", "9"]


def said(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    code = size_online_store.main([*GIVEN, *more])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_it_ends_with_settings_that_a_stack_file_takes(capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = said(capsys, "--project", "8000000,100,9", "--replicas", "2")
    settings = yaml.safe_load(printed[printed.index("feature_store:") :])["feature_store"]["online_store"]
    assert settings == {"node_type": "cache.r7g.large", "shards": 3, "replicas": 2}
    taken = changed(DEV, *((f"feature_store.online_store.{key}", value) for key, value in settings.items()))
    assert platform("dev", taken).feature_store.online_store.shards == 3


def test_each_project_has_a_line_of_the_arithmetic(capsys: pytest.CaptureFixture[str]) -> None:
    _, printed, _ = said(capsys, "--project", "50,2,9", "--project", "60,3,9")
    assert [line.split()[0] for line in printed.splitlines() if "entities" in line] == ["2,100,000", "50", "60"]


def test_what_fits_no_cache_ends_with_1_and_the_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, refused = said(capsys, "--replicas", "6")
    assert (code, printed, refused) == (1, "", "got 6 replicas; expected at most 5 of a shard; use fewer\n")


def test_a_project_of_another_form_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        said(capsys, "--project", "1000x50")
    assert "got `1000x50`; expected ENTITIES,FEATURES,BYTES; write it like 1000000,50,9" in capsys.readouterr().err
