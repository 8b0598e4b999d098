"""What a resource's inputs must look like, and what is filled in before anything is sent."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, cast

from localcloud.kubernetes.differences import without_nulls
from localcloud.kubernetes.kinds import TypeName
from localcloud.provider.interface import Failure
from localcloud.provider.values import UNKNOWN, Properties

# The official provider writes it too; it tells a generated name, which may change, from a given one.
_AUTONAMED = "pulumi.com/autonamed"
_ANNOTATIONS = "pulumi.com/"
_SKIP_AWAIT = "pulumi.com/skipAwait"
_JOB = TypeName("batch/v1", "Job")


def complete(name: str, old: Properties, new: Properties, seed: bytes, *, default_namespace: str | None) -> Properties:
    """The inputs with a name (the old one, where that was generated) and, where `default_namespace` is given, a namespace."""
    inputs = cast("Properties", without_nulls(new))
    metadata = inputs.get("metadata")
    if metadata is UNKNOWN or (metadata is not None and not isinstance(metadata, dict)):
        return inputs
    metadata = dict(cast("Properties", metadata or {}))
    if "name" not in metadata and "generateName" not in metadata:
        metadata["name"] = _name(old) if is_autonamed(old) else f"{name}-{_suffix(seed)}"
        annotations = metadata.get("annotations")
        if annotations is not UNKNOWN:
            metadata["annotations"] = {**(annotations or {}), _AUTONAMED: "true"}
    if default_namespace is not None and "namespace" not in metadata:
        metadata["namespace"] = default_namespace
    return {**inputs, "metadata": metadata}


def failures(inputs: Properties, type_name: TypeName, *, namespaced: bool | None) -> list[Failure]:
    """What is wrong with completed inputs, as far as it can be told without the API server."""
    found: list[Failure] = []
    for field, expected in (("apiVersion", type_name.api_version), ("kind", type_name.kind)):
        if inputs.get(field) not in (expected, UNKNOWN):
            found.append(Failure(field, f"{inputs.get(field)!r}, but the resource type says {expected!r}"))
    if "status" in inputs:
        found.append(Failure("status", "is written by the API server: remove it"))
    metadata = inputs.get("metadata")
    if metadata is UNKNOWN:
        return found
    if not isinstance(metadata, dict):
        return [*found, Failure("metadata", f"is {metadata!r}, not a mapping")]
    if type_name == _JOB and not _skips_await(cast("Properties", metadata)):
        # The official provider waits for pods of it.
        found.append(Failure("metadata.annotations", f'the local cloud runs no pods and waits for none: set {_SKIP_AWAIT} to "true"'))
    return [*found, *_metadata_failures(cast("Properties", metadata), type_name, namespaced)]


def is_autonamed(inputs: Properties) -> bool:
    """Whether the name in these inputs was generated."""
    metadata = inputs.get("metadata")
    annotations = cast("Properties", metadata).get("annotations") if isinstance(metadata, dict) else None
    return isinstance(annotations, dict) and cast("Properties", annotations).get(_AUTONAMED) == "true"


def identity(inputs: Properties) -> tuple[Any, Any]:
    """(namespace or None, name)."""
    metadata = cast("Properties", inputs["metadata"])
    return metadata.get("namespace"), metadata.get("name")


def resource_id(inputs: Properties) -> str:
    """`NAMESPACE/NAME`, or `NAME` where there is no namespace, as the official provider's ids are."""
    namespace, name = identity(inputs)
    return f"{namespace}/{name}" if namespace else str(name)


def _metadata_failures(metadata: Properties, type_name: TypeName, namespaced: bool | None) -> list[Failure]:
    found: list[Failure] = []
    if "generateName" in metadata:
        found.append(Failure("metadata.generateName", "is not modelled by the local cloud: leave the name out, and one is generated"))
    if namespaced is False and "namespace" in metadata:
        found.append(Failure("metadata.namespace", f"{type_name} belongs to no namespace: remove it"))
    for field in ("labels", "annotations"):
        pairs = metadata.get(field, {})
        if pairs is UNKNOWN:
            continue
        if not isinstance(pairs, dict):
            found.append(Failure(f"metadata.{field}", f"is {pairs!r}, not a mapping of strings"))
            continue
        for key, value in cast("Properties", pairs).items():
            if value is not UNKNOWN and not isinstance(value, str):
                found.append(Failure(f"metadata.{field}[{key!r}]", f"is {value!r}, not a string: quote it"))
            honoured = key == _AUTONAMED or (key == _SKIP_AWAIT and type_name == _JOB)
            if field == "annotations" and key.startswith(_ANNOTATIONS) and not honoured:
                found.append(Failure(f"metadata.{field}[{key!r}]", "is not honoured by the local cloud: remove it"))
    return found


def _skips_await(metadata: Properties) -> bool:
    annotations = metadata.get("annotations", {})
    return annotations is UNKNOWN or (
        isinstance(annotations, dict) and cast("Properties", annotations).get(_SKIP_AWAIT) in ("true", UNKNOWN)
    )


def _name(inputs: Properties) -> Any:
    return cast("Properties", inputs["metadata"])["name"]


def _suffix(seed: bytes) -> str:
    # The engine's seed is the same when it runs the same step again; it is empty where it makes none.
    return hashlib.sha256(seed).hexdigest()[:8] if seed else secrets.token_hex(4)
