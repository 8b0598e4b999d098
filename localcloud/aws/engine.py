"""Creates, reads, updates and deletes what a row describes. No resource type has code of its own here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

from localcloud.aws import compare
from localcloud.aws.clients import CallFailed, Clients
from localcloud.aws.expressions import evaluate, root_fields
from localcloud.aws.facts import Facts, Property
from localcloud.aws.row import Call, Read, Row
from localcloud.aws.shapes import to_property
from localcloud.aws.tags import TAGGING, own_tags, without_system_tags
from localcloud.instance import Instance
from localcloud.provider.interface import InitFailed, Refused
from localcloud.provider.values import UNKNOWN, Properties


@dataclass(frozen=True)
class Account:
    """Who the provider is: the caller's account, where it works, and the tags that it puts on everything."""

    account: str
    region: str
    default_tags: dict[str, str]
    instance: Instance

    def scope(self) -> Properties:
        return {"account": self.account, "region": self.region, "partition": "aws", "owner_account": self.account}


class Resource:
    """One resource of one row."""

    def __init__(self, row: Row, fact: Facts, clients: Clients, account: Account) -> None:
        self.row, self.fact, self._clients, self._account = row, fact, clients, account

    # --- what the engine asks for

    def create(self, inputs: Properties) -> tuple[str, Properties]:
        """Creates it. Any failure after the create call raises InitFailed with the id and what is there by then."""
        scope = self._scope(inputs)
        first, *rest = self.row.create
        response = self._call(first, scope)
        id = str(evaluate(self.row.id, {**scope, "response": response}))
        state: Properties = {}
        try:
            scope |= {"id": id, "state": {}, "response": response}
            for call in rest:
                self._call(call, scope)
            if self.row.tags and self._tags_are_sent_apart() and scope["tagsAll"]:
                state = self.read(id, {}, inputs) or {}
                self._call(TAGGING[self.row.tags].tag, scope | {"state": state, "changed": scope["tagsAll"]})
            for call in self._calls_after_create(inputs):
                self._call(call, scope)
            return id, self._settled(id, inputs)
        except Refused as error:
            raise InitFailed(id, state, inputs, f"{self.row.type} {id} was created, but: {error}") from error

    def update(self, id: str, state: Properties, old_inputs: Properties, inputs: Properties) -> Properties:
        """Changes in place what differs. A failure raises InitFailed with what is there by then."""
        changed = {re.split(r"[.\[]", change.path)[0] for change in compare.changes(self.row, self.fact, state, old_inputs, inputs)}
        scope = self._scope(inputs) | {"id": id, "old": state, "state": state}
        try:
            for call in self.row.update:
                if changed & (root_fields(call.request) | root_fields(call.when)):
                    self._call(call, self._narrowed(scope, changed) if call.only_changed else scope)
            self._update_tags(scope, state)
            return self._settled(id, inputs)
        except Refused as error:
            found = self.read(id, state, old_inputs)
            raise InitFailed(id, found or state, inputs, f"{self.row.type} {id} is not fully updated: {error}") from error

    def read(self, id: str, state: Properties, inputs: Properties) -> Properties | None:
        """Its properties as they are, None when it is gone. What AWS or the emulator does not return is taken from
        `inputs`, else from `state`; what means the same keeps its form."""
        found = self._read_all(id, state, inputs)
        if found is None:
            return None
        for path in (*self.row.not_kept, *self.row.unread):
            value = _at(inputs, path) if inputs else _at(state, path)
            if value is not None:
                _put(found, path, value)
        if self.row.tags and not self._tags_are_kept():
            found["tagsAll"] = self.wanted_tags(inputs) if inputs else state.get("tagsAll")
        if self.row.hook is not None:
            found |= self.row.hook.ensure(self._account.instance, self._account.account, found | {"region": self._account.region})
        return found

    def delete(self, id: str, state: Properties) -> None:
        """Deletes it; what is gone already is no error."""
        if self.row.hook is not None:
            self.row.hook.remove(self._account.instance, self._account.account, state | {"id": id, "region": self._account.region})
        scope = self._scope(state) | {"id": id, "state": state}
        for call in self.row.delete:
            try:
                self._call(call, scope)
            except CallFailed as error:
                if error.code not in self.row.gone:
                    raise

    def planned(self, state: Properties, inputs: Properties) -> Properties:
        """What preview can know: the inputs, defaults and tags; for a new resource everything else is unknown."""
        planned: Properties = dict(state)
        if not state:
            planned = {name: UNKNOWN for name, each in self.fact.inputs.items() if each.computed}
            planned |= dict.fromkeys(self.fact.outputs, UNKNOWN)
        planned |= {name: each.default for name, each in self.fact.inputs.items() if each.default is not None and name not in planned}
        for name, value in inputs.items():
            if not name.startswith("__"):
                planned[name] = value if state else _with_unknowns(value, self.fact.inputs[name])
        return planned | {"region": self._account.region} | ({"tagsAll": self.wanted_tags(inputs)} if self.row.tags else {})

    def wanted_tags(self, inputs: Properties) -> dict[str, Any]:
        own = cast("dict[str, Any]", inputs.get("tags") or {})
        return {**self._account.default_tags, **own}

    # --- calls

    def _scope(self, inputs: Properties) -> Properties:
        defaults = {name: each.default for name, each in self.fact.inputs.items() if each.default is not None}
        tags = {"tagsAll": self.wanted_tags(inputs)} if self.row.tags else {}
        given = {name: value for name, value in inputs.items() if value is not None and name not in {"tagsAll", "region"}}
        return {**self._account.scope(), **defaults, **given, **tags}

    def _narrowed(self, scope: Properties, changed: set[str]) -> Properties:
        kept = {name for name, each in self.fact.inputs.items() if name in changed or each.required or name in self.row.unread}
        return {name: value for name, value in scope.items() if name not in self.fact.inputs or name in kept}

    def _call(self, call: Call, scope: Properties) -> dict[str, Any]:
        if call.when and not evaluate(call.when, scope):
            return {}
        return self._clients.call(self.row.service, call.operation, evaluate(call.request, scope) or {})

    def _calls_after_create(self, inputs: Properties) -> list[Call]:
        sent = {name for call in self.row.create for name in root_fields(call.request)}
        given = {name for name, value in inputs.items() if value is not None and name in self.fact.inputs} - sent
        return [call for call in self.row.update if given & (root_fields(call.request) | root_fields(call.when))]

    def _tags_are_kept(self) -> bool:
        return bool(self.row.tags) and "tags" not in self.row.not_kept

    def _tags_are_sent_apart(self) -> bool:
        return not any("tagsAll" in call.request for call in self.row.create)

    def _update_tags(self, scope: Properties, state: Properties) -> None:
        if not self._tags_are_kept():
            return
        wanted, old = scope["tagsAll"], cast("dict[str, Any]", state.get("tagsAll") or {})
        changed = {key: value for key, value in wanted.items() if old.get(key) != value}
        removed = sorted(old.keys() - wanted.keys())
        tagging = TAGGING[self.row.tags]
        if removed and tagging.untag is not None:
            self._call(tagging.untag, scope | {"removed": removed})
        if changed or (removed and tagging.untag is None):
            self._call(tagging.tag, scope | {"changed": changed})

    # --- reading

    def _settled(self, id: str, inputs: Properties) -> Properties:
        if self.row.waiter:
            self._clients.wait(self.row.service, self.row.waiter, evaluate(self.row.read[0].request, self._scope(inputs) | {"id": id}))
        state = self.read(id, {}, inputs)
        if state is None:
            raise Refused(f"{self.row.type} {id} was created, but cannot be read back")
        return state

    def _read_all(self, id: str, state: Properties, inputs: Properties) -> Properties | None:
        scope = self._scope(inputs or state) | self._from_id(id) | {"id": id}
        found: Properties = {}
        reads = [*self.row.read, *self._tag_reads()]
        for index, read in enumerate(reads):
            response = self._describe(read, scope | {"state": found})
            if response is None and index == 0:
                return None
            for name, value in (response or {}).items():
                found[name] = to_property(value, self.fact.property(name) if name != "tagsAll" else Property("map"))
            found.setdefault("arn", self._arn(scope | found))
        return self._in_known_form(found, inputs or state)

    def _tag_reads(self) -> list[Read]:
        tagging = TAGGING.get(self.row.tags) if self._tags_are_kept() else None
        return [tagging.read] if tagging is not None and tagging.read is not None else []

    def _describe(self, read: Read, scope: Properties) -> Properties | None:
        try:
            response = self._clients.call(self.row.service, read.operation, evaluate(read.request, scope) or {})
        except CallFailed as error:
            if error.code in self.row.gone:
                return None
            raise
        # JMESPath has no variables: `'$name'` in a result expression stands for a value of the scope.
        return evaluate(re.sub(r"\$(\w+)", lambda name: str(scope[name[1]]), read.state), response)

    def _from_id(self, id: str) -> Properties:
        match = re.fullmatch(self.row.id_pattern, id) if self.row.id_pattern else None
        return match.groupdict() if match else {}

    def _arn(self, scope: Properties) -> str | None:
        if self.fact.arn is None or "arn" not in self.fact.outputs:
            return None
        try:
            return self.fact.arn.format(**scope)
        except KeyError:
            return None

    def _in_known_form(self, found: Properties, known: Properties) -> Properties:
        """Values that mean the same as the known ones keep the known form: the order of a list, the spacing of JSON."""
        result: Properties = {name: value for name, value in found.items() if value is not None}
        for name, value in result.items():
            if name in self.fact.inputs and known.get(name) is not None:
                result[name] = self._known_form(name, value, known[name])
        result["region"] = self._account.region if "region" in self.fact.inputs else None
        if self._tags_are_kept():
            all_tags = without_system_tags(result.get("tagsAll") or {})
            result["tagsAll"] = all_tags
            result["tags"] = own_tags(all_tags, self._account.default_tags, known.get("tags") or {}) or None
        return {name: value for name, value in result.items() if value is not None}

    def _known_form(self, name: str, value: Any, known: Any) -> Any:
        same = compare.EQUALITIES.get(self.row.same.get(name, ""))
        if (same is not None and same(value, known)) or compare.equal(self.fact.inputs[name], value, known):
            # An object keeps what AWS adds to it; anything else takes the known spelling.
            return _merged(value, known)
        return value


def _with_unknowns(value: Any, fact: Property) -> Any:
    """A new resource's object, with the members that AWS will fill in as unknown."""
    if fact.type != "object" or not isinstance(value, dict):
        return value
    members = cast("dict[str, Any]", value)
    filled = {name: UNKNOWN for name, each in fact.properties.items() if each.computed and name not in members}
    return {name: _with_unknowns(item, fact.properties[name]) for name, item in members.items() if name in fact.properties} | filled


def _merged(value: Any, known: Any) -> Any:
    if isinstance(value, dict) and isinstance(known, dict):
        members, other = cast("dict[str, Any]", value), cast("dict[str, Any]", known)
        return {name: _merged(item, other[name]) if name in other and other[name] is not None else item for name, item in members.items()}
    return known


def _at(properties: Properties, path: str) -> Any:
    value: Any = properties
    for part in path.split("."):
        value = cast("dict[str, Any]", value).get(part) if isinstance(value, dict) else None
    return value


def _put(properties: Properties, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    target = properties
    for part in parents:
        target = target.setdefault(part, {})
    target[last] = value
