"""The API server of a cluster, as its administrator asks it; nothing is asked but to read."""

import base64
import http.client
import json
import ssl
import subprocess
from typing import Any
from urllib.parse import urlsplit

import contract
from operations.smoke.access import READ_SECONDS
from operations.smoke.check import Differs, NotChecked

_TOKEN_SECONDS = 20
"""The aws command starts in one or two on a small machine."""

Object = dict[str, Any]


class Missing(Differs):
    """The API server has no such object."""


class Api:
    """Signs in as the program's kubeconfig does, with `aws eks get-token`, as the role of the contract."""

    def __init__(self, cluster: contract.Cluster, region: str) -> None:
        self._cluster, self._region, self._token = cluster, region, ""

    def answers(self) -> str:
        """The version that it says it has. Raises what stands in the way."""
        self._token = self._sign_in()
        try:
            return self._get("/version")["gitVersion"]
        except BaseException:
            self._token = ""
            raise

    def get(self, path: str) -> Object:
        """Raises Missing for what is not there, NotChecked unless it has answered before."""
        if not self._token:
            raise NotChecked(f"the API server of {self._cluster.cluster} did not answer")
        return self._get(path)

    def items(self, path: str) -> list[Object]:
        return self.get(path)["items"]

    def _get(self, path: str) -> Object:
        address = urlsplit(self._cluster.endpoint)
        trust = ssl.create_default_context(cadata=base64.b64decode(self._cluster.certificate_authority).decode())
        connection = http.client.HTTPSConnection(address.hostname or "", address.port or 443, timeout=READ_SECONDS, context=trust)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self._token}", "Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status == http.HTTPStatus.NOT_FOUND:
            raise Missing("not there")
        if answer.status in (http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN):
            raise NotChecked(f"the API server lets {self._cluster.admin_role_arn} not read {path}: {answer.status} {answer.reason}")
        if answer.status != http.HTTPStatus.OK:
            raise Differs(f"GET {path}: {answer.status} {answer.reason}")
        return json.loads(body)

    def _sign_in(self) -> str:
        cluster = self._cluster
        command = ["aws", "eks", "get-token", "--cluster-name", cluster.cluster, "--role-arn", cluster.admin_role_arn]
        try:
            done = subprocess.run(
                [*command, "--region", self._region, "--output", "json"],
                capture_output=True,
                text=True,
                check=False,
                timeout=_TOKEN_SECONDS,
            )
        except FileNotFoundError:
            raise NotChecked("there is no `aws` on PATH, which signs in to clusters") from None
        except subprocess.TimeoutExpired:
            raise NotChecked(f"`aws eks get-token` did not end in {_TOKEN_SECONDS} s") from None
        if done.returncode != 0:
            raise NotChecked(f"the credentials do not become {cluster.admin_role_arn}: {done.stderr.strip()}")
        return json.loads(done.stdout)["status"]["token"]
