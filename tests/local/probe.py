"""The provider in this process, in an account of its own: resources are made with it and changed behind its back."""

from __future__ import annotations

import itertools
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest

from localcloud import creating, emulator
from localcloud.aws import compare, engine
from localcloud.aws.clients import CallFailed, Clients
from localcloud.aws.expressions import evaluate
from localcloud.aws.facts import facts
from localcloud.aws.provider import AwsProvider
from localcloud.aws.resource import Account, Resource
from localcloud.aws.row import Call, Read
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.interface import Change, Difference, Target
from localcloud.provider.values import Properties
from tests.local.samples import Sample, changed, inputs_of, world

REGION = "eu-west-1"
DEFAULT_TAGS = {"environment": "probe"}


@dataclass
class Made:
    """A resource as the engine would hold it."""

    target: Target
    id: str
    state: Properties
    inputs: Properties

    @property
    def type(self) -> str:
        return self.target.type


@dataclass
class Probe:
    """Makes, reads and changes resources of one account."""

    account: str
    provider: AwsProvider
    clients: Clients
    _made: dict[str, Made] = field(default_factory=dict["str", "Made"])
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def resource(self, type: str) -> Resource:
        return Resource(ROWS[type], facts(type), self.clients, Account(self.account, REGION, DEFAULT_TAGS, Instance.here()))

    def inputs(self, type: str, given: dict[str, Any]) -> Properties:
        """`given` with its references resolved; what it refers to is made first."""
        return inputs_of(type, given, self._lookup)

    def create(self, type: str, given: dict[str, Any]) -> Made:
        """`given` with its references resolved, checked and created as the engine does."""
        return self._create(type, self.inputs(type, given))

    def _create(self, type: str, inputs: Properties) -> Made:
        # No state of an engine has what is made here: under a URN of its own it is not taken for what an update left behind.
        target = Target.of(f"urn:pulumi:{self.account}::probe::{type}::sample-{next(self._numbers)}")
        checked = self.provider.check(target, {}, inputs, b"seed")
        assert list(checked.failures) == []
        id, state = self.provider.create(target, checked.inputs, preview=False)
        return Made(target, id, state, checked.inputs)

    def difference(self, made: Made, inputs: Properties) -> Difference:
        return self.provider.diff(made.target, made.id, made.state, made.inputs, inputs)

    def changes(self, made: Made, inputs: Properties) -> list[Change]:
        return list(self.difference(made, inputs).changes)

    def update(self, made: Made, inputs: Properties) -> Made:
        state = self.provider.update(made.target, made.id, made.state, made.inputs, inputs, preview=False)
        return replace(made, state=state, inputs=inputs)

    def refreshed(self, made: Made) -> Made | None:
        found = self.provider.read(made.target, made.id, made.state, made.inputs)
        return None if found is None else replace(made, state=found[0], inputs=found[1])

    def imported(self, made: Made, import_id: str = "") -> Made:
        """Read with nothing known but the id."""
        found = self.provider.read(made.target, import_id.format(**made.state) or made.id, {}, {})
        assert found is not None, f"{made.type} {made.id} cannot be imported"
        return replace(made, state=found[0], inputs=found[1])

    def delete(self, made: Made) -> None:
        self.provider.delete(made.target, made.id, made.state)

    def replace(self, made: Made, inputs: Properties, *, delete_first: bool) -> Made:
        """As the engine does: the new one is made before the old one is deleted, or after."""
        if delete_first:
            self.delete(made)
        new = self._create(made.type, inputs)
        if not delete_first:
            self.delete(made)
        return new

    def meddle(self, made: Made, inputs: Properties) -> None:
        """Changes it with the row's own calls, and tells the provider nothing."""
        engine.update(self.resource(made.type), made.id, made.state, made.inputs, inputs)

    def delete_behind(self, made: Made) -> None:
        """Deletes it with the row's own calls, and tells the provider nothing."""
        resource = self.resource(made.type)
        for call in resource.row.delete:
            resource.call(call, resource.scope(made.state) | {"id": made.id, "state": made.state})

    def call(self, made: Made, operation: str, request: str, inputs: Properties) -> None:
        """Any other call of its service, over the scope of `inputs`."""
        resource = self.resource(made.type)
        resource.call(Call(operation, request), resource.scope(inputs) | {"id": made.id, "state": made.state})

    def answer(self, service: str, question: Read, scope: Properties) -> Any:
        """What a describing call finds; None also when it is refused."""
        try:
            response = self.clients.call(service, question.operation, evaluate(question.request, scope) or {})
        except CallFailed:
            return None
        return evaluate(question.state, response)

    def lost(self, sample: Sample, made: Made) -> Properties:
        """What was given and is not there when the emulator is asked with nothing known but the id; the row's gaps left out."""
        row, found = ROWS[made.type], self.imported(made, sample.import_id).state
        found |= {name: found.get(other) for name, other in sample.imports.items()}
        gaps = dict.fromkeys((*row.unread, *row.not_kept))
        kept, seen = changed(made.inputs, gaps), changed(found, gaps)
        return {
            name: (found.get(name), value)
            for name, value in kept.items()
            if name in facts(made.type).inputs and name != "tags" and self.differs(made.type, name, seen.get(name), value)
        }

    def differs(self, type: str, name: str, found: Any, given: Any) -> bool:
        """Whether two values of a top-level property do not mean the same."""
        row, fact = ROWS[type], facts(type).inputs[name]
        equality = compare.EQUALITIES.get(row.same.get(name, ""))
        if found is None or given is None:
            return found != given
        return not ((equality is not None and equality(found, given)) or compare.equal(fact, found, given))

    def _lookup(self, name: str, property: str) -> Any:
        if name == "account":
            return self.account
        if name not in self._made:
            sample = world()[name]
            self._made[name] = self.create(sample.type, sample.inputs)
        made = self._made[name]
        return made.id if property == "id" else made.state[property]


@cache
def _loader() -> Any:
    # A model of EC2 takes a third of a second to load: once is enough.
    return botocore.session.Session().get_component("data_loader")


@contextmanager
def probe(cloud: Instance, account: str) -> Generator[Probe]:
    """A provider whose caller is the root of `account`."""
    session: Any = boto3
    shared = botocore.session.Session()
    shared.register_component("data_loader", _loader())
    session.setup_default_session(botocore_session=shared, aws_access_key_id=account, aws_secret_access_key="local")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", emulator.endpoint(cloud))
        provider = AwsProvider(cloud)
        provider.configure(
            {"region": REGION, "allowedAccountIds": json.dumps([account]), "defaultTags": json.dumps({"tags": DEFAULT_TAGS})}
        )
        yield Probe(account, provider, Clients(REGION))
    session.DEFAULT_SESSION = None
    # No state will ever have its objects: nothing else would take them from what each later provider reads.
    creating.forget(cloud, account)
