"""How each service tags: reading, adding and removing. The scope holds `changed` (a map) and `removed` (a list of keys)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localcloud.aws.row import Call, Read


@dataclass(frozen=True)
class Tagging:
    """`read` gives the property `tagsAll`; None where the row's own reads do."""

    tag: Call
    untag: Call | None
    read: Read | None = None


TAGGING: dict[str, Tagging] = {
    "ec2": Tagging(
        Call("create_tags", "{Resources: [id], Tags: changed}"),
        Call("delete_tags", "{Resources: [id], Tags: removed[*].{Key: @}}"),
    ),
    "kms": Tagging(
        Call("tag_resource", "{KeyId: id, Tags: changed}"),
        Call("untag_resource", "{KeyId: id, TagKeys: removed}"),
        Read("list_resource_tags", "{KeyId: id}", "{tagsAll: Tags}"),
    ),
    "role": Tagging(
        Call("tag_role", "{RoleName: id, Tags: changed}"),
        Call("untag_role", "{RoleName: id, TagKeys: removed}"),
    ),
    "policy": Tagging(
        Call("tag_policy", "{PolicyArn: id, Tags: changed}"),
        Call("untag_policy", "{PolicyArn: id, TagKeys: removed}"),
    ),
    # S3 replaces the whole set; there is no call that removes single tags.
    "bucket": Tagging(
        Call("put_bucket_tagging", "{Bucket: id, Tagging: {TagSet: tagsAll}}"),
        None,
        Read("get_bucket_tagging", "{Bucket: id}", "{tagsAll: TagSet}"),
    ),
    # CodeBuild has no calls for tags: an update of the project replaces the set.
    "codebuild": Tagging(Call("update_project", "{name: name, tags: tagsAll}"), None),
    "rds": Tagging(
        Call("add_tags_to_resource", "{ResourceName: state.arn, Tags: changed}"),
        Call("remove_tags_from_resource", "{ResourceName: state.arn, TagKeys: removed}"),
        Read("list_tags_for_resource", "{ResourceName: state.arn}", "{tagsAll: TagList}"),
    ),
    "elasticache": Tagging(
        Call("add_tags_to_resource", "{ResourceName: state.arn, Tags: changed}"),
        Call("remove_tags_from_resource", "{ResourceName: state.arn, TagKeys: removed}"),
        Read("list_tags_for_resource", "{ResourceName: state.arn}", "{tagsAll: TagList}"),
    ),
    "eks": Tagging(
        Call("tag_resource", "{resourceArn: state.arn || state.accessEntryArn, tags: changed}"),
        Call("untag_resource", "{resourceArn: state.arn || state.accessEntryArn, tagKeys: removed}"),
        Read("list_tags_for_resource", "{resourceArn: state.arn || state.accessEntryArn}", "{tagsAll: tags}"),
    ),
    "ssm": Tagging(
        Call("add_tags_to_resource", "{ResourceType: 'Parameter', ResourceId: id, Tags: changed}"),
        Call("remove_tags_from_resource", "{ResourceType: 'Parameter', ResourceId: id, TagKeys: removed}"),
        Read("list_tags_for_resource", "{ResourceType: 'Parameter', ResourceId: id}", "{tagsAll: TagList}"),
    ),
    "secretsmanager": Tagging(
        Call("tag_resource", "{SecretId: id, Tags: changed}"),
        Call("untag_resource", "{SecretId: id, TagKeys: removed}"),
    ),
    "ecr": Tagging(
        Call("tag_resource", "{resourceArn: state.arn, tags: changed}"),
        Call("untag_resource", "{resourceArn: state.arn, tagKeys: removed}"),
        Read("list_tags_for_resource", "{resourceArn: state.arn}", "{tagsAll: tags}"),
    ),
    "sns": Tagging(
        Call("tag_resource", "{ResourceArn: id, Tags: changed}"),
        Call("untag_resource", "{ResourceArn: id, TagKeys: removed}"),
        Read("list_tags_for_resource", "{ResourceArn: id}", "{tagsAll: Tags}"),
    ),
    "kinesis": Tagging(
        Call("add_tags_to_stream", "{StreamName: state.name, Tags: changed}"),
        Call("remove_tags_from_stream", "{StreamName: state.name, TagKeys: removed}"),
        Read("list_tags_for_stream", "{StreamName: state.name}", "{tagsAll: Tags}"),
    ),
    "firehose": Tagging(
        Call("tag_delivery_stream", "{DeliveryStreamName: state.name, Tags: changed}"),
        Call("untag_delivery_stream", "{DeliveryStreamName: state.name, TagKeys: removed}"),
        Read("list_tags_for_delivery_stream", "{DeliveryStreamName: state.name}", "{tagsAll: Tags}"),
    ),
    "glue": Tagging(
        Call("tag_resource", "{ResourceArn: state.arn, TagsToAdd: changed}"),
        Call("untag_resource", "{ResourceArn: state.arn, TagsToRemove: removed}"),
        Read("get_tags", "{ResourceArn: state.arn}", "{tagsAll: Tags}"),
    ),
    "athena": Tagging(
        Call("tag_resource", "{ResourceARN: state.arn, Tags: changed}"),
        Call("untag_resource", "{ResourceARN: state.arn, TagKeys: removed}"),
        Read("list_tags_for_resource", "{ResourceARN: state.arn}", "{tagsAll: Tags}"),
    ),
    "budgets": Tagging(
        Call("tag_resource", "{ResourceARN: state.arn, ResourceTags: changed}"),
        Call("untag_resource", "{ResourceARN: state.arn, ResourceTagKeys: removed}"),
        Read("list_tags_for_resource", "{ResourceARN: state.arn}", "{tagsAll: ResourceTags}"),
    ),
    "logs": Tagging(
        Call("tag_resource", "{resourceArn: state.arn, tags: changed}"),
        Call("untag_resource", "{resourceArn: state.arn, tagKeys: removed}"),
        Read("list_tags_for_resource", "{resourceArn: state.arn}", "{tagsAll: tags}"),
    ),
}


def own_tags(all_tags: dict[str, str], default_tags: dict[str, str], given: dict[str, Any]) -> dict[str, str]:
    """The tags that are the resource's own: all but the provider's default ones, unless given on the resource too."""
    return {key: value for key, value in all_tags.items() if default_tags.get(key) != value or key in given}


def without_system_tags(tags: dict[str, str]) -> dict[str, str]:
    """Tags that begin with `aws:` belong to AWS: they are neither read nor removed."""
    return {key: value for key, value in tags.items() if not key.startswith("aws:")}
