"""Where every effective setting comes from; and what is printed, fed back, gives the same settings."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from stacks import checking
from stacks.explain import Value, as_json, as_text, as_yaml, explain, not_built
from stacks.source import Source, StackFileRefused, checked, parse, read
from tests.unit.conftest import STACKS
from tests.unit.stacks.samples import DEV, PROD, TENANT, changed

NAMES = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in STACKS.glob("Pulumi.*.yaml"))


def source(settings: dict[str, Any]) -> Source:
    return parse(Path("alone", "Pulumi.dev.yaml"), yaml.safe_dump({"config": {"ml-platform:settings": settings}}, sort_keys=False).encode())


def explained(settings: dict[str, Any]) -> dict[str, Value]:
    return {value.key: value for value in explain(source(settings))}


def test_every_value_says_who_gave_it() -> None:
    values = {value.key: value for value in explain(read(STACKS / "Pulumi.dev.yaml"))}
    assert {
        key: (values[key].value, values[key].origin) for key in ("network.cidr", "network.zones", "network.peer_cidrs", "environment")
    } == {
        "network.cidr": ("10.20.0.0/16", "stack file"),
        "network.zones": (2, "profile"),
        "network.peer_cidrs": ([], "default"),
        "environment": ("dev", "derived"),
    }


def test_what_the_stack_file_gives_has_its_line() -> None:
    lines = (STACKS / "Pulumi.dev.yaml").read_text(encoding="utf-8").splitlines()
    given = [value for value in explain(read(STACKS / "Pulumi.dev.yaml")) if value.origin == "stack file"]
    assert given
    assert [value.path[-1] for value in given if f"{value.path[-1]}:" not in lines[(value.line or 0) - 1]] == []


def test_a_value_that_equals_its_profile_is_the_stack_files_all_the_same() -> None:
    assert explained(changed(DEV, ("network.zones", 2)))["network.zones"].origin == "stack file"


@pytest.mark.parametrize("stack", NAMES)
def test_no_value_is_left_without_an_origin_that_has_it(stack: str) -> None:
    found = read(STACKS / f"Pulumi.{stack}.yaml")
    supplied = checking.supplied(found.given)
    for value in explain(found):
        here: Any = {"stack file": found.given, "profile": supplied}.get(value.origin)
        for part in value.path if here else ():
            here = here[part]
        assert here is None or here == value.value


@pytest.mark.parametrize("stack", NAMES)
def test_what_is_printed_gives_the_same_settings_again(stack: str) -> None:
    first = read(STACKS / f"Pulumi.{stack}.yaml")
    again = parse(Path("alone", first.path.name), as_yaml(explain(first)).encode())
    assert checked(again) == checked(first)
    assert {value.origin for value in explain(again)} <= {"stack file", "derived", "default"}


@pytest.mark.parametrize("profile", checking.profiles())
def test_what_is_printed_of_each_profile_gives_the_same_settings_again(profile: str) -> None:
    first = source({**{key: value for key, value in PROD.items() if key != "clusters"}, "profile": profile})
    again = parse(first.path, as_yaml(explain(first)).encode())
    assert checked(again) == checked(first)


def test_what_is_printed_of_a_tenant_gives_the_same_tenant_again(tmp_path: Path) -> None:
    shutil.copy(STACKS / "Pulumi.dev.yaml", tmp_path)
    written = tmp_path / "Pulumi.risk.yaml"
    written.write_text(yaml.safe_dump({"config": {"ml-platform:settings": {**TENANT, "expires": "2027-01-31"}}}), encoding="utf-8")
    first = read(written)
    settings = checked(first)
    written.write_text(as_yaml(explain(first)), encoding="utf-8")
    assert checked(read(written)) == settings


@pytest.mark.parametrize("text", ["012345678901", "no", "1:30", "0x10", "~", "1e3", "2027-01-31", "on", "é", "a: b", "#x", "true"])
def test_text_that_looks_like_something_else_is_printed_as_text(text: str) -> None:
    printed = as_yaml((Value(("owner",), text, "stack file", 1, built=True),))
    again = parse(Path("alone", "Pulumi.dev.yaml"), printed.encode())
    assert (again.given, again.problems) == ({"owner": text}, ())


def test_what_is_printed_needs_no_profile_to_be_what_it_is() -> None:
    first = source(DEV)
    given = parse(first.path, as_yaml(explain(first)).encode()).given
    settings = checking.KINDS["platform"].model_validate_json(json.dumps({**given, "environment": "dev"}))
    assert settings == checked(first)


def test_the_table_is_aligned() -> None:
    first = read(STACKS / "Pulumi.dev.yaml")
    values = explain(first)
    lines = as_text(first, values).splitlines()
    column = lines[0].index("from")
    assert len(lines) == len(values) + 1
    assert all(line[column - 1] == " " and line[column] != " " for line in lines)
    assert lines[0].split() == ["setting", "value", "from"]


def test_json_has_every_value_with_its_origin() -> None:
    first = read(STACKS / "Pulumi.dev.yaml")
    told = json.loads(as_json(first, explain(first)))
    assert told["stack"] == "dev"
    assert told["settings"]["network.cidr"] == {
        "value": "10.20.0.0/16",
        "from": "stack file",
        "line": first.line("network.cidr"),
        "built": True,
    }
    assert told["settings"]["network.zones"] == {"value": 2, "from": "profile", "built": True}


def test_what_nothing_is_built_from_is_marked() -> None:
    given = changed(DEV, ("backup.copy_region", "eu-central-1"), ("network.zones", 2))
    assert not explained(given)["backup.copy_region"].built
    assert explained(given)["network.zones"].built
    assert "nothing is built from it yet" in as_text(source(given), explain(source(given)))
    assert list(not_built(given)) == ["backup.copy_region"]


def test_a_section_that_nothing_is_built_from_marks_what_is_in_it() -> None:
    given = changed(DEV, ("backup", {"vault_retention_days": 30, "copy_region": "eu-central-1"}))
    assert list(not_built(given)) == ["backup.vault_retention_days", "backup.copy_region"]


def test_a_stack_file_that_is_wrong_is_not_explained() -> None:
    with pytest.raises(StackFileRefused, match=r"network\.zones: got 9"):
        explain(source(changed(DEV, ("network.zones", 9))))
