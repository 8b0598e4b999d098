"""The comment of a dozen changes, each from a real run of the engine against a base that is up on a local cloud."""

from __future__ import annotations

import ctypes
import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.preview.comment import comment, needs_a_human
from operations.preview.document import StackPreview
from tests.local.compared import STACK, TENANT, Clone, base_of, clone, matches_golden
from tests.local.home import Said

Preview = Callable[[str], StackPreview]
Change = Callable[[Clone], None]

# As long as nothing of the program is longer than it by itself; the real limit is GitHub's.
SHORT = 9_000


def settings(**changes: Any) -> Change:
    return lambda changed: changed.stack_file(**changes)


def program(path: str, old: str, new: str) -> Change:
    return lambda changed: changed.edit(path, old, new)


RESIZED_CACHE = settings(feature_store={"online_store": {"node_type": "cache.t4g.small"}})
GPU_NODES = {"instance_types": ["g6.xlarge"], "gpu_limit": 4}

# By the name of its golden file: the change, and whether somebody must look.
CHANGES: dict[str, tuple[Change, bool]] = {
    "nothing-changed": (lambda changed: None, False),
    "new-node-pool": (settings(training={"gpu_nodes": GPU_NODES, "quota": {"gpus": 4}}), False),
    # The price of the new size is not known.
    "resized-cache": (RESIZED_CACHE, False),
    "encryption-changed": (program("tiers/registry.py", "key_arn=args.place.key_arn", "key_arn=args.place.volume_key_arn"), True),
    "renamed-bucket": (
        program("tiers/data_bucket.py", "names.bucket(purpose)", 'names.bucket(purpose.replace("models", "model-artifacts"))'),
        True,
    ),
    "policy-violation": (program("components/bucket.py", "restrict_public_buckets=True", "restrict_public_buckets=False"), True),
    "unknown-values": (settings(feature_store={"decision_log": {"retention_days": 30}}), True),
    "broken-program": (
        program("tiers/network.py", "import pulumi\n", 'import pulumi\n\nraise RuntimeError("nobody has tried this")\n'),
        True,
    ),
    "refused-setting": (settings(feature_store={"online_store": {"node_type": "cache.t4g.smal"}}), True),
    "secret-changed": (settings(feature_store={"credentials_generation": 2}), True),
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("pull-request"))


@pytest.fixture(scope="module")
def first(changed: Clone) -> Said:
    """What the script says to a pull request without a change; the base is up and kept after it."""
    return changed.preview("--stack", STACK, "--stack", TENANT, "--output", str(changed.directory.parent / "first"))


@pytest.fixture(scope="module")
def preview(changed: Clone, first: Said, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    assert first.code == 0, first.text
    with base_of(changed, tmp_path_factory.mktemp("previews")) as found:
        yield found


@pytest.fixture(autouse=True)
def unchanged(changed: Clone) -> None:
    changed.reset()


def test_a_pull_request_that_changes_nothing_needs_nobody(first: Said) -> None:
    assert first.code == 0, first.text


def test_what_takes_long_is_said_while_it_runs(first: Said) -> None:
    assert re.search(r"preview: small: bringing the base [0-9a-f]{12} up, usually 2 min \.\.\.", first.text)


def test_artifact_has_what_the_engine_said_of_every_resource(changed: Clone, first: Said) -> None:
    documents = json.loads((changed.directory.parent / "first" / "preview.json").read_text())
    assert [document["stack"] for document in documents] == [TENANT, STACK]
    for document, least in zip(documents, (30, 300), strict=True):
        assert document["engine"]["changeSummary"] == {"same": len(document["engine"]["steps"])}
        assert len(document["engine"]["steps"]) > least


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_said_as_in_its_golden_file(changed: Clone, preview: Preview, name: str) -> None:
    change, human = CHANGES[name]
    change(changed)
    found = [preview(STACK)]
    matches_golden(name, comment(found))
    assert needs_a_human(found) is human


def test_no_new_password_is_in_a_preview(changed: Clone, preview: Preview) -> None:
    CHANGES["secret-changed"][0](changed)
    found = preview(STACK)
    secret = [step for step in found.engine["steps"] if "secretString" in (step.get("newState") or {}).get("inputs", {})]
    assert {step["newState"]["inputs"]["secretString"] for step in secret} == {"[secret]"}


def test_a_huge_change_is_cut_and_says_so(changed: Clone, preview: Preview) -> None:
    changed.edit("planning/names.py", "PROJECT}-{self.environment}-{purpose}", "PROJECT}-{self.environment}-new-{purpose}")
    text = comment([preview(STACK)], limit=SHORT)
    assert len(text) <= SHORT
    matches_golden("huge-change", text)


def test_two_stacks_are_in_one_comment(changed: Clone, preview: Preview) -> None:
    RESIZED_CACHE(changed)
    changed.stack_file("second", account="300000009102", network={"cidr": "10.61.0.0/16"})
    text = comment([preview(STACK), preview("second")], limit=SHORT)
    matches_golden("two-stacks", text)


def test_a_stack_whose_file_goes_is_deleted_and_the_comment_is_cut_to_its_limit(changed: Clone, preview: Preview) -> None:
    (changed.directory / "stacks" / f"Pulumi.{STACK}.yaml").unlink()
    text = comment([preview(STACK)], limit=SHORT)
    matches_golden("removed-stack", text)


def test_a_tenant_whose_file_goes_is_said_as_in_its_golden_file(changed: Clone, preview: Preview) -> None:
    (changed.directory / "stacks" / f"Pulumi.{TENANT}.yaml").unlink()
    found = [preview(TENANT)]
    matches_golden("removed-tenant", comment(found))
    assert needs_a_human(found)


def test_an_interrupted_preview_leaves_nothing_running(changed: Clone, tmp_path: Path) -> None:
    running = changed.script("--stack", STACK, "--output", str(tmp_path), "--cache", str(tmp_path / "kept"))
    assert running.stderr is not None
    for line in running.stderr:
        if "bringing the base" in line:
            break
    (instance,) = (tmp_path / "kept").glob("*/cloud")
    # To the thread that waits for pulumi, as the kernel may choose: Python acts on it in another one.
    threads = sorted(int(each.name) for each in Path(f"/proc/{running.pid}/task").iterdir())
    assert ctypes.CDLL(None).tgkill(running.pid, threads[-1], signal.SIGTERM) == 0
    running.communicate()
    assert running.returncode == 130
    assert not instance.exists()
