"""The users of a cache: those of its user groups, with their access strings as ACL rules."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from localcloud.data_plane.redis_nodes import OWN_USER
from localcloud.data_plane.resp import Connection, ErrorReply
from localcloud.provider.interface import Refused

_DEFAULT = "default"


@dataclass(frozen=True)
class User:
    """`passwords` are SHA-256 digests, in hexadecimal; none at all with `is_open` lets anybody in under the name."""

    name: str
    access: str
    passwords: list[str] = field(default_factory=list["str"])
    is_open: bool = False


def digest(password: str) -> str:
    """As an ACL file has it."""
    return hashlib.sha256(password.encode()).hexdigest()


def rules(user: User) -> list[str]:
    """The words of ACL SETUSER after the name; whatever the user could do before is forgotten."""
    login = ["nopass"] if user.is_open else [f"#{each}" for each in user.passwords]
    return ["reset", *user.access.split(), *login]


def first_file(password: str) -> str:
    """users.acl of a new node: nobody gets in but the local cloud itself."""
    return f"user {_DEFAULT} off resetkeys resetchannels -@all\nuser {OWN_USER} on #{digest(password)} ~* &* +@all\n"


def apply(connection: Connection, users: Sequence[User]) -> None:
    """Makes them the node's only users, connections of others ended, and keeps them for its next start.

    Raises Refused for an access string that redis does not understand.
    """
    # Where no user of this name is given there is none to log in as, and clients without a name are this one.
    wanted = {_DEFAULT: User(_DEFAULT, "off -@all"), **{user.name: user for user in users}}
    for user in wanted.values():
        try:
            connection.call("ACL", "SETUSER", user.name, *rules(user))
        except ErrorReply as refusal:
            raise Refused(
                f"user {user.name}: the access string {user.access!r} has no meaning to redis 7.0, which stands in for Valkey: {refusal};"
                " use rules that both know (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/)"
            ) from refusal
    known = connection.call("ACL", "USERS")
    assert isinstance(known, list)  # as the command replies
    for name in (str(each) for each in known):
        if name not in wanted and name != OWN_USER:
            connection.call("ACL", "DELUSER", name)
    connection.call("ACL", "SAVE")
