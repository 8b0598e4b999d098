"""What may be there after a destroy."""

from __future__ import annotations

from localcloud.instance import CHECKOUT
from localcloud.leftovers import PUBLISHED, Leftover, leftovers


def test_readme_publishes_what_a_destroy_leaves() -> None:
    readme = " ".join((CHECKOUT / "README.md").read_text(encoding="utf-8").split())
    assert [rule.reason for rule in PUBLISHED if rule.reason not in readme] == []


def test_subscription_that_nobody_confirmed_is_published() -> None:
    assert [bool(each.reason) for each in leftovers({"sns": {"sub_arn_to_topic eu-west-1 a": "t", "topics eu-west-1 t": {}}})] == [
        True,
        False,
    ]


def test_what_nothing_explains_is_a_leftover_without_reason() -> None:
    assert leftovers({"s3": {"buckets global forgotten": {}}}) == [Leftover("s3", "buckets global forgotten", "")]


def test_key_in_use_is_not_excused_by_the_rule_for_keys_that_wait_for_deletion() -> None:
    keys = {"keys eu-west-1 a": {"KeyState": "Enabled"}, "keys eu-west-1 b": {"KeyState": "PendingDeletion"}}
    assert [bool(each.reason) for each in leftovers({"kms": keys})] == [False, True]


def test_default_network_of_an_account_is_not_ours() -> None:
    assert leftovers({"ec2": {"vpcs eu-west-1 vpc-00000001": {}, "subnets eu-west-1 subnet-00000002": {"DefaultForAz": True}}}) == []
