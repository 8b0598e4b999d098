"""What an `up` waits for on AWS is what AWS forces, and little else."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pulumi
import pytest

from bench.critical_path import forced, longest, text
from operations.slices import environments
from stacks.checking import StackFile, parse
from stacks.models import Settings
from tests.unit.registrations import Recorded, record
from tests.unit.stacks.samples import DEV
from tiers.assembly import assemble

LONGEST_RATIO = 1.05
READY_SECONDS = 120


def state(recorded: Recorded) -> list[dict[str, Any]]:
    """As `pulumi stack export` would have it, and what it does not say: a component waits for the providers that it was given."""
    return [
        {
            "urn": each.urn,
            "type": each.type,
            "custom": not each.type.startswith("ml-platform:"),
            "parent": each.parent,
            "provider": f"{each.provider}::id" if each.provider else "",
            "dependencies": sorted(each.dependencies | each.providers),
            "inputs": each.inputs,
        }
        for each in recorded.registrations
    ]


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_longest_path_is_hardly_longer_than_aws_forces(stack: str, request: pytest.FixtureRequest) -> None:
    resources = state(request.getfixturevalue(stack))
    ours, least = longest(resources), forced(resources)
    assert ours.seconds / least.seconds <= LONGEST_RATIO, text(ours)


def waited_for(program: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[pulumi.Resource]:
    """Everything that a program names in a `depends_on`."""
    found: list[pulumi.Resource] = []
    made = pulumi.Resource.__init__

    def init(self: pulumi.Resource, *arguments: Any, **named: Any) -> None:
        opts = named.get("opts") or next((each for each in arguments if isinstance(each, pulumi.ResourceOptions)), None)
        on: Any = opts.depends_on if opts else None
        found.extend([on] if isinstance(on, pulumi.Resource) else on or [])
        made(self, *arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(pulumi.Resource, "__init__", init)
        record(program)
    return found


def test_nothing_waits_for_a_whole_component(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pulumi takes that for a wait for everything in it, what is slow and not needed included."""
    found = waited_for(lambda: assemble(settings), monkeypatch)
    assert found
    assert [each for each in found if isinstance(each, pulumi.ComponentResource)] == []


def test_a_slice_is_ready_in_two_minutes_at_the_pace_of_aws(dev: Recorded) -> None:
    platform = parse("dev", DEV, ())
    assert isinstance(platform, Settings)
    given = dict(environments.settings_of("slice", platform, 7, date(2026, 12, 1)))
    tenant = parse("pr-7", given, [StackFile("dev", DEV)])
    published = {each.inputs["name"]: each.inputs["insecureValue"] for each in dev.all("aws:ssm/parameter:Parameter")}
    ours = longest(state(record(lambda: assemble(tenant), stack="pr-7", parameters=published)))
    assert 0 < ours.seconds <= READY_SECONDS, text(ours)
