"""boto3 clients for the local AWS, and only for it."""

from __future__ import annotations

import os
import threading
import time
from typing import Any, cast
from urllib.parse import urlparse

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ParamValidationError,
)
from botocore.model import OperationModel, Shape
from botocore.validate import validate_parameters

from localcloud.aws.shapes import to_request
from localcloud.faults import Faults, Injected
from localcloud.instance import Instance
from localcloud.provider.interface import Refused


class CallFailed(Refused):
    """An API call that the local AWS answered with an error. `code` is AWS's error code, `status` that of HTTP."""

    def __init__(self, operation: str, code: str, message: str, status: int) -> None:
        super().__init__(f"{operation}: {code}: {message}")
        self.code, self.status = code, status


class NoAnswer(Refused):
    """A call that was sent and not answered: it may have taken effect."""


# Calls that change nothing can be repeated; one that creates cannot: the first may have taken effect without its answer.
_REPEATABLE = ("describe_", "get_", "list_", "head_")
_THROTTLED = frozenset({"Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown"})
_ATTEMPTS = 4
_FIRST_PAUSE_SECONDS = 0.1
_WAITER_SECONDS = 600.0


class Clients:
    """Calls operations of the local AWS by name. One client per service, made when first needed; safe to share by threads."""

    def __init__(self, region: str, faults: Faults | None = None, *, root_of: str = "") -> None:
        """As the caller of the environment; as the root of the account `root_of`, for what AWS does by itself beside a caller's call."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        # The environment of `localcloud env` sets this. Without it boto3 would go to AWS itself, with whatever credentials there are.
        if urlparse(endpoint).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise Refused(
                f"AWS_ENDPOINT_URL is {endpoint or 'not set'}; the local AWS provider only talks to a loopback address: "
                'start the local cloud and run eval "$(python -m localcloud env STACK)"'
            )
        self.endpoint, self.region = endpoint, region
        # A key id of twelve digits is the root of that account to ministack.
        self._credentials = {"aws_access_key_id": root_of, "aws_secret_access_key": "local"} if root_of else {}
        self._faults = faults or Faults(Instance.here())
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ends every wait, those of other threads too; a call that has been sent still gets its answer."""
        self._cancelled.set()

    def _client(self, service: str) -> Any:
        with self._lock:
            if service not in self._clients:
                configuration = Config(
                    retries={"total_max_attempts": 1, "mode": "standard"},
                    parameter_validation=True,
                    max_pool_connections=64,
                    s3={"addressing_style": "path"},
                )
                session = cast("Any", boto3)
                client = session.client(
                    service, region_name=self.region, endpoint_url=self.endpoint, config=configuration, **self._credentials
                )
                # Buckets refuse whoever does not come over TLS, as everybody does to AWS: a role could not go on with its own here.
                client.meta.events.register("before-sign", _over_tls)
                self._clients[service] = client
            return self._clients[service]

    def request(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """`parameters` in the shape of the operation's input."""
        client = self._client(service)
        model = cast("OperationModel", client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]))
        shape = cast("Shape | None", model.input_shape)
        return to_request(parameters, shape, operation) if shape else {}

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Repeats what was throttled, and reads that failed. Raises CallFailed for an error answer, NoAnswer when none
        comes, Refused when the request could not be sent."""
        request = self.request(service, operation, parameters)
        pause = _FIRST_PAUSE_SECONDS
        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                return self._faults.around(operation, lambda: getattr(self._client(service), operation)(**request), _injected(operation))
            except (ClientError, BotoCoreError) as error:
                failure = _failure(operation, error)
                if not attempts_left or not _is_worth_repeating(operation, failure) or self._cancelled.wait(pause):
                    raise failure from error
            pause *= 2
        raise AssertionError("unreachable: the last attempt returns or raises")

    def validate(self, service: str, operation: str, parameters: dict[str, Any]) -> None:
        """Raises Refused for a request that botocore would not send."""
        client, request = self._client(service), self.request(service, operation, parameters)
        model = cast("OperationModel", client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]))
        try:
            validate_parameters(request, model.input_shape)
        except ParamValidationError as error:
            raise Refused(f"{operation}: {error}") from error

    def wait(self, service: str, waiter: str, parameters: dict[str, Any]) -> None:
        """Waits, at most ten minutes, until the botocore waiter is content. Raises Refused when it will not be, or is cancelled."""
        deadline = time.monotonic() + _WAITER_SECONDS
        while True:
            try:
                self._client(service).get_waiter(waiter).wait(**parameters, WaiterConfig={"Delay": 1, "MaxAttempts": 1})
            except BotoCoreError as error:
                reason = cast("dict[str, Any]", error.kwargs).get("reason", "")
                if not reason.startswith("Max attempts exceeded") or time.monotonic() > deadline:
                    raise Refused(f"waiting for {waiter}: {error}") from error
            else:
                return
            if self._cancelled.wait(1.0):
                raise Refused(f"waiting for {waiter} was interrupted; the next `pulumi up` goes on")


def _injected(operation: str) -> Injected:
    def answered(code: str, status: int) -> ClientError:
        details = {"Error": {"Code": code, "Message": "injected"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return ClientError(cast("Any", details), operation)

    return Injected(
        error=answered("InternalFailure", 500), throttling=answered("Throttling", 400), lost=ConnectionClosedError(endpoint_url="injected")
    )


def _over_tls(request: Any, **_: Any) -> None:
    request.headers.add_header("X-Forwarded-Proto", "https")


def _failure(operation: str, error: ClientError | BotoCoreError) -> Refused:
    if isinstance(error, ClientError):
        details = cast("dict[str, str]", error.response.get("Error", {}))
        metadata = cast("dict[str, int]", error.response.get("ResponseMetadata", {}))
        return CallFailed(operation, details.get("Code", "Unknown"), details.get("Message", ""), metadata.get("HTTPStatusCode", 0))
    # A request that botocore finds malformed, or that found nobody to connect to, has not been sent.
    is_sent = isinstance(error, HTTPClientError) and not isinstance(error, EndpointConnectionError | ConnectTimeoutError)
    kind = NoAnswer if is_sent else Refused
    return kind(f"{operation}: {error} (is the local cloud running? python -m localcloud start)")


def _is_worth_repeating(operation: str, failure: Refused) -> bool:
    if isinstance(failure, CallFailed) and failure.code in _THROTTLED:
        return True
    failed_by_itself = not isinstance(failure, CallFailed) or failure.status >= 500
    return operation.startswith(_REPEATABLE) and failed_by_itself
