"""boto3 clients for the local AWS, and only for it."""

from __future__ import annotations

import os
import threading
from typing import Any, cast
from urllib.parse import urlparse

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel, Shape

from localcloud.aws.shapes import to_request
from localcloud.provider.interface import Refused


class CallFailed(Refused):
    """An API call that the local AWS answered with an error. `code` is AWS's error code."""

    def __init__(self, operation: str, code: str, message: str) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code = code


class Clients:
    """Calls operations of the local AWS by name. One client per service, made when first needed; safe to share by threads."""

    def __init__(self, region: str) -> None:
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        # The environment of `localcloud env` sets this. Without it boto3 would go to AWS itself, with whatever credentials there are.
        if urlparse(endpoint).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise Refused(
                f"AWS_ENDPOINT_URL is {endpoint or 'not set'}; the local AWS provider only talks to a loopback address: "
                'start the local cloud and run eval "$(python -m localcloud env STACK)"'
            )
        self.endpoint, self.region = endpoint, region
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                configuration = Config(
                    retries={"max_attempts": 4, "mode": "standard"},
                    parameter_validation=True,
                    max_pool_connections=64,
                    s3={"addressing_style": "path"},
                )
                session = cast("Any", boto3)
                self._clients[service] = session.client(service, region_name=self.region, endpoint_url=self.endpoint, config=configuration)
            return self._clients[service]

    def request(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """`parameters` in the shape of the operation's input."""
        client = self._client(service)
        model = cast("OperationModel", client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]))
        shape = cast("Shape | None", model.input_shape)
        return to_request(parameters, shape, operation) if shape else {}

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Raises CallFailed for an error answer, Refused when the local AWS does not answer or the request is malformed."""
        try:
            return getattr(self._client(service), operation)(**self.request(service, operation, parameters))
        except ClientError as error:
            details = cast("dict[str, str]", error.response.get("Error", {}))
            raise CallFailed(operation, details.get("Code", "Unknown"), details.get("Message", "")) from error
        except BotoCoreError as error:
            raise Refused(f"{operation}: {error} (is the local cloud running? python -m localcloud status)") from error

    def wait(self, service: str, waiter: str, parameters: dict[str, Any]) -> None:
        """Waits, at most ten minutes, until the botocore waiter is content."""
        try:
            self._client(service).get_waiter(waiter).wait(**parameters, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
        except BotoCoreError as error:
            raise Refused(f"waiting for {waiter}: {error}") from error
