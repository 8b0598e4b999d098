"""What preview says a resource will be."""

from __future__ import annotations

from typing import Any, cast

from localcloud.aws.facts import Property
from localcloud.aws.resource import Resource
from localcloud.provider.values import UNKNOWN, Properties


def planned(resource: Resource, state: Properties, inputs: Properties) -> Properties:
    """What preview can know: the inputs, defaults and tags; for a new resource everything else is unknown."""
    fact = resource.fact
    planned: Properties = dict(state)
    if not state:
        planned = dict.fromkeys([name for name, each in fact.inputs.items() if each.computed], UNKNOWN)
        planned |= dict.fromkeys(fact.outputs, UNKNOWN)
    planned |= {name: each.default for name, each in fact.inputs.items() if each.default is not None and name not in planned}
    for name, value in inputs.items():
        if not name.startswith("__"):
            planned[name] = value if state else _with_unknowns(value, fact.inputs[name])
    planned |= {"region": resource.account.region} if "region" in fact.inputs else {}
    return planned | ({"tagsAll": resource.wanted_tags(inputs)} if resource.row.tags else {})


def _with_unknowns(value: Any, fact: Property) -> Any:
    """A new resource's object, with the members that AWS will fill in as unknown."""
    if fact.type != "object" or not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    filled = {name: UNKNOWN for name, each in fact.properties.items() if each.computed and name not in members}
    return {name: _with_unknowns(item, fact.properties[name]) for name, item in members.items() if name in fact.properties} | filled
