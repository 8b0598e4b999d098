"""No setting is accepted in vain: the tiers read each, or it is marked as not built."""

from collections.abc import Iterator
from typing import Any

import pytest

from stacks.models import Model, Settings, Usage
from stacks.outline import flattened, is_built
from tests.unit.conftest import platform
from tests.unit.registrations import record
from tests.unit.stacks.samples import PROD, changed
from tiers.assembly import assemble

NOT_READ = {
    "kind": "chooses the model",
    "network.peer_cidrs": "is a check: tests/unit/stacks/refusals.yaml",
    "feature_store.registry.read_replicas": "is a check: tests/unit/stacks/refusals.yaml",
    **{f"usage.{name}": "scripts/cost.py prices with it" for name in Usage.model_fields},
}


def models(model: Model, path: tuple[str, ...] = ()) -> Iterator[tuple[int, tuple[str, ...]]]:
    yield id(model), path
    for name in type(model).model_fields:
        value: object = getattr(model, name)
        for below, inner in value.items() if isinstance(value, dict) else [(None, value)]:
            if isinstance(inner, Model):
                yield from models(inner, (*path, name, *([below] if below else [])))


def test_the_tiers_read_every_setting_that_is_not_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
    # Names of teams are the stack file's own, and no settings.
    settings = platform("prod", changed(PROD, ("network.zone_names", zones), ("access.teams", {})))
    paths, read = dict(models(settings)), set[str]()

    def watched(model: Any, name: str) -> Any:
        if id(model) in paths:
            read.add(".".join((*paths[id(model)], name)))
        return super(Model, model).__getattribute__(name)

    with monkeypatch.context() as patched:
        patched.setattr(Model, "__getattribute__", watched)
        record(lambda: assemble(settings), stack="prod")
    built = {".".join(path) for path in flattened(settings.model_dump(mode="json")) if is_built(Settings, path)}
    assert built - read == {*NOT_READ}
