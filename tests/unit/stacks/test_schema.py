"""The schema that editors use: as new as the models, true to every stack file, and not milder than a schema can be."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from stacks import checking, documentation, generate, schema
from stacks.explain import MODELINE, as_yaml, explain
from stacks.inventory import Entry, entries
from stacks.source import read
from tests.unit.conftest import STACKS
from tests.unit.stacks.samples import DEV, TENANT, changed
from tests.unit.stacks.test_refusals import CASES

FILES = sorted(STACKS.glob("Pulumi.*.yaml"))
VALIDATOR = Draft7Validator(json.loads(schema.PATH.read_text(encoding="utf-8")))


def problems(settings: Any, **beside: Any) -> list[str]:
    """What the schema holds against a stack file with these settings."""
    return errors({"config": {"ml-platform:settings": settings}, **beside})


def errors(stack_file: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(stack_file)]


@pytest.mark.parametrize("part", [schema, documentation], ids=["schema.json", "README.md"])
def test_what_is_generated_is_not_stale(part: Any) -> None:
    assert part.PATH.read_text(encoding="utf-8") == part.text(), "run `make generate`"


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_stack_file_is_right_by_the_schema(path: Any) -> None:
    assert errors(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_stack_file_names_the_schema_to_editors(path: Any) -> None:
    assert path.read_text(encoding="utf-8").splitlines()[0] == MODELINE
    assert (path.parent / MODELINE.partition("$schema=")[2]) == schema.PATH


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_that_says_everything_is_right_by_the_schema(path: Any) -> None:
    assert errors(yaml.safe_load(as_yaml(explain(read(path))))) == []


def test_a_tenant_is_right_by_the_schema() -> None:
    assert problems(TENANT) == []


def test_only_what_no_profile_supplies_is_required_of_a_platform() -> None:
    assert problems({"profile": "staging"}) == [
        f"'{key}' is a required property" for key in ("account", "region", "owner", "cost_centre", "data_classification", "network")
    ]
    assert problems({**DEV, "network": {}}) == ["'cidr' is a required property"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.zone", 2), ("nonsense", 1), ("clusters.main.versoin", "1.36"), ("feature_store.registry.password", "x"),
        ("kind", "platfrom"), ("profile", "developmnt"), ("environment", "dev"), ("data_classification", "inernal"),
        ("region", "eu-west-9"),
        ("account", 111111111111), ("account", "11111111111"), ("owner", ["a"]), ("owner", None), ("owner", ""), ("destroyable", "no"),
        ("destroyable", "true"),
        ("network", []), ("network.zones", "3"), ("network.zones", 3.5), ("network.zones", None), ("network.zones", 1),
        ("network.zones", 9),
        ("network.cidr", "10.20.0.0"), ("network.peer_cidrs", "10.0.0.0/16"), ("network.peer_cidrs", [1]), ("network.nat_gateways", "two"),
        ("network.endpoints", ["s4"]), ("audit_retention_days", 0),
        ("clusters", []), ("clusters.Main", {}), ("clusters.a-name-that-is-too-long", {}), ("clusters.main.log_retention_days", 31),
        ("clusters.main.version", "9.9"),
        ("feature_store.registry.multi_az", 1), ("feature_store.registry.version", "8"),
        ("feature_store.registry.instance_class", "db.t9.huge"),
        ("feature_store.registry.backup_retention_days", 36), ("feature_store.online_store.replicas", -1),
        ("feature_store.online_store.node_type", "x"),
        ("feature_store.registry.backup_window", "2am"), ("serving.nodes.architectures", ["x86"]), ("serving.nodes.volume_gib", "80GB"),
        ("training.quota.gpus", -1), ("training.gpu_nodes", {"gpu_limit": 0}),
        ("training.gpu_nodes", {"instance_types": [], "gpu_limit": 1}),
        ("access.cluster_admins", ["arn:aws:sts::1:x"]), ("access.teams", {"Risk": []}), ("access.teams.risk", ["everybody"]),
        ("access.teams", {"r" * 33: []}), ("serving.nodes.static_nodes_per_zone", 0), ("feature_store.nodes.static_nodes_per_zone", 2),
        ("observability.alarm_emails", ["nobody"]), ("retiring", "yes"),
        ("backup.copy_region", "mars"),
    ],
)  # fmt: skip
def test_bad_input_that_a_schema_can_express_is_bad_by_the_schema(path: str, value: object) -> None:
    assert problems(changed(DEV, (path, value)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("kind", "tennant"), ("profile", "staging"), ("network", {"cidr": "10.0.0.0/16"}), ("feast_project", "Risk"), ("namespaces", {}),
        ("namespaces.Risk", TENANT["namespaces"]["risk-models"]), ("namespaces.risk-models.pods", 0), ("roles.trainer.actions", ["s3:*"]),
        ("roles.trainer.actions", []),
        ("platform", 1), ("expires", 20270131), ("expires", "soon"), ("data_classification", None),
    ],
)  # fmt: skip
def test_bad_tenants_are_bad_by_the_schema(path: str, value: object) -> None:
    assert problems(changed(TENANT, (path, value)))


@pytest.mark.parametrize(("kind", "right"), [("platform", DEV), ("tenant", TENANT)])
def test_no_refusal_of_a_key_or_of_a_type_is_left_to_the_program(kind: str, right: dict[str, Any]) -> None:
    of_schema = re.compile(r"got unknown key|got nothing;|\((int|str|float|bool|list|dict)\); expected")
    cases = [case for case in CASES[kind] if of_schema.search(case["said"][0])]
    assert cases
    assert [case["set"] for case in cases if not problems(changed(right, *case["set"].items()))] == []


@pytest.mark.parametrize("beside", [{"encryptionslat": "x"}, {"stack": {}}])
def test_unknown_keys_beside_the_settings_are_bad_by_the_schema(beside: dict[str, Any]) -> None:
    assert problems(DEV, **beside)


@pytest.mark.parametrize(
    ("key", "value", "wrong"), [("aws:region", "x", True), ("app:key", {"secure": "v1:x"}, False), ("pulumi:tags", {"a": "b"}, False)]
)
def test_config_holds_settings_tags_and_what_is_encrypted(key: str, value: object, wrong: bool) -> None:
    found = errors({"config": {"ml-platform:settings": DEV, key: value}})
    assert bool(found) is wrong


def leaves(found: tuple[Entry, ...]) -> list[Entry]:
    return [leaf for entry in found for leaf in (leaves(entry.children) if entry.children else [entry])]


@pytest.mark.parametrize("kind", checking.KINDS)
def test_every_setting_says_what_it_is(kind: str) -> None:
    found = leaves(entries(checking.KINDS[kind], checking.profiles()))
    assert [".".join(entry.path) for entry in found if not entry.description] == []


def test_the_readme_has_every_setting_with_the_default_of_each_profile() -> None:
    text, profiles = documentation.text(), checking.profiles()
    for entry in leaves(entries(checking.KINDS["platform"], profiles)):
        key = ".".join("NAME" if part == "*" else part for part in entry.path)
        (row,) = [line for line in text.split("## A tenant")[0].splitlines() if line.startswith(f"| `{key}` |")]
        for profile in profiles:
            if profile in entry.defaults:
                assert f"`{json.dumps(entry.defaults[profile])}`" in row


def test_what_one_profile_supplies_of_an_optional_section_is_required_in_it_elsewhere() -> None:
    (row,) = [line for line in documentation.text().splitlines() if line.startswith("| `training.gpu_nodes.gpu_limit` |")]
    assert row.endswith("| required in `gpu_nodes` | required in `gpu_nodes` | required in `gpu_nodes` | `16` |")


def test_a_setting_that_nothing_is_built_from_says_so() -> None:
    settings = schema.schema()["properties"]["config"]["properties"]["ml-platform:settings"]
    copy_region = settings["else"]["properties"]["backup"]["properties"]["copy_region"]
    assert copy_region["description"].endswith("Checked; nothing is built from it yet.")


def test_generate_writes_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in (schema, documentation):
        monkeypatch.setattr(part, "PATH", tmp_path / part.PATH.name)
    generate.main()
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "schema.json": schema.text(),
        "README.md": documentation.text(),
    }


def test_a_new_setting_makes_what_is_generated_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    before, profiles = schema.text(), deepcopy(checking.profiles())
    profiles["staging"]["network"]["zones"] = 2
    monkeypatch.setattr(checking, "profiles", lambda: profiles)
    assert schema.text() != before
