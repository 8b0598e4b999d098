"""`pulumi-resource-aws` of the local cloud: rows and facts behind the provider interface."""

from __future__ import annotations

import json
from typing import Any, cast

from localcloud import creating
from localcloud.aws import adoption, check, compare, engine, functions, plan, reading
from localcloud.aws.adoption import UNFINISHED
from localcloud.aws.clients import Clients
from localcloud.aws.compare import within
from localcloud.aws.facts import Property, facts
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.aws.wired import wired
from localcloud.faults import Faults
from localcloud.instance import Instance
from localcloud.provider.interface import Checked, Difference, InitFailed, Provider, Refused, Target
from localcloud.provider.service import serve
from localcloud.provider.values import UNKNOWN, Properties

# Settings that make no difference here: where the official provider would look for credentials and metadata.
_IGNORED_SETTINGS = frozenset({"version", "skipCredentialsValidation", "skipRegionValidation", "skipMetadataApiCheck", "pluginDownloadURL"})


class AwsProvider(Provider):
    """The AWS provider of the local cloud. Refuses, by name, every type, property and setting that it does not carry."""

    version = "7.51.1"

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._clients: Clients | None = None
        self._account: Account | None = None

    def configure(self, arguments: Properties) -> None:
        settings = {name: _json(value) for name, value in arguments.items() if name not in _IGNORED_SETTINGS}
        region = settings.pop("region", None)
        allowed = cast("list[str] | None", settings.pop("allowedAccountIds", None))
        default_tags = cast("dict[str, Any]", settings.pop("defaultTags", None) or {}).get("tags") or {}
        if settings:
            raise Refused(f"provider settings {sorted(settings)} are not modelled by the local cloud; extend localcloud/aws/provider.py")
        if not isinstance(region, str):
            raise Refused("the AWS provider has no region: give one, for example aws.Provider(..., region=settings.region)")
        self._clients = Clients(region, Faults(self._instance))
        caller = str(self._clients.call("sts", "get_caller_identity", {})["Account"])
        if allowed is not None and caller not in allowed:
            raise Refused(
                f"the credentials are of account {caller}; the stack file allows {', '.join(allowed)}: "
                'nothing was touched; run eval "$(python -m localcloud env STACK)" for this stack'
            )
        self._account = Account(caller, region, default_tags, self._instance)
        creating.resume(self._instance, "aws")

    def cancel(self) -> None:
        if self._clients is not None:
            self._clients.cancel()

    def check(self, target: Target, old_inputs: Properties, new_inputs: Properties, seed: bytes) -> Checked:
        resource = self._resource(target)
        failures = check.failures(resource.row, resource.fact, new_inputs)
        # An update that broke off drew a name already: under another one its object would not be found.
        begun = None if old_inputs else adoption.creating(resource).of(target.urn)
        old = begun.inputs if begun is not None else old_inputs
        return Checked(check.named(resource.row, resource.fact, target.name, old, new_inputs, seed), tuple(failures))

    def diff(self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties) -> Difference:
        resource = self._resource(target)
        found = compare.changes(resource.row, resource.fact, state, old_inputs, new_inputs)
        if resource.row.tags:
            found += compare.tag_changes(state, resource.wanted_tags(new_inputs), new_inputs.get("tags") or {})
        name = resource.fact.autoname
        given = name is not None and name not in new_inputs.get(check.DEFAULTED, ())
        same_name = given and name is not None and state.get(name) == new_inputs.get(name)
        return Difference(tuple(found), delete_before_replace=same_name or resource.row.deletes_first)

    def create(self, target: Target, inputs: Properties, *, preview: bool) -> tuple[str, Properties]:
        resource = self._resource(target)
        return ("", plan.planned(resource, {}, inputs)) if preview else engine.create(resource, target.urn, inputs)

    def read(self, target: Target, id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        resource = self._resource(target)
        found = reading.read(resource, id, state, inputs)
        if found is None:
            return None
        observed = _observed_inputs(resource, found, inputs)
        if state.get(UNFINISHED):
            raise InitFailed(id, {**found, UNFINISHED: True}, observed, f"{target.type} {id} was not made completely: `pulumi up` goes on")
        return found, observed

    def update(
        self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties, *, preview: bool
    ) -> Properties:
        resource = self._resource(target)
        if preview:
            # It shows what AWS would do, also where only the emulator could not do it.
            return plan.planned(resource, state, new_inputs)
        updated = engine.update(resource, id, state, old_inputs, new_inputs)
        left = sorted({change.path for change in compare.changes(resource.row, resource.fact, updated, new_inputs, new_inputs)})
        if left:
            reason = f"{target.type} {id}: {left} cannot be changed in place by the local cloud: the emulator accepted it and did not do it"
            raise InitFailed(id, updated, new_inputs, reason)
        return updated

    def delete(self, target: Target, id: str, state: Properties) -> None:
        engine.delete(self._resource(target), id, state)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        if self._clients is None:
            raise Refused("the provider is not configured: its region or its credentials are not known yet")
        return functions.called(self._clients, token, arguments)

    def secret_properties(self, type: str) -> frozenset[str]:
        known = facts(type) if type in ROWS else None
        return frozenset(name for name, each in known.inputs.items() if each.sensitive) if known else frozenset()

    def _resource(self, target: Target) -> Resource:
        if target.type not in ROWS:
            raise Refused(f"{target.type} is not modelled by the local cloud; add its row to localcloud/aws/rows")
        if self._clients is None or self._account is None:
            raise Refused("the provider is not configured: its region or its credentials are not known yet")
        return Resource(ROWS[target.type], facts(target.type), self._clients, self._account)


def _observed_inputs(resource: Resource, found: Properties, inputs: Properties) -> Properties:
    """The inputs as refresh records them: those that were given, with what was found; on import, all that are not AWS's own choice."""
    if not inputs:
        own = {name for name, each in resource.fact.inputs.items() if each.required or not each.computed or name == resource.fact.autoname}
        sent = wired(resource.row, resource.fact)
        return {name: _sendable(found[name], name, sent) for name in own if name in found and any(within(each, name) for each in sent)}
    observed = {name: _like(value, found[name], resource.fact.inputs[name]) for name, value in inputs.items() if name in found}
    return {name: value for name, value in inputs.items() if name.startswith("__")} | observed


def _sendable(value: Any, path: str, sent: frozenset[str]) -> Any:
    """`value`, without the members that only AWS gives."""
    if path in sent:
        return value
    if isinstance(value, list):
        return [_sendable(item, path, sent) for item in cast("list[Any]", value)]
    members = cast("dict[str, Any]", value)
    return {
        name: _sendable(item, f"{path}.{name}", sent)
        for name, item in members.items()
        if any(within(each, f"{path}.{name}") for each in sent)
    }


def _like(given: Any, found: Any, fact: Property) -> Any:
    """`found`, without the members of objects that were not given: those are AWS's own additions."""
    if fact.type != "object" or not isinstance(given, dict) or not isinstance(found, dict):
        return found
    members, seen = cast("dict[str, Any]", given), cast("dict[str, Any]", found)
    return {
        name: _like(value, seen[name], fact.properties[name]) for name, value in members.items() if name in seen and name in fact.properties
    }


def _json(value: Any) -> Any:
    """Nested provider settings arrive as JSON text."""
    if value is UNKNOWN or not isinstance(value, str) or value[:1] not in {"[", "{"}:
        return value
    return json.loads(value)


if __name__ == "__main__":
    serve(AwsProvider(Instance.here()))
