"""Beside a cache's users: their passwords' digests, which the emulator does not keep, and the nodes on which they are users."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from localcloud.aws.clients import CallFailed, Clients
from localcloud.data_plane import redis_cluster
from localcloud.data_plane.layout import stored_keys
from localcloud.data_plane.redis_users import User, digest
from localcloud.data_plane.redis_view import Cluster
from localcloud.instance import Instance, write_atomically
from localcloud.provider.interface import Refused
from localcloud.provider.values import Properties

# Where a replication group has no user group anybody is let in, as on ElastiCache.
_ANYBODY = User("default", "on ~* &* +@all", is_open=True)


class _CacheUser:
    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Stores what redis has to know of the user, and tells the nodes of every cache that it may use."""
        path = _path(instance, account, state["region"], state["userId"])
        mode: dict[str, Any] = state.get("authenticationMode") or {}
        passwords: list[str] = state.get("passwords") or mode.get("passwords") or []
        is_open = bool(state.get("noPasswordRequired")) or mode.get("type") == "no-password-required"
        user = User(state["userName"], state["accessString"], [digest(each) for each in passwords], is_open)
        text = json.dumps(asdict(user), indent=2)
        if not path.exists() or path.read_text() != text:
            write_atomically(path, text)
            tell(instance, account, state["region"])
        return {}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        path = _path(instance, account, state["region"], state["userId"])
        if path.exists():
            path.unlink()
            tell(instance, account, state["region"])


class _CacheMembers:
    """For a user group, and for the association of one user with it."""

    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Tells the nodes of the caches that have the group who belongs to it now."""
        tell(instance, account, state["region"], state["userGroupId"])
        return {}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        """Ends an associated user's time on the nodes. ElastiCache deletes no group that a cache has: there is nothing to tell."""
        if "userId" in state:
            tell(instance, account, state["region"], state["userGroupId"], without=state["userId"])


def users(instance: Instance, account: str, region: str, groups: list[str], without: str = "") -> list[User]:
    """Who may use a cache with these user groups, all but the user of the id `without`."""
    if not groups:
        return [_ANYBODY]
    clients = Clients(region, root_of=account)
    ids = {each for group in groups for each in _members(clients, group)} - {without}
    files = [_path(instance, account, region, each) for each in sorted(ids)]
    # A user that is being deleted is a member for as long as the delete call has not been answered.
    return [User(**json.loads(file.read_text())) for file in files if file.exists()]


def tell(instance: Instance, account: str, region: str, group: str = "", without: str = "") -> None:
    """Makes every cache's users there (or those of caches with `group`) what they are by now."""
    for key in stored_keys(instance):
        cluster = Cluster.stored(instance, key) if key.kind == "valkey" and (key.account, key.region) == (account, region) else None
        if cluster is None or (group and group not in cluster.settings.user_groups):
            continue
        try:
            redis_cluster.apply_users(cluster, users(instance, account, region, cluster.settings.user_groups, without))
        except OSError as problem:
            remedy = "start it (python -m localcloud start), then `pulumi up` again"
            raise Refused(
                f"a node of replication group {key.name} does not answer, so its users are not changed: {problem}; {remedy}"
            ) from problem


def _members(clients: Clients, group: str) -> list[str]:
    try:
        answer = clients.call("elasticache", "describe_user_groups", {"UserGroupId": group})
    except CallFailed as error:
        if error.code in {"UserGroupNotFound", "UserGroupNotFoundFault"}:
            return []
        raise
    return answer["UserGroups"][0].get("UserIds", [])


def _path(instance: Instance, account: str, region: str, id: str) -> Path:
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html: what a user id may be
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-]*", id):
        raise Refused(f"user id {id!r}: ElastiCache wants a letter, then letters, digits and hyphens; choose another id")
    return instance.path("data-plane", "users", f"{account}-{region}-{id}.json")


CACHE_USER = _CacheUser()
CACHE_MEMBERS = _CacheMembers()
