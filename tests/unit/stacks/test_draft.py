"""A stack file before it is written: it says what it was told, in every reader's eyes, and takes nobody's range."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.refusal import Refused
from stacks import draft, source
from stacks.checking import PROFILES
from stacks.draft import IDENTITY, SALT, Draft, free_range, range_of

COMMITTED = PROFILES.parent
ANSWERS = {
    "profile": "staging",
    "account": "444444444444",
    "region": "eu-central-1",
    "owner": "risk",
    "cost_centre": "ml-2100",
    "data_classification": "internal",
}


def drafted(directory: Path, stack: str = "risk-eu", cidr: str = "10.16.0.0/16", **values: str) -> Draft:
    return Draft(directory, stack, {**ANSWERS, **values}, cidr)


def stack_file(directory: Path, stack: str, **settings: Any) -> None:
    (directory / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": {source.SETTINGS: settings}}))


@pytest.mark.parametrize("profile", ["development", "preview", "staging", "production"])
def test_what_is_drafted_for_each_profile_is_right_beside_the_committed_stacks(profile: str) -> None:
    assert drafted(COMMITTED, profile=profile, cidr=free_range(COMMITTED)).problems == ()


def test_file_says_what_differs_and_nothing_else(tmp_path: Path) -> None:
    said = yaml.safe_load(drafted(tmp_path).text)
    assert said == {"config": {source.SETTINGS: {**ANSWERS, "network": {"cidr": "10.16.0.0/16"}}}}


def test_production_says_that_it_has_no_copies_until_buckets_are_named(tmp_path: Path) -> None:
    said = yaml.safe_load(drafted(tmp_path, profile="production").text)["config"][source.SETTINGS]["feature_store"]
    assert said == {name: {"without_replica": "no bucket of another region is named yet"} for name in ("offline_store", "decision_log")}


def test_every_line_that_an_editor_or_a_reader_needs_is_there(tmp_path: Path) -> None:
    lines = drafted(tmp_path).text.splitlines()
    assert lines[0] == "# yaml-language-server: $schema=schema.json"
    assert "stacks/README.md" in lines[1]


@settings(deadline=None)
@given(owner=st.text(min_size=1, max_size=200))
def test_any_text_is_read_as_it_was_given(owner: str) -> None:
    directory = Path("/nowhere")
    text = drafted(directory, owner=owner).text
    assert yaml.safe_load(text)["config"][source.SETTINGS]["owner"] == owner
    read = source.parse(directory / "Pulumi.x.yaml", text.encode())
    assert (read.problems, read.given["owner"]) == ((), owner)


@pytest.mark.parametrize("owner", ["no", "on", "null", "1e3", "0123", "2026-11-23", "1:30", "a: b", "a #b", "'", "~", "-", "true"])
def test_text_that_yaml_takes_for_something_else_is_read_as_text(tmp_path: Path, owner: str) -> None:
    text = drafted(tmp_path, owner=owner).text
    assert yaml.safe_load(text)["config"][source.SETTINGS]["owner"] == owner
    assert source.parse(tmp_path / "Pulumi.x.yaml", text.encode()).given["owner"] == owner


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = drafted(tmp_path, stack="Risk", cidr="10.16.0.1/16", profile="stagin", account="4444", region="eu-west-9")
    assert {problem.path for problem in wrong.problems} == {"the stack's name", "network.cidr", "profile", "account", "region"}


def test_what_is_not_answered_yet_is_not_wrong(tmp_path: Path) -> None:
    for known in range(len(IDENTITY)):
        partly = Draft(tmp_path, "risk-eu", {key: ANSWERS[key] for key in IDENTITY[:known]}, "10.16.0.0/16")
        assert partly.problems == ()
        assert partly.unanswered == IDENTITY[known:]


def test_collision_with_another_stack_is_told(tmp_path: Path) -> None:
    stack_file(tmp_path, "other", account="111111111111", network={"cidr": "10.16.0.0/17"})
    (problem,) = drafted(tmp_path).problems
    assert problem.path == "network.cidr"
    assert "stacks/Pulumi.other.yaml" in problem.expected


def test_usual_answer_is_what_all_environments_say(tmp_path: Path) -> None:
    for stack, owner in (("one", "ml-platform-team"), ("two", "ml-platform-team")):
        stack_file(tmp_path, stack, owner=owner, cost_centre=stack)
    stack_file(tmp_path, "tenant", kind="tenant", owner="fraud")
    assert (drafted(tmp_path).usual("owner"), drafted(tmp_path).usual("cost_centre")) == ("ml-platform-team", "")


def test_range_is_the_lowest_that_no_stack_file_has(tmp_path: Path) -> None:
    assert free_range(tmp_path) == "10.16.0.0/16"
    stack_file(tmp_path, "one", network={"cidr": "10.16.0.0/16", "peer_cidrs": ["10.17.128.0/20"]})
    stack_file(tmp_path, "two", network={"cidr": "10.18.0.0/16"})
    assert free_range(tmp_path) == "10.19.0.0/16"


@pytest.mark.parametrize(
    "network", [None, "10.16.0.0/16", {}, {"cidr": "ten"}, {"cidr": 10, "peer_cidrs": [1, "x", None]}, {"peer_cidrs": "x"}]
)
def test_stack_file_that_is_wrong_hinders_nobody_elses_range(tmp_path: Path, network: Any) -> None:
    stack_file(tmp_path, "wrong", profile="staging", network=network)
    assert free_range(tmp_path) == "10.16.0.0/16"


def test_ranges_of_the_committed_stacks_lie_in_the_pool() -> None:
    """Otherwise the pool is not where this organisation's environments are."""
    pool = yaml.safe_load(draft.POOL.read_text())
    for stack in ("dev", "staging", "prod"):
        cidr = source.read(COMMITTED / f"Pulumi.{stack}.yaml").given["network"]["cidr"]
        assert draft.next_free(pool["range"], pool["prefix"], [*pool["reserved"], *_all_but(pool, cidr)]) == cidr


def _all_but(pool: dict[str, Any], cidr: str) -> list[str]:
    from ipaddress import IPv4Network

    return [str(each) for each in IPv4Network(pool["range"]).address_exclude(IPv4Network(cidr))]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_salt_is_explained_as_in_the_committed_stacks(stack: str) -> None:
    assert f"\n{SALT}\nencryptionsalt:" in (COMMITTED / f"Pulumi.{stack}.yaml").read_text()


def test_no_new_environment_is_put_where_those_of_pull_requests_are(tmp_path: Path) -> None:
    for number in range(16, 48):
        stack_file(tmp_path, f"e{number}", network={"cidr": f"10.{number}.0.0/16"})
    with pytest.raises(Refused, match=r"of which 10\.0\.0\.0/10 is taken"):
        free_range(tmp_path)


def test_range_of_a_pull_request_holds_an_environment_of_its_profile(tmp_path: Path) -> None:
    assert drafted(tmp_path, "like-pr-7", range_of(7), profile="preview").problems == ()
