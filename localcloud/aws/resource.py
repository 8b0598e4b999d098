"""One resource of one row, and what its expressions see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from localcloud.aws.clients import Clients
from localcloud.aws.expressions import evaluate, with_values
from localcloud.aws.facts import Facts
from localcloud.aws.row import Call, Read, Row
from localcloud.instance import Instance
from localcloud.provider.values import Properties


@dataclass(frozen=True)
class Account:
    """Who the provider is: the caller's account, where it works, and the tags that it puts on everything."""

    account: str
    region: str
    default_tags: dict[str, str]
    instance: Instance


@dataclass(frozen=True)
class Resource:
    """A row with its facts, and the account and clients to act with."""

    row: Row
    fact: Facts
    clients: Clients
    account: Account

    @property
    def keeps_tags(self) -> bool:
        """Whether tags can be changed and read back; else they are only sent on create."""
        return bool(self.row.tags) and "tags" not in self.row.not_kept and not self.row.absent

    def wanted_tags(self, inputs: Properties) -> dict[str, Any]:
        """The provider's default tags, with the resource's own over them."""
        return {**self.account.default_tags, **cast("dict[str, Any]", inputs.get("tags") or {})}

    def without_secrets(self, inputs: Properties) -> Properties:
        """What of them may be written down."""
        return {name: value for name, value in inputs.items() if name not in self.fact.inputs or not self.fact.inputs[name].sensitive}

    def scope(self, properties: Properties) -> Properties:
        """What requests are evaluated over (row.py), without `id` and what came before."""
        where = {"account": self.account.account, "owner_account": self.account.account, "region": self.account.region, "partition": "aws"}
        defaults = {name: each.default for name, each in self.fact.inputs.items() if each.default is not None}
        given = {name: value for name, value in properties.items() if value is not None and name not in {"tagsAll", "region"}}
        return {**where, **defaults, **given, **({"tagsAll": self.wanted_tags(properties)} if self.row.tags else {})}

    def call(self, call: Call, scope: Properties) -> dict[str, Any]:
        """The response; empty when the call's condition says that it is not needed, when it is made for each of a list, and when the
        request is only held against the model."""
        if call.when and not evaluate(call.when, scope):
            return {}
        if call.each is None:
            return self._send(call, scope)
        for element in self._elements(call.each, scope):
            self._send(call, scope | {"each": element})
        return {}

    def answer(self, read: Read, scope: Properties) -> dict[str, Any]:
        """What `read.state` is evaluated over, but for `given`."""
        if read.each is None:
            return self._send(read, scope)
        elements = self._elements(read.each, scope)
        return {"all": [{**self._send(read, scope | {"each": element}), "each": element} for element in elements]}

    def _elements(self, each: str | Read, scope: Properties) -> list[Any]:
        found = evaluate(each, scope) if isinstance(each, str) else evaluate(with_values(each.state, scope), self.answer(each, scope))
        return cast("list[Any]", found or [])

    def _send(self, call: Call | Read, scope: Properties) -> dict[str, Any]:
        request = evaluate(call.request, scope) or {}
        if self.row.absent:
            self.clients.validate(self.row.service, call.operation, request)
            return {}
        return self.clients.call(self.row.service, call.operation, request)
