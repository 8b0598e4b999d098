"""What is remembered of a create until a state has its object, and by whom it may be taken up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from localcloud import creating
from localcloud.creating import Creating
from localcloud.instance import Instance

URN = "urn:pulumi:dev::probe::aws:ec2/vpc:Vpc::vpc"
TWIN = f"{URN}-twin"


@pytest.fixture
def vpcs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Creating:
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return Creating(Instance(tmp_path), "111111111111 eu-west-1", "aws:ec2/vpc:Vpc")


def _by_a_process_that_is_gone(instance: Instance, id: str = "") -> None:
    """A create of the VPC, by another provider, which has ended."""
    call = f'made("{URN}", {{"a": 1}}, "{id}")' if id else f'begin("{URN}", {{"a": 1}})'
    program = f"""
from pathlib import Path
from localcloud.creating import Creating
from localcloud.instance import Instance
Creating(Instance(Path("{instance.directory}")), "111111111111 eu-west-1", "aws:ec2/vpc:Vpc").{call}
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def _record(instance: Instance, urn: str, id: str) -> None:
    """As the engine saves it."""
    state = {"checkpoint": {"latest": {"resources": [{"urn": urn, "id": id, "type": "aws:ec2/vpc:Vpc"}]}}}
    instance.path("state", ".pulumi", "stacks", "probe", "dev.json").write_text(json.dumps(state))


def _files(creating: Creating) -> list[str]:
    directory = creating.instance.directory / "creating"
    return [each.name for each in directory.glob("*")]


def test_create_of_a_process_that_is_gone_is_known_with_its_inputs(vpcs: Creating) -> None:
    _by_a_process_that_is_gone(vpcs.instance)
    begun = vpcs.of(URN)
    assert begun is not None
    assert begun.inputs == {"a": 1}
    assert creating.cut_short(vpcs.instance) == [URN]


def test_object_that_a_state_has_was_not_lost(vpcs: Creating) -> None:
    _by_a_process_that_is_gone(vpcs.instance, "vpc-1")
    _record(vpcs.instance, URN, "vpc-1")
    assert vpcs.of(URN) is None
    assert creating.cut_short(vpcs.instance) == []


def test_object_that_replaces_the_one_in_the_state_was_lost(vpcs: Creating) -> None:
    _by_a_process_that_is_gone(vpcs.instance, "vpc-2")
    _record(vpcs.instance, URN, "vpc-1")
    assert creating.cut_short(vpcs.instance) == [URN]


def test_create_under_way_is_not_cut_short(vpcs: Creating) -> None:
    vpcs.begin(URN, {})
    assert creating.cut_short(vpcs.instance) == []


def test_object_that_a_live_provider_made_is_nobody_else_s(vpcs: Creating) -> None:
    vpcs.made(URN, {}, "vpc-1")
    assert vpcs.taken_from(TWIN) == {"vpc-1"}
    assert vpcs.taken_from(URN) == {"vpc-1"}, "a second one of the same resource replaces it"


def test_object_that_a_killed_provider_made_is_its_resource_s_alone(vpcs: Creating) -> None:
    _by_a_process_that_is_gone(vpcs.instance, "vpc-1")
    assert vpcs.taken_from(TWIN) == {"vpc-1"}
    assert vpcs.taken_from(URN) == set()


def test_request_that_was_not_sent_leaves_what_an_earlier_one_may_have_made(vpcs: Creating) -> None:
    _by_a_process_that_is_gone(vpcs.instance)
    vpcs.begin(URN, {"a": 1})
    vpcs.not_sent(URN)
    assert vpcs.of(URN) is not None
    vpcs.begin(TWIN, {})
    vpcs.not_sent(TWIN)
    assert vpcs.of(TWIN) is None


def test_provider_that_starts_names_its_own_lost_objects_and_forgets_what_a_state_has(
    vpcs: Creating, capsys: pytest.CaptureFixture[str]
) -> None:
    _by_a_process_that_is_gone(vpcs.instance, "vpc-1")
    creating.resume(vpcs.instance, "kubernetes")
    assert capsys.readouterr().err == ""
    creating.resume(vpcs.instance, "aws")
    assert f"{URN}: an update that broke off may have made it" in capsys.readouterr().err
    _record(vpcs.instance, URN, "vpc-1")
    creating.resume(vpcs.instance, "aws")
    _record(vpcs.instance, TWIN, "vpc-9")
    assert capsys.readouterr().err == ""
    assert creating.cut_short(vpcs.instance) == [], "what was destroyed later is not lost"


def test_only_the_creates_of_the_stack_are_forgotten(vpcs: Creating) -> None:
    _by_a_process_that_is_gone(vpcs.instance)
    creating.forget(vpcs.instance, "prod")
    assert creating.cut_short(vpcs.instance, "dev") == [URN]
    creating.forget(vpcs.instance, "dev")
    assert creating.cut_short(vpcs.instance) == []


def test_only_what_was_cut_short_in_the_stack_that_is_served_is_warned_of(
    vpcs: Creating, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _by_a_process_that_is_gone(vpcs.instance)
    monkeypatch.setenv("PULUMI_STACK", "prod")
    creating.resume(vpcs.instance, "aws")
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("PULUMI_STACK", "organization/probe/dev")
    creating.resume(vpcs.instance, "aws")
    assert f"{URN}: an update that broke off may have made it, and no state has it. If it is still in the program, `pulumi up`" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("before", [None, "vpc-old"])
def test_resource_that_a_state_has_got_in_another_way_is_no_longer_cut_short(vpcs: Creating, before: str | None) -> None:
    """`pulumi import`, or a refresh, each of which starts a provider first."""
    _by_a_process_that_is_gone(vpcs.instance)
    if before is not None:
        _record(vpcs.instance, URN, before)
    for _ in range(2):
        creating.resume(vpcs.instance, "aws")
        assert creating.cut_short(vpcs.instance) == [URN], "what it had before is not what was being made"
    _record(vpcs.instance, URN, "vpc-imported")
    creating.resume(vpcs.instance, "aws")
    assert creating.cut_short(vpcs.instance) == []


def test_nothing_is_kept_of_creates_that_are_forgotten(vpcs: Creating) -> None:
    vpcs.begin(URN, {})
    assert len(_files(vpcs)) == 1
    vpcs.drop(URN)
    assert _files(vpcs) == []
    assert vpcs.of(URN) is None
