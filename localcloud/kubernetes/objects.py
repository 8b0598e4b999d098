"""Objects in a cluster: applied, read, waited for and deleted, with the errors that a program's author can act on."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, cast

from localcloud.kubernetes.api import Api, ApiError, Kind, Object, Unreachable
from localcloud.kubernetes.kinds import TypeName
from localcloud.provider.cancellation import Interrupted, pause
from localcloud.provider.interface import Refused

# Finalizers and namespace deletion take seconds; a minute without end is a finalizer that nobody serves.
DELETE_DEADLINE_SECONDS = 120.0
_READY_DEADLINE_SECONDS = 60.0
_POLL_SECONDS = 0.1

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"
_SERVER_METADATA = (
    "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "uid",
)  # fmt: skip

_CONFLICT = re.compile(r'conflict with "([^"]+)"')
# The official provider takes these managers' fields over as well (await.go, fixCSAFieldManagers): what a person changed with
# kubectl is drift to be repaired, what a controller owns is not.
_TAKEN_OVER = ("kubectl", "before-first-apply")


@dataclass(frozen=True)
class Objects:
    """The objects of one kind in one cluster."""

    api: Api
    kind: Kind

    @classmethod
    def of(cls, api: Api, type_name: TypeName) -> Objects | None:
        """None when the cluster does not serve the kind."""
        kind = api.kind(type_name.api_version, type_name.kind)
        return None if kind is None else cls(api, kind)

    def get(self, namespace: str | None, name: str) -> Object | None:
        return self.api.get(self.kind, namespace, name)

    def apply(self, body: Object, manager: str, *, dry_run: bool = False) -> Object:
        """Server-side apply; takes over what kubectl changed. Raises Refused naming any other manager of the same fields."""
        try:
            return self.api.apply(self.kind, body, manager, dry_run=dry_run)
        except ApiError as error:
            managers = _conflicting_managers(error)
            if not managers:
                raise
            others = sorted(each for each in managers if not each.startswith(_TAKEN_OVER))
            if others:
                raise Refused(
                    f"{self.kind.kind} {body['metadata']['name']}: {', '.join(others)} owns fields that this resource sets:"
                    f" {error.message}. Remove the fields from the program, or from the other manager"
                ) from error
            return self.api.apply(self.kind, body, manager, dry_run=dry_run, force=True)

    def desired(self, body: Object, manager: str) -> Object | None:
        """What the server would make of a manifest, or None when it would refuse it over the live object."""
        try:
            return self.api.apply(self.kind, body, manager, dry_run=True, force=True)
        except ApiError as error:
            if error.status in (400, 403, 409, 422):
                return None
            raise

    def may_exist(self, body: Object, error: ApiError | Unreachable) -> bool:
        """Whether an object can be there although its creation failed. A 500 does not say: it is given for unknown fields too."""
        if isinstance(error, ApiError) and error.status < 500:
            return False
        metadata = body["metadata"]
        try:
            return self.get(metadata.get("namespace"), metadata["name"]) is not None
        except (ApiError, Unreachable, Interrupted):
            return True

    def wait_until_ready(self, live: Object) -> Object:
        """Returns the object once its controller has taken it up. Raises TimeoutError, and Interrupted.

        Only a resource quota has anything to wait for among the modelled kinds: before its status is filled it limits nothing.
        """
        if (self.kind.api_version, self.kind.kind) != ("v1", "ResourceQuota"):
            return live
        metadata = live["metadata"]
        deadline = time.monotonic() + _READY_DEADLINE_SECONDS
        while live.get("spec", {}).get("hard", {}) != live.get("status", {}).get("hard", {}):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the quota controller has not taken {metadata['name']} up after {_READY_DEADLINE_SECONDS:.0f} s")
            pause(_POLL_SECONDS, f"the quota {metadata['name']}")
            live = self.get(metadata.get("namespace"), metadata["name"]) or live
        return live

    def delete(self, namespace: str | None, name: str) -> None:
        """Returns when the object is gone. Raises Refused naming what holds it back after the deadline."""
        if not self.api.delete(self.kind, namespace, name):
            return
        deadline = time.monotonic() + DELETE_DEADLINE_SECONDS
        while (live := self.get(namespace, name)) is not None:
            if time.monotonic() > deadline:
                raise Refused(
                    f"{self.kind.kind} {name} is still there {DELETE_DEADLINE_SECONDS:.0f} s after its deletion: {_held_by(live)}."
                    " Remove what holds it, then run the update again"
                )
            pause(_POLL_SECONDS, f"the end of {self.kind.kind} {name}")


def has_manager(live: Object, manager: str) -> bool:
    """Whether `manager` has applied this object before."""
    fields = cast("list[dict[str, Any]]", live["metadata"].get("managedFields") or [])
    return any(each.get("manager") == manager and each.get("operation") == "Apply" for each in fields)


def imported(live: Object) -> Object:
    """The live object as inputs: without what the API server writes."""
    metadata = {name: value for name, value in live["metadata"].items() if name not in _SERVER_METADATA}
    for field, written in (("labels", _NAMESPACE_NAME_LABEL), ("annotations", _LAST_APPLIED)):
        kept = {name: value for name, value in metadata.pop(field, {}).items() if name != written}
        if kept:
            metadata[field] = kept
    left_out = ("status", "spec") if live["kind"] == "Namespace" else ("status",)
    return {**{name: value for name, value in live.items() if name not in left_out}, "metadata": metadata}


def _conflicting_managers(error: ApiError) -> list[str]:
    causes = [each for each in error.causes if each.get("reason") == "FieldManagerConflict"]
    found = [_CONFLICT.search(each.get("message", "")) for each in causes]
    return [match[1] if match else "an unknown manager" for match in found]


def _held_by(live: Object) -> str:
    finalizers = [*live["metadata"].get("finalizers", []), *live.get("spec", {}).get("finalizers", [])]
    conditions = [each["message"] for each in live.get("status", {}).get("conditions", []) if each.get("status") == "True"]
    return "; ".join([f"finalizers {', '.join(finalizers) or 'none'}", *conditions])
