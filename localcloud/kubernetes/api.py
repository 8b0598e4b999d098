"""One Kubernetes API server, reached through the `kubernetes` client: any kind, by its apiVersion and kind."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import urllib3

if TYPE_CHECKING:
    from kubernetes.client import Configuration

from localcloud.faults import Faults, Injected
from localcloud.instance import Instance
from localcloud.kubernetes import waiting
from localcloud.provider.cancellation import pause

Object = dict[str, Any]

_JSON = "application/json"
_APPLY = "application/apply-patch+yaml"

_THROTTLED = 429
_ATTEMPTS = 4
_FIRST_PAUSE_SECONDS = 0.1


@dataclass
class ApiError(Exception):
    """The API server refused a request. `status` is the HTTP code; `message` is the server's own text."""

    status: int
    reason: str
    message: str
    causes: tuple[Mapping[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.message} ({self.status} {self.reason})"


class Unreachable(Exception):
    """There is no way to the API server, or no answer came: then whether the request took effect is not known."""


class NoCredentials(Unreachable):
    """The kubeconfig's credential command gave none, as for who may not become its role: nothing was sent."""


@dataclass(frozen=True)
class Kind:
    """A kind as the API server serves it. `plural` is its name in URLs."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool

    def path(self, namespace: str | None, name: str) -> str:
        root = "/api/v1" if self.api_version == "v1" else f"/apis/{self.api_version}"
        inside = f"/namespaces/{namespace}" if self.namespaced else ""
        return f"{root}{inside}/{self.plural}/{name}"


class Api:
    """A connection; safe to share between threads. Raises ApiError, Unreachable and cancellation.Interrupted.

    A server that hangs is waited for at most 32 s, or 30 s when something is applied. A cancelled update ends that within 4 s,
    but not for what is being applied, nor for the kubeconfig's credential command.
    """

    def __init__(self, configuration: Configuration) -> None:
        # Imported where it is used: a preview that finds nothing to change never connects.
        from kubernetes.client import ApiClient

        self.url = str(configuration.host)
        configuration.retries = waiting.until_cancelled()
        self._client = ApiClient(configuration)
        self._faults = Faults(Instance.here())
        self._kinds: dict[tuple[str, str], Kind] = {}
        self._refresh = threading.Lock()

    @classmethod
    def connect(cls, kubeconfig: Object, context: str | None = None) -> Api:
        """Runs the kubeconfig's credential command, if it has one. Raises Unreachable that says what is wrong, NoCredentials."""
        from kubernetes.client import Configuration
        from kubernetes.config.kube_config import KubeConfigLoader

        configuration = Configuration()
        # A proxy from the environment would be asked for a loopback address.
        configuration.proxy = None
        try:
            loader = KubeConfigLoader(kubeconfig, active_context=context)
            loader.load_and_set(configuration)
        except Exception as error:  # the client raises its own errors, KeyErrors and binascii errors alike
            raise Unreachable(f"the kubeconfig cannot be used: {error}") from error
        _require_credentials(loader, configuration)
        return cls(configuration)

    def kind(self, api_version: str, kind: str) -> Kind | None:
        """What the server knows of a kind, or None. Asked anew until it is known, because CRDs appear."""
        known = self._kinds.get((api_version, kind))
        if known is not None:
            return known
        try:
            listed = self.request("GET", "/api/v1" if api_version == "v1" else f"/apis/{api_version}")
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        for entry in cast("list[Object]", listed.get("resources", [])):
            if "/" not in entry["name"]:
                self._kinds[api_version, entry["kind"]] = Kind(api_version, entry["kind"], entry["name"], entry["namespaced"])
        return self._kinds.get((api_version, kind))

    def get(self, kind: Kind, namespace: str | None, name: str) -> Object | None:
        """The live object, or None when there is none."""
        try:
            return self.request("GET", kind.path(namespace, name))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def apply(self, kind: Kind, body: Object, manager: str, *, dry_run: bool = False, force: bool = False) -> Object:
        """Server-side apply, with unknown and duplicate fields refused by the server. Returns the object as stored."""
        metadata = body["metadata"]
        query = {"fieldManager": manager, "fieldValidation": "Strict", "force": str(force).lower()}
        if dry_run:
            query["dryRun"] = "All"
        path = kind.path(metadata.get("namespace"), metadata["name"])
        return self.request("PATCH", path, query, body, _APPLY)

    def delete(self, kind: Kind, namespace: str | None, name: str) -> bool:
        """Asks for deletion, dependents first (`Foreground`); False when the object was gone already. Does not wait."""
        try:
            self.request("DELETE", kind.path(namespace, name), body={"propagationPolicy": "Foreground"})
        except ApiError as error:
            if error.status == 404:
                return False
            raise
        return True

    def request(
        self, method: str, path: str, query: Mapping[str, str] | None = None, body: Object | None = None, content_type: str = _JSON
    ) -> Object:
        """One call of the API, repeated while the server has too many; its JSON answer."""
        wait = _FIRST_PAUSE_SECONDS
        for attempts_left in reversed(range(_ATTEMPTS)):
            try:
                return self._faults.around(method, lambda: self._answer(method, path, query, body, content_type), _injected())
            except ApiError as error:
                if error.status != _THROTTLED or not attempts_left:
                    raise
            pause(wait, "the API server, which has too many requests")
            wait *= 2
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _answer(self, method: str, path: str, query: Mapping[str, str] | None, body: Object | None, content_type: str) -> Object:
        headers = {"Accept": _JSON, "Content-Type": content_type}
        # The client writes JSON itself; what it takes for YAML it wants as text, and JSON is YAML.
        payload = json.dumps(body) if content_type == _APPLY else body
        with self._refresh:  # it may run the credential command anew when the token has expired
            call = self._client.param_serialize(
                method, path, query_params=list((query or {}).items()), header_params=headers, body=payload, auth_settings=["BearerToken"]
            )
        try:
            response = self._client.call_api(*call, _request_timeout=waiting.timeout_seconds(method))
            text: bytes = response.read()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Unreachable(f"no answer from the API server at {self.url}: {error}") from error
        if response.status >= 400:
            raise _api_error(response.status, str(response.reason), text)
        return json.loads(text)


def _injected() -> Injected:
    return Injected(
        error=ApiError(500, "InternalError", "injected"),
        throttling=ApiError(_THROTTLED, "TooManyRequests", "injected"),
        lost=Unreachable("injected: no answer from the API server"),
    )


def _require_credentials(loader: Any, configuration: Configuration) -> None:
    """The client only logs a credential command that failed, and would then go on as nobody."""
    user = cast("Object", loader._user.value) if loader._user else {}
    if "exec" in user and not configuration.api_key and not configuration.cert_file:
        command = " ".join([user["exec"].get("command", ""), *user["exec"].get("args", [])])
        raise NoCredentials(f"the kubeconfig's credential command gave no token: run `{command}` to see why")


def _api_error(status: int, reason: str, text: bytes) -> ApiError:
    try:
        answer = cast("Object", json.loads(text))
    except ValueError:
        return ApiError(status, reason, text.decode(errors="replace") or reason)
    causes = tuple(cast("list[Mapping[str, str]]", (answer.get("details") or {}).get("causes") or []))
    return ApiError(status, str(answer.get("reason") or reason), str(answer.get("message") or reason), causes)
