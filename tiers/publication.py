"""How a tier publishes its section of the contract."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

import contract

LONGEST_PARAMETER = 4096
"""Bytes in a standard SSM parameter: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html."""

MODELS: Mapping[str, type[contract.Section]] = {**contract.SECTIONS, "tenant": contract.Tenant}

Fields = Mapping[str, Any]
"""A section's fields, each a pulumi.Input: some are still unknown at preview."""


def publish(section: str, environment: str, fields: Fields, opts: pulumi.ResourceOptions) -> Fields:
    """Puts a section into its SSM parameter and returns it, for the stack's outputs.

    A field that is missing or unknown to the contract raises TypeError at once; a value of the wrong type, ValidationError
    when it is known.
    """
    return _publish(section, contract.parameter_name(environment, section), contract.SECTIONS[section], fields, opts)


def publish_tenant(platform: str, tenant: str, fields: Fields, opts: pulumi.ResourceOptions) -> Fields:
    """The same, for the section of a tenant."""
    return _publish("tenant", contract.tenant_parameter_name(platform, tenant), contract.Tenant, fields, opts)


def _publish(section: str, parameter: str, model: type[contract.Section], fields: Fields, opts: pulumi.ResourceOptions) -> Fields:
    if set(fields) != set(model.model_fields):
        differing = ", ".join(sorted(set(fields) ^ set(model.model_fields)))
        raise TypeError(f"got a {section} section whose fields differ in {differing}; expected those of contract.{model.__name__}")
    aws.ssm.Parameter(
        section,
        name=parameter,
        description=f"Contract of the ML platform: {section}",
        type="String",
        # Not `value`, which Pulumi would hide as a secret: reviewers are to see what changes in the contract.
        insecure_value=_text(model, fields),
        opts=opts,
    )
    return fields


def show_pods(
    tier: str, namespace: pulumi.Input[str], sections: Mapping[str, Fields], cluster: kubernetes.Provider, child: pulumi.ResourceOptions
) -> None:
    """Puts published sections into a ConfigMap of a namespace, for pods that nothing else need be told, each as SECTION.json."""
    kubernetes.core.v1.ConfigMap(
        f"{tier}-contract",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=contract.CONFIG_MAP, namespace=namespace),
        data={f"{section}.json": _text(MODELS[section], fields) for section, fields in sections.items()},
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(provider=cluster)),
    )


def _text(model: type[contract.Section], fields: Fields) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(fields).apply(lambda text: _validated(model, text))


def _validated(model: type[contract.Section], text: str) -> str:
    valid = model.model_validate_json(text).model_dump(mode="json")
    dumped = json.dumps(valid, separators=(",", ":"))
    if len(dumped.encode()) > LONGEST_PARAMETER:
        raise ValueError(f"{model.__name__} has {len(dumped.encode())} bytes; an SSM parameter holds {LONGEST_PARAMETER}; publish less")
    return dumped
