"""Who hears of databases: RDS.20, RDS.21. A subscription is a resource of its own, so this is a rule about the whole stack.

Not RDS.22: its security groups are those of EC2-Classic, which a VPC does not have.
"""

from collections.abc import Iterator, Sequence

from policies.rule import UNKNOWN, Finding, Resource, StackRule, Unverified, Violation

_SUBSCRIPTION = "aws:rds/eventSubscription:EventSubscription"
_INSTANCE, _GROUP = "aws:rds/instance:Instance", "aws:rds/parameterGroup:ParameterGroup"
# By type: how a subscription calls it, the property that is its identifier, what must be heard of.
_HEARD = {
    _INSTANCE: ("db-instance", "identifier", ("maintenance", "configuration change", "failure")),
    _GROUP: ("db-parameter-group", "name", ("configuration change",)),
}


def _check(resources: Sequence[Resource]) -> Iterator[Finding]:
    subscriptions = [each for each in resources if each.type == _SUBSCRIPTION]
    for each in subscriptions:
        if UNKNOWN in (each.properties.get("sourceType"), each.properties.get("eventCategories")):
            yield Unverified("what it subscribes to is not known yet.", each.urn)
    for resource in resources:
        if resource.type in _HEARD and not any(_hears(each, resource) for each in subscriptions):
            kind, _, categories = _HEARD[resource.type]
            yield Violation(f"Nobody hears of it: add an EventSubscription to {kind} with {', '.join(categories)}.", resource.urn)


def _hears(subscription: Resource, resource: Resource) -> bool:
    kind, identifier, categories = _HEARD[resource.type]
    properties = subscription.properties
    sources, heard = properties.get("sourceIds") or [], properties.get("eventCategories") or []
    return (
        properties.get("enabled") is not False
        # None, and no sources or categories: all of them.
        and properties.get("sourceType") in (None, kind)
        and (not sources or resource.urn in subscription.sources.get("sourceIds", ()) or _named(sources, resource, identifier))
        and (not heard or heard is UNKNOWN or set(categories) <= set(heard))
    )


def _named(sources: object, resource: Resource, identifier: str) -> bool:
    name = resource.properties.get(identifier)
    return isinstance(sources, list) and name not in (None, UNKNOWN) and name in sources


RULE = StackRule(
    name="rds-events",
    description="Somebody hears when a database fails, is maintained, or is configured differently.",
    types=frozenset({_SUBSCRIPTION, *_HEARD}),
    check=_check,
    level="production",
)
