"""ElastiCache: what a replication group is made with: parameter groups, users, and their groups."""

from __future__ import annotations

from localcloud.aws.cache_users import CACHE_MEMBERS, CACHE_USER
from localcloud.aws.row import Call, NotChanged, Read, Row

ROWS = (
    Row(
        "aws:elasticache/parameterGroup:ParameterGroup",
        service="elasticache",
        id="name",
        create=(
            Call(
                "create_cache_parameter_group",
                "{CacheParameterGroupName: name, CacheParameterGroupFamily: family, Description: description, Tags: tagsAll}",
            ),
        ),
        read=(
            Read(
                "describe_cache_parameter_groups",
                "{CacheParameterGroupName: id}",
                """CacheParameterGroups[0].{name: CacheParameterGroupName, family: CacheParameterGroupFamily, description: Description,
                    arn: ARN}""",
            ),
            Read(
                "describe_cache_parameters",
                "{CacheParameterGroupName: id, Source: 'user'}",
                # The emulator returns those of AWS too.
                "{parameters: Parameters[?Source=='user'].{name: ParameterName, value: ParameterValue}}",
            ),
        ),
        update=(
            # As for parameter groups of RDS: all old ones go back to their defaults, then the wanted ones are set.
            Call(
                "reset_cache_parameter_group",
                "{CacheParameterGroupName: id, ParameterNameValues: old.parameters[*].{ParameterName: name, ParameterValue: value}}",
                when="[parameters, old.parameters][1]",
            ),
            Call(
                "modify_cache_parameter_group",
                "{CacheParameterGroupName: id, ParameterNameValues: parameters[*].{ParameterName: name, ParameterValue: value}}",
                when="parameters",
            ),
        ),
        delete=(Call("delete_cache_parameter_group", "{CacheParameterGroupName: id}"),),
        gone=("CacheParameterGroupNotFound",),
        tags="elasticache",
        lower_name=True,
    ),
    Row(
        "aws:elasticache/user:User",
        service="elasticache",
        id="userId",
        create=(
            Call(
                "create_user",
                "{UserId: userId, UserName: userName, Engine: engine, AccessString: accessString, Passwords: passwords, Tags: tagsAll}",
            ),
        ),
        read=(
            Read(
                "describe_users",
                "{UserId: id}",
                "Users[0].{userId: UserId, userName: UserName, engine: Engine, accessString: AccessString, arn: ARN}",
            ),
        ),
        update=(Call("modify_user", "{UserId: id, AccessString: accessString, Passwords: passwords}"),),
        delete=(Call("delete_user", "{UserId: id}"),),
        gone=("UserNotFound",),
        tags="elasticache",
        same={"engine": "lower_case"},
        unread={"passwords": "AWS returns how many there are, and none of them"},
        not_changed={
            "engine": NotChanged("ModifyUser of the emulator drops it", Call("modify_user", "{UserId: id, Engine: engine}")),
        },
        hook=CACHE_USER,
    ),
    Row(
        "aws:elasticache/userGroup:UserGroup",
        service="elasticache",
        id="userGroupId",
        create=(Call("create_user_group", "{UserGroupId: userGroupId, Engine: engine, UserIds: userIds, Tags: tagsAll}"),),
        read=(
            Read(
                "describe_user_groups",
                "{UserGroupId: id}",
                "UserGroups[0].{userGroupId: UserGroupId, engine: Engine, userIds: UserIds, arn: ARN}",
            ),
        ),
        update=(Call("modify_user_group", "{UserGroupId: id, UserIdsToAdd: added.userIds, UserIdsToRemove: dropped.userIds}"),),
        delete=(Call("delete_user_group", "{UserGroupId: id}"),),
        gone=("UserGroupNotFound",),
        tags="elasticache",
        same={"engine": "lower_case"},
        hook=CACHE_MEMBERS,
    ),
    Row(
        "aws:elasticache/userGroupAssociation:UserGroupAssociation",
        service="elasticache",
        id="join(',', [userGroupId, userId])",
        create=(Call("modify_user_group", "{UserGroupId: userGroupId, UserIdsToAdd: [userId]}"),),
        read=(
            Read(
                "describe_user_groups",
                "{UserGroupId: userGroupId}",
                "UserGroups[?contains(UserIds, '$userId')] | [0].{userGroupId: UserGroupId, userId: '$userId'}",
            ),
        ),
        delete=(Call("modify_user_group", "{UserGroupId: userGroupId, UserIdsToRemove: [userId]}"),),
        # AWS's word for a user who is no member.
        gone=("UserGroupNotFound", "InvalidParameterValue"),
        id_pattern="(?P<userGroupId>[^,]+),(?P<userId>.+)",
        hook=CACHE_MEMBERS,
    ),
)
