"""The token webhook of every local cluster: `python -m localcloud.kubernetes.webhook`, on `/ACCOUNT/REGION/CLUSTER`.

It answers `TokenReview` as EKS's own authenticator does: the token proves an IAM principal to the local AWS, and the cluster's
access entries say which Kubernetes user that is. No entry: not authenticated (401), administrators of the account included.
"""

from __future__ import annotations

import datetime
import functools
import json
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localcloud import emulator
from localcloud.instance import Instance
from localcloud.kubernetes.access import Entry, NotMapped, User, principal, user
from localcloud.kubernetes.layout import ClusterKey
from localcloud.kubernetes.token import InvalidToken, caller, presigned_query

_LARGEST_BODY = 64 * 1024
_making_clients = threading.Lock()


def authenticate(token: str, key: ClusterKey, endpoint: str) -> User:
    """Whom a token stands for in a cluster. Raises InvalidToken, NotMapped, OSError or botocore's errors."""
    query = presigned_query(token, endpoint, datetime.datetime.now(datetime.UTC))
    who = caller(query, endpoint, key.name)
    eks = _eks(key.account, key.region, endpoint)
    pages = eks.get_paginator("list_access_entries").paginate(clusterName=key.name)
    arn = principal(who, [each for page in pages for each in page["accessEntries"]])
    described = eks.describe_access_entry(clusterName=key.name, principalArn=arn)["accessEntry"]
    associations = eks.get_paginator("list_associated_access_policies").paginate(clusterName=key.name, principalArn=arn)
    policies = [each for page in associations for each in page["associatedAccessPolicies"]]
    entry = Entry(arn, described["type"], described.get("username") or "", described.get("kubernetesGroups") or [], policies)
    return user(who, entry, _log)


def review(token: str, key: ClusterKey, endpoint: str) -> dict[str, Any]:
    """The answer to a TokenReview v1: status only, as the API server reads nothing else."""
    try:
        found = authenticate(token, key, endpoint)
    except (InvalidToken, NotMapped) as error:
        _log(f"{key.slug}: {error}")
        return _answer({"authenticated": False})
    except (OSError, ClientError, BotoCoreError) as error:
        _log(f"{key.slug}: the local AWS cannot be asked: {error}")
        return _answer({"authenticated": False, "error": f"the local AWS cannot be asked: {error}"})
    extra = {name: list(values) for name, values in found.extra.items()}
    described = {"username": found.username, "uid": found.uid, "groups": list(found.groups), "extra": extra}
    return _answer({"authenticated": True, "user": described})


def _answer(status: dict[str, Any]) -> dict[str, Any]:
    return {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": status}


@functools.cache
def _client(account: str, region: str, endpoint: str) -> Any:
    # Root of the cluster's account: the access entries are the control plane's own data, whoever the caller is.
    return boto3.client(
        "eks", region_name=region, endpoint_url=endpoint, aws_access_key_id=account, aws_secret_access_key="local",
        config=Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 2}, proxies={}),
    )  # fmt: skip


def _eks(account: str, region: str, endpoint: str) -> Any:
    with _making_clients:  # boto3's default session is not safe to make clients from in several threads
        return _client(account, region, endpoint)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._reply(HTTPStatus.OK, {"message": "ok"})
        else:
            self._reply(HTTPStatus.NOT_FOUND, {"message": "POST a TokenReview to /ACCOUNT/REGION/CLUSTER"})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_BODY:
            self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": f"{length} bytes; the limit is {_LARGEST_BODY}"})
            return
        try:
            # client-go adds a timeout to the query.
            _, account, region, name = self.path.partition("?")[0].split("/")
            key = ClusterKey(account, region, name)
            request = cast("dict[str, Any]", json.loads(self.rfile.read(length)))
            token = str(request["spec"]["token"])
        except (ValueError, KeyError, TypeError) as error:
            self._reply(HTTPStatus.BAD_REQUEST, {"message": f"not a TokenReview for /ACCOUNT/REGION/CLUSTER: {error}"})
            return
        self._reply(HTTPStatus.OK, review(token, key, cast("_Server", self.server).endpoint))

    def _reply(self, status: HTTPStatus, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """One line per request would bury the refusals, which `_log` reports."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, endpoint: str) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.endpoint = endpoint


def _log(message: str) -> None:
    sys.stderr.write(f"{datetime.datetime.now(datetime.UTC):%H:%M:%S} {message}\n")
    sys.stderr.flush()


def main() -> None:
    """Serves until the process is ended."""
    instance = Instance.here()
    _Server(instance.port("webhook"), emulator.endpoint(instance)).serve_forever()


if __name__ == "__main__":
    main()
