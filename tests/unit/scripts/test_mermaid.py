"""What is drawn of a stack, and how changes are marked."""

import re
from typing import Any

import pytest

from scripts.mermaid import flowchart
from tests.unit.picture import in_state
from tests.unit.registrations import Recorded
from tests.unit.scripts.drawn_stack import (
    ASSOCIATION,
    BUCKET,
    BUCKET_ARN,
    CLUSTER,
    DATABASE,
    ROLE,
    STACK,
    VERSIONING,
    allowed,
    document,
    made,
)

MOST_NODES = 40
NODES = re.compile(r'^    (\w+)[\[(]+"(.*)"[\])]+$', re.MULTILINE)


def nodes(picture: str) -> dict[str, str]:
    return dict(NODES.findall(picture))


def classes(picture: str) -> dict[str, str]:
    return {id_: class_ for ids, class_ in re.findall(r"^  class (\S+) (\w+)$", picture, re.MULTILINE) for id_ in ids.split(",")}


def subnet(name: str) -> dict[str, Any]:
    return made("aws:ec2/subnet:Subnet", name)


def bucket(name: str) -> dict[str, Any]:
    return made("aws:s3/bucket:Bucket", name, bucket=f"dev-{name}")


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_a_picture_has_no_more_nodes_than_can_be_read(stack: str, request: pytest.FixtureRequest) -> None:
    recorded: Recorded = request.getfixturevalue(stack)
    assert 0 < len(nodes(flowchart(map(in_state, recorded.registrations)))) <= MOST_NODES


def test_every_tier_is_a_subgraph(prod: Recorded) -> None:
    picture = flowchart(map(in_state, prod.registrations))
    tiers = re.findall(r"^  subgraph \w+\[(.*)\]$", picture, re.MULTILINE)
    assert tiers == ["ci", "clusters", "feature store", "foundation", "network", "serving", "training"]


def test_the_order_of_a_state_changes_nothing(dev: Recorded) -> None:
    resources = [in_state(each) for each in dev.registrations]
    assert flowchart(resources) == flowchart(reversed(resources))


def test_every_arrow_ends_at_nodes(dev: Recorded) -> None:
    picture = flowchart(map(in_state, dev.registrations))
    ends = re.findall(r'^  (\w+) \S+\|".*"\| (\w+)$', picture, re.MULTILINE)
    assert ends
    assert {end for pair in ends for end in pair} <= nodes(picture).keys()


def test_what_is_part_of_a_named_thing_is_not_counted_beside_it() -> None:
    assert "BucketVersioning" not in flowchart(STACK)


def test_what_is_no_part_of_a_named_thing_is_counted() -> None:
    assert nodes(flowchart([subnet("a"), subnet("b")])) == {"feature_store_others": "2 Subnet"}


def test_as_many_of_a_kind_as_are_read_are_named() -> None:
    assert len(nodes(flowchart(map(bucket, "abcd")))) == 4


def test_more_of_a_kind_are_counted() -> None:
    assert nodes(flowchart(map(bucket, "abcde"))) == {"feature_store_s3_bucket": "5 × S3 bucket"}


def test_a_role_that_nothing_drawn_assumes_stands_for_itself() -> None:
    resources = [each for each in STACK if each is not ASSOCIATION]
    picture = flowchart([*resources, allowed(document("s3:GetObject", f"{BUCKET_ARN}/*"))])
    assert nodes(picture)["feature_store_iam_role_reader"] == "reader<br/>IAM role"


def test_text_cannot_end_its_node() -> None:
    association = {**ASSOCIATION, "inputs": {"namespace": 'a"]', "serviceAccount": "<b>"}}
    assert "a#quot;]/#lt;b#gt;" in flowchart([association])


def test_unknown_documents_are_named() -> None:
    assert "  %% not known yet, so arrows may be missing: reader-data\n" in flowchart(
        [*STACK, allowed("04da6b54-80e4-46f7-96ec-b56ff0331ba9")]
    )


@pytest.mark.parametrize("change", ["create", "update", "replace", "delete"])
def test_a_changed_thing_has_the_class_of_its_change(change: str) -> None:
    assert classes(flowchart(STACK, {DATABASE["urn"]: change})) == {"feature_store_rds_instance_registry": change}


def test_a_thing_is_updated_when_a_part_of_it_is_deleted() -> None:
    assert classes(flowchart(STACK, {VERSIONING["urn"]: "delete"})) == {"feature_store_s3_bucket_features": "update"}


def test_what_is_counted_has_the_class_of_its_strongest_change() -> None:
    resources = [subnet("a"), subnet("b"), subnet("c")]
    picture = flowchart(resources, {resources[0]["urn"]: "create", resources[1]["urn"]: "replace"})
    assert classes(picture) == {"feature_store_others": "replace"}


def test_a_node_says_how_many_of_its_resources_change() -> None:
    picture = flowchart(STACK, {BUCKET["urn"]: "update", VERSIONING["urn"]: "delete"})
    assert nodes(picture)["feature_store_s3_bucket_features"] == "features<br/>S3 bucket<br/>1 delete, 1 update"


def test_what_stays_is_not_marked() -> None:
    assert classes(flowchart([CLUSTER, ROLE])) == {}


def test_what_changes_can_be_drawn_alone() -> None:
    changed = {BUCKET["urn"]: "create", ROLE["urn"]: "update", subnet("a")["urn"]: "delete"}
    found = nodes(flowchart([*STACK, subnet("a"), subnet("b")], changed, only_changes=True))
    assert found == {
        "feature_store_others": "1 Subnet<br/>1 delete",
        "feature_store_s3_bucket_features": "features<br/>S3 bucket<br/>1 create",
        "feature_store_service_account_serving_reader": "serving/reader<br/>service account<br/>1 update",
    }


def test_a_part_that_changes_is_drawn_as_what_it_is_part_of() -> None:
    found = flowchart(STACK, {VERSIONING["urn"]: "delete"}, only_changes=True)
    assert classes(found) == {"feature_store_s3_bucket_features": "update"}


def test_between_what_changes_the_arrows_stay() -> None:
    whole = flowchart(STACK, {each["urn"]: "update" for each in STACK}, only_changes=True)
    assert re.findall(r"^  \w+ \S+\|.*$", whole, re.MULTILINE) == re.findall(r"^  \w+ \S+\|.*$", flowchart(STACK), re.MULTILINE) != []


@pytest.mark.parametrize("evil", ['"]\n  end\n```\n@team', "%%{init: {}}%%", "`x`", "a\u2028b", '#quot;"', "<img src=x>"])
def test_a_name_stays_in_its_label(evil: str) -> None:
    def drawn(name: str) -> str:
        return flowchart([bucket(name), {**CLUSTER, "urn": CLUSTER["urn"].replace("FeatureStore", name)}])

    assert len(drawn(evil).splitlines()) == len(drawn("harmless").splitlines())
    assert not [sign for sign in ("`", "%%", "{", "<img") if sign in drawn(evil)]
