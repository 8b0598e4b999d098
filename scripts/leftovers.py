"""What controllers in clusters and drills make in AWS, and can leave behind: how it is found by the deployment's tag, and deleted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TAG = "deployment"

DRILL = "-registry-drill-"
"""In the names of all that scripts/restore_drill.py makes."""

# How many the API takes: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
_ARNS_AT_ONCE = 20


@dataclass(frozen=True)
class Clients:
    """boto3's, of the stack's own account and region."""

    ec2: Any
    elbv2: Any
    iam: Any
    rds: Any


@dataclass(frozen=True)
class Leftover:
    """One object that has the deployment's tag."""

    kind: str
    id: str
    about: str
    """What a person knows it by: its name, its state, and which service of AWS operates it where one does."""


@dataclass(frozen=True)
class Kind:
    """`find` takes nothing whose tag is not exactly the deployment's; `delete` takes the id of what was found."""

    name: str
    find: Callable[[Clients, str], Iterable[Leftover]]
    delete: Callable[[Clients, str], object]


def _has(tags: Iterable[Mapping[str, str]], deployment: str) -> bool:
    return any(tag["Key"] == TAG and tag["Value"] == deployment for tag in tags)


def _of_ec2(
    kind: str, operation: str, path: str, id_: str, about: Callable[[Any], Sequence[str]], **more: Any
) -> Callable[[Clients, str], Iterator[Leftover]]:
    """Searches EC2: `path` says what of an answer counts, `id_` is the field of the id."""

    def find(clients: Clients, deployment: str) -> Iterator[Leftover]:
        # EC2 takes * and ? in a filter's value for wildcards: what it found is looked at again.
        pages = clients.ec2.get_paginator(operation).paginate(Filters=[{"Name": f"tag:{TAG}", "Values": [deployment]}], **more)
        for each in pages.search(path):
            if _has(each.get("Tags") or each.get("TagSet", ()), deployment):
                operator = each.get("Operator", {})
                operated = [f"operated by {operator.get('Principal', 'AWS')}"] if operator.get("Managed") else []
                yield Leftover(kind, each[id_], ", ".join([*filter(None, about(each)), *operated]))

    return find


def _of_elbv2(
    kind: str, operation: str, path: str, id_: str, about: Callable[[Any], Sequence[str]]
) -> Callable[[Clients, str], Iterator[Leftover]]:
    """Searches Elastic Load Balancing, which tells tags only to whoever asks for them by ARN."""

    def find(clients: Clients, deployment: str) -> Iterator[Leftover]:
        found = {each[id_]: each for each in clients.elbv2.get_paginator(operation).paginate().search(path)}
        arns = list(found)
        for first in range(0, len(arns), _ARNS_AT_ONCE):
            described = clients.elbv2.describe_tags(ResourceArns=arns[first : first + _ARNS_AT_ONCE])["TagDescriptions"]
            for each in described:
                if _has(each["Tags"], deployment):
                    yield Leftover(kind, each["ResourceArn"], ", ".join(about(found[each["ResourceArn"]])))

    return find


def _databases(clients: Clients, deployment: str) -> Iterator[Leftover]:
    for each in clients.rds.get_paginator("describe_db_instances").paginate().search("DBInstances[]"):
        if _has(each.get("TagList", ()), deployment):
            yield Leftover("database", each["DBInstanceIdentifier"], each["DBInstanceStatus"])


def _delete_database(clients: Clients, identifier: str) -> None:
    clients.rds.modify_db_instance(DBInstanceIdentifier=identifier, DeletionProtection=False, ApplyImmediately=True)
    clients.rds.delete_db_instance(DBInstanceIdentifier=identifier, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)


def _drill_snapshots(clients: Clients, deployment: str) -> Iterator[Leftover]:
    """Not the final snapshots, which have the tag too, and are to stay."""
    for each in clients.rds.get_paginator("describe_db_snapshots").paginate(SnapshotType="manual").search("DBSnapshots[]"):
        if DRILL in each["DBSnapshotIdentifier"] and _has(each.get("TagList", ()), deployment):
            yield Leftover("database snapshot", each["DBSnapshotIdentifier"], f"of {each['DBInstanceIdentifier']}, {each['Status']}")


def _instance_profiles(clients: Clients, deployment: str) -> Iterator[Leftover]:
    for profile in clients.iam.get_paginator("list_instance_profiles").paginate().search("InstanceProfiles[]"):
        # A list of profiles leaves their tags out.
        name = profile["InstanceProfileName"]
        if _has(clients.iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"].get("Tags", ()), deployment):
            yield Leftover("instance profile", name, ", ".join(role["RoleName"] for role in profile["Roles"]))


def _delete_instance_profile(clients: Clients, name: str) -> None:
    for role in clients.iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]:
        clients.iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=role["RoleName"])
    clients.iam.delete_instance_profile(InstanceProfileName=name)


