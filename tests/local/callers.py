"""Asking a cluster as somebody in particular, through the token that `aws eks get-token` makes."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.local.conftest import Stack


def assumed(stack: Stack, role_arn: str) -> dict[str, str]:
    """Credentials of a session of a role, as environment variables."""
    return _variables(stack.aws("sts").assume_role(RoleArn=role_arn, RoleSessionName="test")["Credentials"])


def with_token(stack: Stack, role: str, issuer: str, audience: str, subject: str) -> dict[str, str]:
    """The same of a role that a job of CI becomes with its token."""
    credentials = stack.aws("sts").assume_role_with_web_identity(
        RoleArn=f"arn:aws:iam::{stack.account}:role/{role}", RoleSessionName="job", WebIdentityToken=token(issuer, audience, subject)
    )["Credentials"]
    return _variables(credentials)


def token(issuer: str, audience: str, subject: str) -> str:
    """A JSON Web Token without a signature: the local AWS reads the claims and has no provider to ask for a key."""
    parts = ({"alg": "none"}, {"iss": issuer, "aud": audience, "sub": subject})
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts), ""])


def _variables(credentials: dict[str, str]) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
        "AWS_SESSION_TOKEN": credentials["SessionToken"],
    }


@dataclass(frozen=True)
class Caller:
    """Somebody with credentials of AWS, before the API server of a cluster (the contract's entry of it)."""

    stack: Stack
    cluster: dict[str, Any]
    authority: Path
    token: str

    @classmethod
    def of(cls, stack: Stack, cluster: dict[str, Any], directory: Path, credentials: dict[str, str]) -> Caller:
        command = ["aws", "eks", "get-token", "--cluster-name", cluster["cluster"], "--output", "json"]
        done = subprocess.run(command, env={**stack.variables, **credentials}, capture_output=True, text=True, check=True)
        authority = directory / "ca.pem"
        authority.write_bytes(base64.b64decode(cluster["certificate_authority"]))
        return cls(stack, cluster, authority, json.loads(done.stdout)["status"]["token"])

    def kubectl(self, *arguments: str) -> str:
        """What the API server says, errors included."""
        server = ["--server", self.cluster["endpoint"], "--certificate-authority", str(self.authority), "--token", self.token]
        command = ["kubectl", "--kubeconfig", "/dev/null", *server, *arguments]
        done = subprocess.run(command, env=self.stack.variables, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def may(self, verb: str, resource: str, namespace: str = "") -> bool:
        """Whether the API server would let the caller; `namespace`: in it, and not in the whole cluster."""
        where = ["--namespace", namespace] if namespace else ["--all-namespaces"]
        return self.kubectl("auth", "can-i", verb, resource, *where).splitlines()[-1] == "yes"
