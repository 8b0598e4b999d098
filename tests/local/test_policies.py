"""The policy pack under the real engine: a violation stops an update before anything exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from localcloud import demo, emulator
from localcloud.instance import CHECKOUT, Instance
from tests.local.conftest import REGION, Stack, platform

PACK = ("--policy-pack", str(CHECKOUT / "policies"))

_TAGS = {"environment": "test", "profile": "development", "owner": "team", "cost-centre": "ml-1", "data-classification": "internal"}
_READING = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}

# Nothing depends on the offenders: without the preview some of the program would be made before they are reached.
_PROGRAM = """
import pulumi
import pulumi_aws as aws

tags = aws.ProviderDefaultTagsArgs(tags={tags})
own = pulumi.ResourceOptions(provider=aws.Provider("aws", region="{region}", default_tags=tags))
key = aws.kms.Key("key", opts=own)
bucket = aws.s3.Bucket("bucket", opts=own)
aws.s3.BucketVersioning("bucket", bucket=bucket.bucket, versioning_configuration={{"status": "Enabled"}}, opts=own)
encryption = {{"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}
aws.s3.BucketServerSideEncryptionConfiguration("bucket", bucket=bucket.bucket,
                                               rules=[{{"apply_server_side_encryption_by_default": encryption}}], opts=own)
aws.s3.BucketPolicy("bucket", bucket=bucket.bucket, policy={tls_only!r}, opts=own)
if {blocked}:
    aws.s3.BucketPublicAccessBlock("bucket", bucket=bucket.bucket, block_public_acls={closed}, block_public_policy=True,
                                   ignore_public_acls=True, restrict_public_buckets=True, opts=own)
aws.rds.Instance("database", identifier="probe", engine="mysql", instance_class="db.t4g.micro", allocated_storage=20, username="admin",
                 manage_master_user_password=True, skip_final_snapshot=True, storage_encrypted={encrypted}, kms_key_id=key.arn,
                 publicly_accessible={public}, db_subnet_group_name="probe", parameter_group_name="probe",
                 ca_cert_identifier="rds-ca-rsa2048-g1", engine_lifecycle_support="open-source-rds-extended-support-disabled", opts=own)
aws.elasticache.ReplicationGroup("cache", replication_group_id="probe", description="probe", engine="valkey", node_type="cache.t4g.micro",
                                 num_cache_clusters=1, transit_encryption_enabled={tls}, at_rest_encryption_enabled=True,
                                 kms_key_id=key.arn, user_group_ids=["probe"], subnet_group_name="probe", opts=own)
role = aws.iam.Role("role", assume_role_policy={trust!r}, opts=own)
aws.iam.RolePolicy("fixed", role=role.name, policy={document!r}, opts=own)
# What is not known in a preview must not hide what is wrong elsewhere.
document = pulumi.Output.json_dumps({{"Version": "2012-10-17", "Statement": [{{**{reading}, "Resource": key.arn}}]}})
aws.iam.RolePolicy("reading", role=role.name, policy=document, opts=own)
"""

_TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
_TLS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::probe", "arn:aws:s3:::probe/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
_BREAKS = {
    "s3-public-access-block": {"blocked": False},
    "s3-public-access-flags": {"closed": False},
    "rds-encrypted": {"encrypted": False},
    "rds-private": {"public": True},
    "cache-tls": {"tls": False},
    "iam-all-actions": {"document": json.dumps({"Version": "2012-10-17", "Statement": [{**_READING, "Action": "*"}]})},
    "required-tags": {"tags": {"owner": "team"}},
}


def _text(**changes: Any) -> str:
    compliant: dict[str, Any] = {
        "region": REGION,
        "tags": _TAGS,
        "reading": _READING,
        "tls_only": json.dumps(_TLS_ONLY),
        "trust": json.dumps({"Version": "2012-10-17", **_TRUST}),
        "document": json.dumps({"Version": "2012-10-17", "Statement": [_READING]}),
        "blocked": True,
        "closed": True,
        "encrypted": True,
        "public": False,
        "tls": True,
    }
    return _PROGRAM.format(**{**compliant, **changes})


def test_compliant_program_passes_and_what_is_not_known_yet_is_said_to_be_so(program: Any) -> None:
    preview = program(_text()).pulumi("preview", *PACK)
    assert "[mandatory]" not in preview
    assert "iam-all-actions: policy is not known yet." in preview


def test_all_violations_are_named_at_once_and_nothing_exists_after_the_refusal(program: Any) -> None:
    broken = {name: value for change in _BREAKS.values() for name, value in change.items()}
    # A bucket without a block has no flags to be wrong.
    stack: Stack = program(_text(**{**broken, "blocked": True}))
    before = stack.everything()
    said = stack.pulumi("up", "--yes", *PACK, succeeds=False)
    assert {rule for rule in _BREAKS if f"[mandatory]  {rule}" in said} == set(_BREAKS) - {"s3-public-access-block"}
    assert stack.resources() == []
    assert stack.everything() == before


def test_bucket_without_a_block_is_refused_before_anything_exists(program: Any) -> None:
    stack: Stack = program(_text(**_BREAKS["s3-public-access-block"]))
    before = stack.everything()
    assert "[mandatory]  s3-public-access-block" in stack.pulumi("up", "--yes", *PACK, succeeds=False)
    assert stack.resources() == []
    assert stack.everything() == before


@pytest.mark.parametrize("stack", sorted(path.name.split(".")[1] for path in (CHECKOUT / "stacks").glob("Pulumi.*.yaml")))
def test_stack_file_passes(cloud: Instance, tmp_path: Path, stack: str) -> None:
    preview = platform(cloud, tmp_path, stack, f"p{stack}").pulumi("preview", *PACK)
    assert "ml-platform@v1.0.0" in preview
    assert "[mandatory]" not in preview


def test_demo_refuses_a_violation_before_anything_exists(cloud: Instance, tmp_path: Path) -> None:
    account = "399999999999"
    for name in ("policies", ".venv"):
        (tmp_path / name).symlink_to(CHECKOUT / name)
    (tmp_path / "Pulumi.yaml").write_text("name: refused\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "__main__.py").write_text(_text(**_BREAKS["rds-encrypted"]))
    (tmp_path / "stacks").mkdir()
    settings = {"account": account, "region": REGION}
    (tmp_path / "stacks" / "Pulumi.broken.yaml").write_text(yaml.safe_dump({"config": {"ml-platform:settings": settings}}))
    assert demo.up(cloud, tmp_path, "broken") != 0
    assert emulator.held(cloud, account) == {}
