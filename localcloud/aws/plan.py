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
            planned[name] = _filled(value, fact.inputs[name], state.get(name))
    planned |= {"region": resource.account.region} if "region" in fact.inputs else {}
    return planned | ({"tagsAll": resource.wanted_tags(inputs)} if resource.row.tags else {})


def _filled(value: Any, fact: Property, before: Any) -> Any:
    """An object with the members that AWS fills in: as they were `before`, and unknown where there was no such object."""
    if fact.type != "object" or not isinstance(value, dict):
        return value
    members, was = cast("dict[str, Any]", value), cast("dict[str, Any]", before) if isinstance(before, dict) else None
    computed = [name for name, each in fact.properties.items() if each.computed and name not in members]
    filled = {name: UNKNOWN if was is None else was[name] for name in computed if was is None or name in was}
    given = {name: item for name, item in members.items() if name in fact.properties}
    return {name: _filled(item, fact.properties[name], (was or {}).get(name)) for name, item in given.items()} | filled
