"""Caches that are lost with a zone or a mistake, or let in whoever reaches them, and secrets that anybody decrypts, are found."""

from typing import Any

import pytest

from policies.rule import UNKNOWN, ResourceRule
from policies.rules import (
    cache_authentication,
    cache_backups,
    cache_encrypted,
    cache_minor_upgrades,
    cache_subnets,
    cache_zones,
    secrets_key,
)
from tests.policies.cases import CACHE, CACHE_USER, SECRET, resource, unverified, violations

BROKEN: list[tuple[ResourceRule, str, dict[str, Any]]] = [
    (cache_backups.RULE, CACHE, {"snapshotRetentionLimit": 13}),
    (cache_backups.RULE, CACHE, {"snapshotRetentionLimit": None}),
    (cache_minor_upgrades.RULE, CACHE, {"autoMinorVersionUpgrade": False}),
    (cache_minor_upgrades.RULE, CACHE, {"autoMinorVersionUpgrade": None}),
    (cache_zones.RULE, CACHE, {"automaticFailoverEnabled": False}),
    (cache_zones.RULE, CACHE, {"multiAzEnabled": False}),
    (cache_zones.RULE, CACHE, {"replicasPerNodeGroup": 0}),
    (cache_zones.RULE, CACHE, {"numCacheClusters": 1}),
    (cache_encrypted.RULE, CACHE, {"atRestEncryptionEnabled": False}),
    (cache_encrypted.RULE, CACHE, {"kmsKeyId": None}),
    (cache_authentication.RULE, CACHE, {"userGroupIds": None}),
    (cache_authentication.RULE, CACHE_USER, {"accessString": "on ~* +@all"}),
    (cache_authentication.RULE, CACHE_USER, {"noPasswordRequired": True}),
    (cache_subnets.RULE, CACHE, {"subnetGroupName": None}),
    (cache_subnets.RULE, CACHE, {"subnetGroupName": "default"}),
    (secrets_key.RULE, SECRET, {"kmsKeyId": None}),
]


@pytest.mark.parametrize(("rule", "type", "change"), BROKEN)
def test_one_property_that_is_wrong_is_found_by_its_name(rule: ResourceRule, type: str, change: dict[str, Any]) -> None:
    (found,) = violations(rule, resource(type, **change))
    assert next(iter(change)) in found


@pytest.mark.parametrize(
    ("rule", "type", "name"),
    [
        (cache_backups.RULE, CACHE, "snapshotRetentionLimit"),
        (cache_minor_upgrades.RULE, CACHE, "autoMinorVersionUpgrade"),
        (cache_zones.RULE, CACHE, "replicasPerNodeGroup"),
        (cache_encrypted.RULE, CACHE, "atRestEncryptionEnabled"),
        (cache_authentication.RULE, CACHE_USER, "accessString"),
        (cache_subnets.RULE, CACHE, "subnetGroupName"),
    ],
)
def test_what_is_not_known_yet_is_said_to_be_so(rule: ResourceRule, type: str, name: str) -> None:
    asked = resource(type, **{name: UNKNOWN})
    assert violations(rule, asked) == []
    assert [name in each for each in unverified(rule, asked)] == [True]


@pytest.mark.parametrize(
    ("rule", "type", "name"),
    [(cache_encrypted.RULE, CACHE, "kmsKeyId"), (cache_authentication.RULE, CACHE, "userGroupIds"), (secrets_key.RULE, SECRET, "kmsKeyId")],
)
def test_what_is_made_in_the_same_update_is_there(rule: ResourceRule, type: str, name: str) -> None:
    asked = resource(type, **{name: UNKNOWN})
    assert violations(rule, asked) == unverified(rule, asked) == []


def test_users_that_are_on_are_others_than_the_one_whom_nobody_names() -> None:
    assert violations(cache_authentication.RULE, resource(CACHE_USER, userName="reader", accessString="on ~*a +hmget")) == []


def test_a_cache_with_a_token_lets_nobody_in_without_it() -> None:
    assert violations(cache_authentication.RULE, resource(CACHE, userGroupIds=None, authToken=UNKNOWN)) == []


@pytest.mark.parametrize("rule", [cache_backups.RULE, cache_minor_upgrades.RULE, cache_zones.RULE, secrets_key.RULE])
def test_what_costs_money_or_patience_is_advice_outside_production(rule: ResourceRule) -> None:
    assert rule.level == "production"


@pytest.mark.parametrize("rule", [cache_authentication.RULE, cache_encrypted.RULE, cache_subnets.RULE])
def test_what_lets_others_in_is_mandatory_everywhere(rule: ResourceRule) -> None:
    assert rule.level == "mandatory"
