"""What of a plan was applied, by the events of the engine and by what the state still waits for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from operations.deploy.digest import IDLE, ONLY_OPTIONS, Document, type_of
from operations.deploy.plan import Plan
from operations.engine import Event

# What steps a pending operation may be of: sdk/go/common/apitype/core.go of pulumi/pulumi.
_PENDING = {
    "creating": ("create", "create-replacement"),
    "updating": ("update",),
    "deleting": ("delete", "delete-replaced"),
    "reading": ("read",),
    "importing": ("import", "import-replacement"),
}

Done = tuple[str, str]
"""What was done, and to which URN."""


@dataclass(frozen=True)
class Outcome:
    """An update that has ended. `unknown` was begun, and nobody has said how it went."""

    applied: Sequence[Done]
    failed: Mapping[Done, str]
    unknown: Sequence[Done]
    not_begun: Sequence[Done]
    unplanned: Sequence[Done]
    earlier: Sequence[Done]
    """What the state holds as begun by an update before this one: the engine keeps that for good (docs/decisions/0005)."""

    @property
    def is_whole(self) -> bool:
        """Whether what was planned is done, and nothing else."""
        return not (self.failed or self.unknown or self.not_begun or self.unplanned)


def of(plan: Plan, events: Sequence[Event], pending: Sequence[Document]) -> Outcome:
    """`pending` is what the state holds as begun and not ended: `pending_operations` of `pulumi stack export`."""
    begun, ended, failed = (set(_done(events, kind)) for kind in ("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent"))
    planned = {(each.op, each.urn) for each in plan.steps if each.op != ONLY_OPTIONS}
    urns = [(_PENDING.get(each["type"], (each["type"],)), each["resource"]["urn"]) for each in pending]
    urns = [(ops, urn) for ops, urn in urns if not type_of(urn).startswith("pulumi:")]
    held = {(next((op for op in ops if (op, urn) in planned), ops[0]), urn) for ops, urn in urns}
    applied = ended - failed
    unknown = (begun - ended - failed) | (held & (planned - applied - failed))
    messages = dict(_messages(events))
    # An error that came before the operation, as of a property that is refused, fails no operation.
    known = {urn for _, urn in applied | failed | unknown}
    refused = {(op, urn) for op, urn in planned if urn in messages and urn not in known and op != "delete-replaced"}
    return Outcome(
        applied=sorted(applied),
        failed={each: messages.get(each[1], "no message") for each in sorted(failed | refused)},
        unknown=sorted(unknown),
        not_begun=sorted(planned - applied - failed - unknown - refused),
        unplanned=sorted((begun | ended | failed) - planned),
        earlier=sorted(held - unknown),
    )


def as_text(stack: str, outcome: Outcome) -> str:
    """What was applied and what was not, for whoever has to go on."""
    parts = {"applied": len(outcome.applied), "failed": len(outcome.failed), "not known": len(outcome.unknown)}
    lines = [f"{stack}: {', '.join(f'{count} {what}' for what, count in parts.items())}, {len(outcome.not_begun)} not begun"]
    lines += _listed("Applied, and in the state:", outcome.applied)
    for each, message in outcome.failed.items():
        lines += [f"Failed: {_name(each)}", *(f"    {line}" for line in message.strip().splitlines())]
    lines += _listed("Begun, and it is not known how they went; look at AWS before anything is deployed again:", outcome.unknown)
    lines += _listed("Not begun:", outcome.not_begun)
    lines += _listed("Not in the plan that was approved; something has changed since the last preview:", outcome.unplanned)
    return "\n".join(lines)


def earlier_text(stack: str, outcome: Outcome) -> str:
    """What to do about an update that was killed before this one; empty where none was."""
    title = "The state still holds as begun, by an update that was killed; look for a second one of each on AWS, and then"
    return "\n".join(_listed(f"{title} `pulumi refresh --clear-pending-creates --stack {stack}`:", outcome.earlier))


def _listed(title: str, found: Sequence[Done]) -> list[str]:
    return [title, *(f"  {_name(each)}" for each in found)] if found else []


def _name(done: Done) -> str:
    op, urn = done
    return f"{op} {type_of(urn)} {urn.rpartition('::')[2]}"


def _done(events: Sequence[Event], kind: str) -> Iterator[Done]:
    """Of what a provider does; a component is nothing in the cloud."""
    for event in events:
        if kind not in event:
            continue
        metadata: Mapping[str, Any] = event[kind]["metadata"]
        state: Mapping[str, Any] = metadata.get("new") or metadata.get("old") or {}
        if state.get("custom") and metadata["op"] not in IDLE:
            yield metadata["op"], metadata["urn"]


def _messages(events: Sequence[Event]) -> Iterator[tuple[str, str]]:
    found: list[Mapping[str, Any]] = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
    yield from ((each["urn"], each["message"]) for each in found if each["severity"] == "error" and each.get("urn"))
