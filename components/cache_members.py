"""Users who join a group of ElastiCache that another stack made."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.cache_users import CacheUser, join
from components.order import known_after


@dataclass(frozen=True, kw_only=True)
class CacheMembersArgs:
    group: pulumi.Input[str]
    """The group's id."""
    users: Mapping[str, CacheUser]
    """By their names, which are their ids too."""


class CacheMembers(pulumi.ComponentResource):
    """Users of ElastiCache as members of a group that is there already. They leave it before they are deleted."""

    group: pulumi.Output[str]
    """The group's id, known once all of them are members."""

    def __init__(self, name: str, args: CacheMembersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:CacheMembers", name, None, opts)
        group = pulumi.Output.from_input(args.group)
        self.group = known_after(group, join(group, args.users, pulumi.ResourceOptions(parent=self)))
        self.register_outputs({"group": self.group})
