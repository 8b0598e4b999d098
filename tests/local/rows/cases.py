"""The samples as test cases, and what the tests of rows have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from localcloud.aws.rows import ROWS
from tests.local.probe import Made, Probe
from tests.local.samples import Sample, samples

# What AWS does not let go of while its parent is there; without a configuration of its own a bucket has AWS's encryption, and a topic
# AWS's policy. The current version of a secret stays its current one; a bucket that can lock objects always can.
STAYS = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
}


def every_sample(chosen: Callable[[Sample], object] = lambda _: True) -> pytest.MarkDecorator:
    """Parametrizes a test with `sample`: those of all rows that are `chosen`, but of no type that the emulator does not have."""
    return pytest.mark.parametrize(
        "sample",
        [
            pytest.param(sample, id=f"{type.split(':', 1)[1]}-{index}")
            for type, row in sorted(ROWS.items())
            if not row.absent
            for index, sample in enumerate(samples().get(type, []))
            if chosen(sample)
        ],
    )


def tagged(sample: Sample) -> dict[str, Any]:
    """Its inputs, with a tag where the type has tags."""
    return {**sample.inputs, **({"tags": {"sample": "one"}} if ROWS[sample.type].tags else {})}


def is_changed_in_place(sample: Sample) -> bool:
    """Whether `updates` has any for it."""
    return bool(sample.updates) or (bool(ROWS[sample.type].tags) and "tags" not in ROWS[sample.type].not_kept)


def updates(account: Probe, made: Made, sample: Sample) -> list[dict[str, Any]]:
    """The changes that are made in place, those of tags first."""
    tags: list[dict[str, Any]] = [{"tags.sample": "two"}, {"tags.more": "1"}, {"tags.sample": None}]
    return [*(tags if account.resource(made.type).keeps_tags else []), *(account.inputs(made.type, change) for change in sample.updates)]
