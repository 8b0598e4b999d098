"""Databases and caches that can be read from disk, from the internet or on the way are found."""

from typing import Any

import pytest

from policies.rule import UNKNOWN
from policies.rules import cache_tls, rds_encrypted, rds_private
from tests.policies.cases import CACHE, DATABASE, SNAPSHOT, resource, unverified, violations


@pytest.mark.parametrize("change", [{"storageEncrypted": False}, {"storageEncrypted": None}, {"kmsKeyId": None}])
def test_database_that_is_not_encrypted_with_our_key_is_found(change: dict[str, Any]) -> None:
    (found,) = violations(rds_encrypted.RULE, resource(DATABASE, **change))
    assert next(iter(change)) in found


def test_key_that_is_made_in_the_same_update_is_a_key() -> None:
    asked = resource(DATABASE, kmsKeyId=UNKNOWN)
    assert violations(rds_encrypted.RULE, asked) == unverified(rds_encrypted.RULE, asked) == []


def test_public_database_is_found() -> None:
    (found,) = violations(rds_private.RULE, resource(DATABASE, publiclyAccessible=True))
    assert "publiclyAccessible" in found


def test_database_that_says_nothing_of_its_address_is_private() -> None:
    assert violations(rds_private.RULE, resource(DATABASE, publiclyAccessible=None)) == []


def test_address_that_is_not_known_yet_is_said_to_be_so() -> None:
    assert len(unverified(rds_private.RULE, resource(DATABASE, publiclyAccessible=UNKNOWN))) == 1


def test_snapshot_for_every_account_is_found_beside_an_account_that_is_not_known_yet() -> None:
    asked = resource(SNAPSHOT, sharedAccounts=[UNKNOWN, "all"])
    assert len(violations(rds_private.RULE, asked)) == 1
    assert len(unverified(rds_private.RULE, asked)) == 1


@pytest.mark.parametrize(
    "change", [{"transitEncryptionEnabled": False}, {"transitEncryptionEnabled": None}, {"transitEncryptionMode": "preferred"}]
)
def test_cache_that_takes_clients_without_tls_is_found(change: dict[str, Any]) -> None:
    (found,) = violations(cache_tls.RULE, resource(CACHE, **change))
    assert next(iter(change)) in found


def test_mode_that_is_not_known_yet_does_not_hide_encryption_that_is_off() -> None:
    asked = resource(CACHE, transitEncryptionMode=UNKNOWN, transitEncryptionEnabled=False)
    assert len(violations(cache_tls.RULE, asked)) == 1
    assert len(unverified(cache_tls.RULE, asked)) == 1
