"""The provider in this process, in an account of its own: resources are made with it and changed behind its back."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import boto3
import botocore.session
import pytest

from localcloud import emulator
from localcloud.aws import compare, engine
from localcloud.aws.clients import Clients
from localcloud.aws.facts import facts
from localcloud.aws.provider import AwsProvider
from localcloud.aws.resource import Account, Resource
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from localcloud.provider.interface import Change, Target
from localcloud.provider.values import Properties
from tests.local.samples import inputs_of, world

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

    def resource(self, type: str) -> Resource:
        return Resource(ROWS[type], facts(type), self.clients, Account(self.account, REGION, DEFAULT_TAGS, Instance.here()))

    def inputs(self, type: str, given: dict[str, Any]) -> Properties:
        """`given` with its references resolved; what it refers to is made first."""
        return inputs_of(type, given, self._lookup)

    def create(self, type: str, given: dict[str, Any]) -> Made:
        """As the engine does: checked, then created."""
        target = Target.of(f"urn:pulumi:probe::probe::{type}::sample")
        checked = self.provider.check(target, {}, self.inputs(type, given), b"seed")
        assert list(checked.failures) == []
        id, state = self.provider.create(target, checked.inputs, preview=False)
        return Made(target, id, state, checked.inputs)

    def changes(self, made: Made, inputs: Properties) -> list[Change]:
        return list(self.provider.diff(made.target, made.id, made.state, made.inputs, inputs).changes)

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

    def meddle(self, made: Made, inputs: Properties) -> None:
        """Changes it with the row's own calls, and tells the provider nothing."""
        engine.update(self.resource(made.type), made.id, made.state, made.inputs, inputs)

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
