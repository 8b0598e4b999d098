"""Who may connect to a cache."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning.cache import NOBODY
from planning.passwords import password

ENGINE = "valkey"


@dataclass(frozen=True, kw_only=True)
class CacheUser:
    access: str
    """The ACL: keys, channels and commands."""
    passwords: pulumi.Output[list[str]]
    """One, or two while the older one is still in use."""


@dataclass(frozen=True, kw_only=True)
class CacheUsersArgs:
    group: str
    nobody: str
    """The id of the user whose name is `default`, as which clients come that name no user: it is off."""
    users: Mapping[str, CacheUser]
    """By their names, which are their ids too: unique in the account and region, and as ElastiCache keeps them, in lower case."""


class CacheUsers(pulumi.ComponentResource):
    """Users of ElastiCache, and the group of them that a cache has. Others may add users of their own to the group."""

    group: pulumi.Output[str]
    """The group's id, known once all its users are members: while they change, ElastiCache gives the group to no cache."""

    def __init__(self, name: str, args: CacheUsersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:CacheUsers", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        # Valkey's group takes no user without a password, be it off: this one's is known to nobody, and stays what it was first.
        drawn = pulumi.ResourceOptions(parent=self, ignore_changes=["passwords"])
        nobody = aws.elasticache.User(
            f"{name}-default",
            user_id=args.nobody,
            user_name="default",
            engine=ENGINE,
            access_string=NOBODY,
            passwords=pulumi.Output.secret([password()]),
            opts=drawn,
        )
        # Members come and go by associations, tenants' own ones among them: the group's list is that of its first moment.
        members = pulumi.ResourceOptions(parent=self, ignore_changes=["userIds"])
        group = aws.elasticache.UserGroup(name, user_group_id=args.group, engine=ENGINE, user_ids=[nobody.user_id], opts=members)
        self.group = known_after(group.user_group_id, join(group.user_group_id, args.users, child))
        self.register_outputs({"group": self.group})


def join(
    group: pulumi.Output[str], users: Mapping[str, CacheUser], child: pulumi.ResourceOptions
) -> Sequence[aws.elasticache.UserGroupAssociation]:
    """Makes users, by their names, and members of a group of them."""
    joined: list[aws.elasticache.UserGroupAssociation] = []
    for user, each in users.items():
        made = aws.elasticache.User(
            user, user_id=user, user_name=user, engine=ENGINE, access_string=each.access, passwords=each.passwords, opts=child
        )
        joined.append(
            aws.elasticache.UserGroupAssociation(
                user,
                user_group_id=group,
                user_id=made.user_id,
                # ElastiCache refuses a change of a group while another is under way.
                opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=joined[-1:])),
            )
        )
    return joined
