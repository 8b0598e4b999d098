"""From what the SDK hands to a policy to plain values. The SDK's own containers raise at any look at an unknown value."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

from policies.rule import UNKNOWN, Resource, Unknown


def from_inputs(asked: ResourceValidationArgs) -> Resource:
    """One resource with the inputs that its provider has checked."""
    return Resource(
        asked.resource_type,
        asked.urn,
        plain(asked.props),
        _default_tags(asked.provider),
        protect=asked.opts.protect,
        accounts=_accounts(asked.provider),
    )


def from_stack(asked: PolicyResource) -> Resource:
    """One resource of a whole stack, with its outputs."""
    sources = {name: frozenset(each.urn for each in found) for name, found in asked.property_dependencies.items()}
    return Resource(
        asked.resource_type,
        asked.urn,
        plain(asked.props),
        _default_tags(asked.provider),
        sources,
        accounts=_accounts(asked.provider),
    )


def plain(value: Any) -> Any:
    """`value` with its containers as dicts and lists, and UNKNOWN for each part that is not known."""
    if isinstance(value, Mapping):
        return {key: _part(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_part(value, index) for index in range(len(value))]
    return value


def _part(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


def _accounts(provider: Any) -> frozenset[str] | Unknown:
    accounts: Any = _configured(provider, "allowedAccountIds")
    return frozenset(accounts) if accounts and accounts is not UNKNOWN and UNKNOWN not in accounts else UNKNOWN


def _configured(provider: Any, name: str) -> Any:
    value: Any = plain(provider.props).get(name) if provider is not None else None
    # The SDKs send what is nested in a provider's own configuration as JSON text.
    return json.loads(value) if isinstance(value, str) else value


def _default_tags(provider: Any) -> Mapping[str, Any] | Unknown:
    default_tags: Any = _configured(provider, "defaultTags")
    if default_tags is UNKNOWN:
        return UNKNOWN
    return (default_tags or {}).get("tags") or {}