def _delete_security_group(clients: Clients, group_id: str) -> None:
    """Its rules about other groups go first: two groups that name each other could never be deleted."""
    pages = clients.ec2.get_paginator("describe_security_group_rules").paginate(Filters=[{"Name": "group-id", "Values": [group_id]}])
    rules = [rule for rule in pages.search("SecurityGroupRules[]") if rule.get("ReferencedGroupInfo")]
    for egress, revoke in ((False, clients.ec2.revoke_security_group_ingress), (True, clients.ec2.revoke_security_group_egress)):
        if ids := [rule["SecurityGroupRuleId"] for rule in rules if rule["IsEgress"] is egress]:
            revoke(GroupId=group_id, SecurityGroupRuleIds=ids)
    clients.ec2.delete_security_group(GroupId=group_id)


def _name(each: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in each.get("Tags", ()) if tag["Key"] == "Name"), "")


# AWS hides from some accounts what its own services operate, unless it is asked for.
_ALL: Mapping[str, Any] = {"IncludeManagedResources": True}

KINDS = (
    Kind(
        "load balancer",
        _of_elbv2("load balancer", "describe_load_balancers", "LoadBalancers[]", "LoadBalancerArn", lambda lb: [lb["Type"]]),
        lambda clients, arn: clients.elbv2.delete_load_balancer(LoadBalancerArn=arn),
    ),
    Kind(
        "target group",
        _of_elbv2("target group", "describe_target_groups", "TargetGroups[]", "TargetGroupArn", lambda group: [group["TargetType"]]),
        lambda clients, arn: clients.elbv2.delete_target_group(TargetGroupArn=arn),
    ),
    # AWS lets nobody but EKS end an instance of Auto Mode: https://github.com/aws/eks-node-monitoring-agent/pull/151.
    Kind(
        "instance",
        _of_ec2(
            "instance",
            "describe_instances",
            "Reservations[].Instances[] | [?State.Name != 'terminated']",
            "InstanceId",
            lambda instance: [_name(instance), instance["State"]["Name"]],
            **_ALL,
        ),
        lambda clients, id_: clients.ec2.terminate_instances(InstanceIds=[id_]),
    ),
    Kind(
        "launch template",
        _of_ec2(
            "launch template",
            "describe_launch_templates",
            "LaunchTemplates[]",
            "LaunchTemplateId",
            lambda template: [template["LaunchTemplateName"]],
            **_ALL,
        ),
        lambda clients, id_: clients.ec2.delete_launch_template(LaunchTemplateId=id_),
    ),
    Kind(
        "volume",
        _of_ec2("volume", "describe_volumes", "Volumes[]", "VolumeId", lambda volume: [f"{volume['Size']} GiB", volume["State"]], **_ALL),
        lambda clients, id_: clients.ec2.delete_volume(VolumeId=id_),
    ),
    Kind(
        "snapshot",
        _of_ec2(
            "snapshot",
            "describe_snapshots",
            "Snapshots[]",
            "SnapshotId",
            lambda snapshot: [f"of {snapshot['VolumeId']}", snapshot["State"]],
            OwnerIds=["self"],
        ),
        lambda clients, id_: clients.ec2.delete_snapshot(SnapshotId=id_),
    ),
    Kind(
        "network interface",
        _of_ec2(
            "network interface",
            "describe_network_interfaces",
            "NetworkInterfaces[]",
            "NetworkInterfaceId",
            lambda interface: [interface.get("Description", ""), interface["Status"]],
            **_ALL,
        ),
        lambda clients, id_: clients.ec2.delete_network_interface(NetworkInterfaceId=id_),
    ),
    Kind(
        "security group",
        # A VPC's default group goes with the VPC, and not before.
        _of_ec2(
            "security group",
            "describe_security_groups",
            "SecurityGroups[?GroupName != 'default']",
            "GroupId",
            lambda group: [group["GroupName"]],
        ),
        _delete_security_group,
    ),
    Kind("instance profile", _instance_profiles, _delete_instance_profile),
    # What a drill that was killed left: the stack's own database is in its state.
    Kind("database", _databases, _delete_database),
    Kind("database snapshot", _drill_snapshots, lambda clients, id_: clients.rds.delete_db_snapshot(DBSnapshotIdentifier=id_)),
)
"""In the order in which AWS lets them go: each is in use by some kind before it."""
