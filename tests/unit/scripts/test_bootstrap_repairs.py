"""What is there already: what differs is put right where it is ours, and refused where it is not."""

import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest

from planning.names import STATE_KEY
from tests.unit.scripts.state_account import ACCOUNT, GITHUB, LOGS, PROVIDER, STATES, Account, account

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account that is bootstrapped."""
    with account(monkeypatch) as made:
        assert made.run() == 0
        yield made


def _lifecycle(days: int) -> dict[str, Any]:
    return {"Rules": [{"ID": "mine", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}]}


_AES: dict[str, Any] = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
_OPEN: dict[str, Any] = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}]}
KEY, TRUST = f"key {STATE_KEY}", f"OpenID Connect provider {GITHUB}"


SPOILT: list[tuple[str, str, Callable[[Account], object]]] = [
    (KEY, "rotation", lambda it: it.kms.disable_key_rotation(KeyId=it.key)),
    (KEY, "policy", lambda it: it.kms.put_key_policy(KeyId=it.key, PolicyName="default", Policy=json.dumps(_OPEN))),
    (
        f"bucket {STATES}",
        "versioning",
        lambda it: it.s3.put_bucket_versioning(Bucket=STATES, VersioningConfiguration={"Status": "Suspended"}),
    ),
    (f"bucket {STATES}", "policy", lambda it: it.s3.delete_bucket_policy(Bucket=STATES)),
    (f"bucket {STATES}", "public access", lambda it: it.s3.delete_public_access_block(Bucket=STATES)),
    (f"bucket {STATES}", "ownership", lambda it: it.s3.delete_bucket_ownership_controls(Bucket=STATES)),
    (f"bucket {STATES}", "encryption", lambda it: it.s3.put_bucket_encryption(Bucket=STATES, ServerSideEncryptionConfiguration=_AES)),
    (f"bucket {STATES}", "lifecycle", lambda it: it.s3.delete_bucket_lifecycle(Bucket=STATES)),
    (
        f"bucket {STATES}",
        "lifecycle",
        lambda it: it.s3.put_bucket_lifecycle_configuration(Bucket=STATES, LifecycleConfiguration=_lifecycle(1)),
    ),
    (f"bucket {STATES}", "access logs", lambda it: it.s3.put_bucket_logging(Bucket=STATES, BucketLoggingStatus={})),
    (f"bucket {LOGS}", "policy", lambda it: it.s3.delete_bucket_policy(Bucket=LOGS)),
    (
        TRUST,
        "audience",
        lambda it: it.set_audiences([]),
    ),
]
IDS = [f"{part.split()[0]}-{part[-6:]}-{setting}" for part, setting, _ in SPOILT]


@dataclass(frozen=True)
class Repair:
    """One difference, what --check said of it, and what was done about it."""

    check: tuple[int, str, list[str]]
    run: tuple[int, str, list[str]]
    left: list[str]
    """What is not as it was before."""


@pytest.fixture(scope="module")
def repairs() -> list[Repair]:
    """Each difference of SPOILT, one after the other in one account."""
    with pytest.MonkeyPatch.context() as patched, account(patched) as made:
        assert made.run() == 0
        before = made.everything
        return [_repair(made, spoil, before) for _, _, spoil in SPOILT]


def _repair(made: Account, spoil: Callable[[Account], object], before: dict[str, Any]) -> Repair:
    spoil(made)
    check, run = _said(made, "--check"), _said(made)
    return Repair(check, run, [name for name, value in made.everything.items() if value != before[name]])


def _said(made: Account, *arguments: str) -> tuple[int, str, list[str]]:
    with redirect_stdout(StringIO()) as out:
        code = made.run(*arguments)
    return code, out.getvalue(), made.writes


@pytest.mark.parametrize("number", range(len(SPOILT)), ids=IDS)
def test_check_says_what_differs(repairs: list[Repair], number: int) -> None:
    part, setting, _ = SPOILT[number]
    code, said, _ = repairs[number].check
    assert code == 1
    assert f"{part}: differs in {setting}\n" in said


@pytest.mark.parametrize("number", range(len(SPOILT)), ids=IDS)
def test_check_changes_nothing(repairs: list[Repair], number: int) -> None:
    assert repairs[number].check[2] == []


@pytest.mark.parametrize("number", range(len(SPOILT)), ids=IDS)
def test_what_differs_and_is_ours_is_put_right(repairs: list[Repair], number: int) -> None:
    part, setting, _ = SPOILT[number]
    code, said, _ = repairs[number].run
    assert code == 0
    assert f"{part}: put right: {setting}\n" in said
    assert repairs[number].left == []


@pytest.mark.parametrize("number", range(len(SPOILT)), ids=IDS)
def test_nothing_but_what_differs_is_written(repairs: list[Repair], number: int) -> None:
    assert len(repairs[number].run[2]) == 1


def _disown_bucket(it: Account) -> None:
    policy = it.s3.get_bucket_policy(Bucket=STATES)["Policy"]
    it.s3.delete_bucket_policy(Bucket=STATES)  # moto speaks no TLS
    it.s3.put_object(Bucket=STATES, Key="theirs", Body=b"")
    it.s3.put_bucket_policy(Bucket=STATES, Policy=policy)
    it.s3.put_bucket_tagging(Bucket=STATES, Tagging={"TagSet": [{"Key": "owner", "Value": "somebody"}]})


# What was made by hand under the names that this uses, and what its tag is put on with.
FOREIGN: dict[str, tuple[Callable[[Account], object], Callable[[Account], object], str]] = {
    KEY: (
        lambda it: it.kms.untag_resource(KeyId=it.key, TagKeys=["deployment"]),
        lambda it: it.kms.disable_key_rotation(KeyId=it.key),
        "aws kms tag-resource --key-id arn:aws:kms:",
    ),
    f"bucket {STATES}": (
        _disown_bucket,
        lambda it: it.s3.delete_bucket_policy(Bucket=STATES),
        f"aws s3api put-bucket-tagging --bucket {STATES} --tagging 'TagSet=[{{Key=deployment,Value=ml-platform}}]'",
    ),
    TRUST: (
        lambda it: it.iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER, TagKeys=["deployment"]),
        lambda it: it.set_audiences([]),
        f"aws iam tag-open-id-connect-provider --open-id-connect-provider-arn {PROVIDER} --tags Key=deployment,Value=ml-platform",
    ),
}


@pytest.mark.parametrize("part", FOREIGN)
def test_what_somebody_else_made_and_is_right_is_left_alone(ready: Account, part: str) -> None:
    disown, _, _ = FOREIGN[part]
    disown(ready)
    assert ready.run() == 0
    assert ready.writes == []


@pytest.mark.parametrize("part", FOREIGN)
def test_what_somebody_else_made_and_differs_is_refused_with_the_command_that_gives_it_to_us(
    ready: Account, capsys: Capture, part: str
) -> None:
    disown, spoil, remedy = FOREIGN[part]
    disown(ready)
    spoil(ready)
    assert ready.run() == 1
    err = capsys.readouterr().err
    assert f"  {part}: differs in " in err
    assert f"and was not made by this: change it by hand, or let this do it, after `{remedy}" in err


@pytest.mark.parametrize("part", FOREIGN)
def test_a_refusal_comes_before_anything_is_changed(ready: Account, part: str) -> None:
    disown, spoil, _ = FOREIGN[part]
    disown(ready)
    spoil(ready)
    ready.s3.delete_bucket_policy(Bucket=LOGS)
    assert ready.run() == 1
    assert ready.writes == []
