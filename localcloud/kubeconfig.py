"""The kubeconfig of each account: a context per cluster, which signs in as the program's kubeconfig does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from localcloud import emulator, toolchain
from localcloud.instance import Instance, write_atomically

if TYPE_CHECKING:
    from localcloud.kubernetes.layout import ClusterKey

_ADMIN_POLICY = "cluster-access-policy/AmazonEKSClusterAdminPolicy"


def path(instance: Instance, account: str) -> Path:
    """Where it is. One per account, so that kubectl in the environment of one stack never reaches a cluster of another."""
    return instance.path("kubeconfigs", f"{account}.yaml")


def refresh(instance: Instance, account: str) -> list[str]:
    """Writes it again when clusters of the account came, went or were replaced since. Returns the contexts' names.

    A context assumes the role whose access entry makes it the cluster's administrator; a cluster without one has no context
    yet. The context that the user chose stays.
    """
    from localcloud.kubernetes import control_plane

    file = path(instance, account)
    old: dict[str, Any] = yaml.safe_load(file.read_text()) if file.exists() else {}
    keys = [key for key in control_plane.known(instance) if key.account == account]
    endpoints = {key: control_plane.endpoint(instance, key) for key in keys}
    wanted = {key.slug: each.ca_data for key, each in endpoints.items() if each is not None}
    written = {each["name"]: each["cluster"]["certificate-authority-data"] for each in old.get("clusters", [])}
    if wanted != written or not old:
        roles = {key: _admin_role(instance, key) for key in endpoints}
        users = [_user(instance, key, role) for key, role in roles.items() if role]
        clusters = [
            {"name": key.slug, "cluster": {"server": each.url, "certificate-authority-data": each.ca_data}}
            for key, each in endpoints.items()
            if each is not None and roles[key]
        ]
        old = _document(list(roles), users, clusters, old.get("current-context", ""))
        write_atomically(file, yaml.safe_dump(old, sort_keys=False))
    return [each["name"] for each in old.get("contexts", [])]


def _document(keys: list[ClusterKey], users: list[Any], clusters: list[Any], chosen: str) -> dict[str, Any]:
    slugs = {each["name"] for each in clusters}
    shown = [key for key in keys if key.slug in slugs]
    names = [key.name for key in shown]
    contexts = {key.name if names.count(key.name) == 1 else key.slug: key for key in shown}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": clusters,
        "users": users,
        "contexts": [{"name": name, "context": {"cluster": key.slug, "user": key.slug}} for name, key in contexts.items()],
        "current-context": chosen if chosen in contexts else next(iter(contexts), ""),
    }


def _user(instance: Instance, key: ClusterKey, role: str) -> dict[str, Any]:
    environment = {
        "AWS_ACCESS_KEY_ID": key.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": key.region,
        "AWS_ENDPOINT_URL": emulator.endpoint(instance),
    }
    command = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": str(toolchain.binary("aws")),
        "args": ["eks", "get-token", "--cluster-name", key.name, "--role-arn", role],
        "env": [{"name": name, "value": value} for name, value in environment.items()],
        "interactiveMode": "Never",
    }
    return {"name": key.slug, "user": {"exec": command}}


def _admin_role(instance: Instance, key: ClusterKey) -> str | None:
    """The first role with cluster-wide administration; None when there is none, or AWS does not know the cluster yet."""
    import boto3
    from botocore.exceptions import ClientError

    eks = boto3.client(
        "eks",
        endpoint_url=emulator.endpoint(instance),
        region_name=key.region,
        aws_access_key_id=key.account,
        aws_secret_access_key="local",
    )
    try:
        principals = [
            each for page in eks.get_paginator("list_access_entries").paginate(clusterName=key.name) for each in page["accessEntries"]
        ]
        for principal in sorted(each for each in principals if ":role/" in each):
            policies = eks.list_associated_access_policies(clusterName=key.name, principalArn=principal)["associatedAccessPolicies"]
            if any(each["policyArn"].endswith(_ADMIN_POLICY) and each["accessScope"]["type"] == "cluster" for each in policies):
                return principal
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    return None
