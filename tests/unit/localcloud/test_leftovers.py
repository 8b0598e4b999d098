"""What may be there after a destroy."""

from __future__ import annotations

from localcloud.instance import CHECKOUT
from localcloud.leftovers import PUBLISHED, Dump, Leftover, leftovers


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


BUCKET, KEY = "ml-platform-prod-decision-log-333333333333", "11111111-2222-3333-4444-555555555555"
ENCRYPTION = f"<ServerSideEncryptionConfiguration><KMSMasterKeyID>arn:aws:kms:eu-west-1:333333333333:key/{KEY}</KMSMasterKeyID>"


def destroyed(*, locks: bool, key: str = KEY) -> Dump:
    """What is there when nothing of an environment is, but its bucket of decisions and a key."""
    lock = {"enabled": True, "default_retention": {"Mode": "GOVERNANCE", "Days": 365} if locks else None}
    s3 = {f"buckets global {BUCKET}": {}, f"bucket_object_lock global {BUCKET}": lock, f"bucket_encryption global {BUCKET}": ENCRYPTION}
    return {"s3": s3, "kms": {f"keys eu-west-1 {key}": {"KeyState": "Enabled"}}}


def test_locked_decisions_and_their_key_are_published() -> None:
    assert {each.reason.partition(";")[0] for each in leftovers(destroyed(locks=True))} == {"the bucket of locked decisions and its key"}


def test_decisions_that_nothing_locks_are_orphans_and_so_is_their_key() -> None:
    assert {each.reason for each in leftovers(destroyed(locks=False))} == {""}


def test_another_key_in_use_is_an_orphan_beside_locked_decisions() -> None:
    assert [each.service for each in leftovers(destroyed(locks=True, key="another")) if not each.reason] == ["kms"]


def test_default_network_of_an_account_is_not_ours() -> None:
    assert leftovers({"ec2": {"vpcs eu-west-1 vpc-00000001": {}, "subnets eu-west-1 subnet-00000002": {"DefaultForAz": True}}}) == []
