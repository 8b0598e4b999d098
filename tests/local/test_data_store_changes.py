"""Changes of production's database and cache, on the real engine: what is done in place, and what protection stops at preview."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import REGION, Stack

ACCOUNT = "300000009004"
DATABASE, CACHE = "aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"

# The registry and the online store as the tier makes them of production's stack file, without the rest of the platform.
_PROGRAM = """
import sys

sys.path.insert(0, {checkout!r})

import pulumi
import pulumi_aws as aws
import yaml
from pathlib import Path
from stacks.checking import parse
from tiers.environment import Environment
from tiers.feature_store_args import FeatureStoreArgs
from tiers.online_store import online_store
from tiers.registry import registry
from tiers.workspace import Place

settings, changes = {settings!r}, {changes!r}
given = yaml.safe_load((Path({checkout!r}) / "stacks" / "Pulumi.prod.yaml").read_text())["config"]["ml-platform:settings"]
store = parse("prod", {{**given, **settings}}).feature_store
environment = Environment.of(parse("prod", given))

in_account = pulumi.ResourceOptions(provider=aws.Provider("aws", region="{region}"))
key, other_key = (aws.kms.Key(name, opts=in_account) for name in ("key", "other-key"))
vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", opts=in_account)
subnets = [
    aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{{number}}.0/24", availability_zone=f"{region}{{zone}}", opts=in_account).id
    for number, zone in enumerate("abc")
]
others = {{
    "other key": other_key.arn,
    "other database subnets": aws.rds.SubnetGroup("other", subnet_ids=subnets, opts=in_account).name,
    "other cache subnets": aws.elasticache.SubnetGroup("other", subnet_ids=subnets, opts=in_account).name,
}}


def changed(args):
    new = {{name: others.get(value, value) for name, value in changes.get(args.type_, {{}}).items()}}
    return pulumi.ResourceTransformationResult({{**args.props, **new}}, args.opts) if new else None


pulumi.runtime.register_stack_transformation(changed)
document = '{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}}]}}'
boundary = aws.iam.Policy("boundary", policy=document, opts=in_account)
place = Place(
    environment=environment, host=None, node_subnet_ids=[], dns_cidrs=[], data_cidrs=[], key_arn=key.arn, volume_key_arn=key.arn,
    log_key_arn=key.arn, boundary_arn=boundary.arn, logs_bucket="logs",
)
args = FeatureStoreArgs(
    place=place, feature_store=store, registry_clients={{}}, online_store_clients={{}}, vpc_id=vpc.id, data_subnet_ids=subnets,
    alarm_topic_arn="arn:aws:sns:{region}:{account}:prod-alarms",
)
registry(args, in_account)
online_store(args, in_account)
"""

# By what is changed: the type, the program's name of the property and the engine's, the new value.
REPLACING = {
    "encryption of the database": (DATABASE, "storage_encrypted", "storageEncrypted", False),
    "key of the database": (DATABASE, "kms_key_id", "kmsKeyId", "other key"),
    "subnet group of the database": (DATABASE, "db_subnet_group_name", "dbSubnetGroupName", "other database subnets"),
    "encryption of the cache": (CACHE, "at_rest_encryption_enabled", "atRestEncryptionEnabled", False),
    "key of the cache": (CACHE, "kms_key_id", "kmsKeyId", "other key"),
    "subnet group of the cache": (CACHE, "subnet_group_name", "subnetGroupName", "other cache subnets"),
}


@dataclass(frozen=True)
class Said:
    """What pulumi said to each change of what was there."""

    growing: Mapping[str, Any]
    """The step of the database in a preview with more storage."""
    grown: int
    """GiB that AWS tells of, after the update."""
    replacing: Mapping[str, str]
    """Previews, by what is changed."""
    untouched: bool
    """Whether the state was as before after them."""


def _write(stack: Stack, *, settings: Mapping[str, Any] | None = None, changes: Mapping[str, Any] | None = None) -> None:
    text = _PROGRAM.format(
        checkout=str(CHECKOUT), settings=dict(settings or {}), changes=dict(changes or {}), region=REGION, account=ACCOUNT
    )
    (stack.project / "__main__.py").write_text(text)


@pytest.fixture(scope="module")
def said(cloud: Instance, tmp_path_factory: pytest.TempPathFactory) -> Said:
    directory = tmp_path_factory.mktemp("changes")
    (directory / "Pulumi.yaml").write_text("name: probe\nruntime: python\n")
    stack = Stack.init(cloud, directory, "changes", ACCOUNT)
    _write(stack)
    stack.up()
    before, replacing = stack.resources(), dict[str, str]()
    for what, (type_, name, _, value) in REPLACING.items():
        _write(stack, changes={type_: {name: value}})
        replacing[what] = stack.pulumi("preview", "--diff", succeeds=False)
    untouched = stack.resources() == before
    storage = {"feature_store": {"registry": {"storage_gib": 200}}}
    _write(stack, settings=storage)
    preview = json.loads(stack.pulumi("preview", "--json"))
    # Production's changes wait for the maintenance window, of which the emulator has none.
    _write(stack, settings=storage, changes={DATABASE: {"apply_immediately": True}})
    stack.up()
    grown = stack.aws("rds").describe_db_instances()["DBInstances"][0]["AllocatedStorage"]
    _remove(stack)
    (growing,) = (each for each in preview["steps"] if f"${DATABASE}::" in each["urn"])
    return Said(growing, grown, replacing, untouched)


def _remove(stack: Stack) -> None:
    """Takes it away although it is protected: a test's leftovers are nobody's data."""
    stack.pulumi("state", "unprotect", "--all", "--yes")
    for database in stack.aws("rds").describe_db_instances()["DBInstances"]:
        stack.aws("rds").modify_db_instance(DBInstanceIdentifier=database["DBInstanceIdentifier"], DeletionProtection=False)
    stack.destroy()


def test_growing_storage_is_done_in_place(said: Said) -> None:
    assert (said.growing["op"], said.growing["diffReasons"]) == ("update", ["allocatedStorage"])
    assert said.grown == 200


@pytest.mark.parametrize("what", REPLACING)
def test_what_would_replace_production_says_so_and_is_stopped_by_protection(said: Said, what: str) -> None:
    preview, (type_, _, property_, _) = said.replacing[what], REPLACING[what]
    assert f"{type_}: (replace)" in preview
    assert re.search(rf"~ {property_} *:", preview)
    name = "registry" if type_ == DATABASE else "online-store"
    assert re.search(rf'unable to replace resource "\S+::{name}"\s+as it is currently marked for protection', preview)


def test_a_preview_that_is_stopped_changes_nothing(said: Said) -> None:
    assert said.untouched
