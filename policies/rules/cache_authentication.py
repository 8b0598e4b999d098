"""Who a cache lets in: ElastiCache.6."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

_GROUP, _USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"


def _check(resource: Resource) -> Iterator[Finding]:
    if resource.type == _GROUP:
        if not resource.properties.get("userGroupIds") and not resource.properties.get("authToken"):
            yield Violation(
                "userGroupIds is not set: name the user group of those who may connect. Whoever reaches the cache could read it."
            )
        return
    if resource.properties.get("noPasswordRequired") not in (None, False):
        yield Violation("noPasswordRequired is set: give the user a password. Whoever reaches the cache could come as it.")
    name, access = resource.properties.get("userName"), resource.properties.get("accessString")
    if UNKNOWN in (name, access):
        yield Unverified("userName or accessString is not known yet; a user `default` must be off.")
    elif name == "default" and "off" not in str(access).split():
        yield Violation(f"accessString of the user `default` is {access!r}: begin it with `off`. It is whoever names no user.")


RULE = ResourceRule(
    name="cache-authentication",
    description="A cache lets in users of its group only, each with a password, and none that names no user.",
    types=frozenset({_GROUP, _USER}),
    check=_check,
)
