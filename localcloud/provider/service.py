"""The gRPC side of a local Pulumi provider: requests become calls of a `Provider`, its answers and errors go back."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple, cast

import grpc
from google.protobuf import any_pb2, empty_pb2

from localcloud.provider import cancellation
from localcloud.provider.interface import Difference, InitFailed, Provider, Refused, Target
from localcloud.provider.protocol import ResourceProviderServicer, plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2
from localcloud.provider.values import UnsupportedValue, decode, encode

# The engine sends whole states; its own limit is 400 MiB (pulumi SDK, `_grpc_settings.py`).
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024), ("grpc.max_send_message_length", 400 * 1024 * 1024)]


class Service(ResourceProviderServicer):
    """Serves one `Provider` to the engine."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self._provider.version)

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        # The engine waits for the calls under way, so that their results are kept.
        cancellation.ask()
        self._provider.cancel()
        return empty_pb2.Empty()

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        with _errors(context):
            return _difference_response(self._provider.diff_config(decode(request.olds).properties, decode(request.news).properties))

    def Configure(self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext) -> provider_pb2.ConfigureResponse:
        with _errors(context):
            self._provider.configure(decode(request.args).properties)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=False, acceptOutputs=False)

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        with _errors(context):
            result = self._provider.invoke(request.tok, decode(request.args).properties)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encode(result))  # a keyword of Python
        return response

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        with _errors(context):
            news = decode(request.news)
            checked = self._provider.check(
                Target.of(request.urn), decode(request.olds).properties, news.properties, bytes(request.randomSeed)
            )
        return provider_pb2.CheckResponse(
            inputs=encode(checked.inputs, news.secret_names),
            failures=[provider_pb2.CheckFailure(property=each.property, reason=each.reason) for each in checked.failures],
        )

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        with _errors(context):
            difference = self._provider.diff(
                Target.of(request.urn),
                request.id,
                decode(request.olds).properties,
                decode(request.old_inputs).properties,
                decode(request.news).properties,
            )
        return _difference_response(difference)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        target, inputs = Target.of(request.urn), decode(request.properties)
        secrets = self._secrets(target, inputs.secret_names)
        with _errors(context, secrets):
            id, state = self._provider.create(target, inputs.properties, preview=request.preview)
        return provider_pb2.CreateResponse(id=id, properties=encode(state, secrets))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        target, state, inputs = Target.of(request.urn), decode(request.properties), decode(request.inputs)
        secrets = self._secrets(target, inputs.secret_names | state.secret_names)
        with _errors(context, secrets):
            found = self._provider.read(target, request.id, state.properties, inputs.properties)
        if found is None:
            return provider_pb2.ReadResponse(id="")
        return provider_pb2.ReadResponse(id=request.id, properties=encode(found[0], secrets), inputs=encode(found[1], secrets))

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        target, news = Target.of(request.urn), decode(request.news)
        secrets = self._secrets(target, news.secret_names)
        with _errors(context, secrets):
            state = self._provider.update(
                target,
                request.id,
                decode(request.olds).properties,
                decode(request.old_inputs).properties,
                news.properties,
                preview=request.preview,
            )
        return provider_pb2.UpdateResponse(properties=encode(state, secrets))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        with _errors(context):
            self._provider.delete(Target.of(request.urn), request.id, decode(request.properties).properties)
        return empty_pb2.Empty()

    def _secrets(self, target: Target, names: Iterable[str]) -> frozenset[str]:
        return frozenset(names) | self._provider.secret_properties(target.type)


class _GrpcStatus(NamedTuple):
    """What `abort_with_status` takes; grpcio only gives it a type in a package of its own."""

    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, bytes], ...]


@contextmanager
def _errors(context: grpc.ServicerContext, secret_names: Iterable[str] = ()) -> Generator[None]:
    """Turns what a provider raises into what the engine shows, and keeps the state of half-made objects."""
    try:
        yield
    except (Refused, UnsupportedValue) as error:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    except InitFailed as error:
        detail = any_pb2.Any()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=error.id,
                properties=encode(error.state, secret_names),
                inputs=encode(error.inputs, secret_names),
                reasons=[error.reason],
            )
        )
        code = grpc.StatusCode.UNKNOWN
        status = status_pb2.Status(code=code.value[0], message=error.reason, details=[detail])
        metadata = (("grpc-status-details-bin", status.SerializeToString()),)
        context.abort_with_status(cast("grpc.Status", _GrpcStatus(code, error.reason, metadata)))


def _difference_response(difference: Difference) -> provider_pb2.DiffResponse:
    kinds = {
        ("add", False): provider_pb2.PropertyDiff.ADD,
        ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
        ("delete", False): provider_pb2.PropertyDiff.DELETE,
        ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
        ("update", False): provider_pb2.PropertyDiff.UPDATE,
        ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
    }
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if difference.changes else provider_pb2.DiffResponse.DIFF_NONE,
        replaces=sorted({change.path.split(".")[0].split("[")[0] for change in difference.changes if change.replaces}),
        diffs=sorted({change.path.split(".")[0].split("[")[0] for change in difference.changes}),
        deleteBeforeReplace=difference.delete_before_replace,
        hasDetailedDiff=True,
        detailedDiff={change.path: provider_pb2.PropertyDiff(kind=kinds[change.kind, change.replaces]) for change in difference.changes},
    )


def serve(provider: Provider) -> None:
    """Serves until the engine ends it (SIGINT; SIGTERM does the same) or is gone; prints the port first, as the engine expects."""
    # What was imported stays: no collection needs to look at it again.
    gc.freeze()
    ended = threading.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: ended.set())
    # As many threads as the engine runs steps at once (16 by default on two cores, more with --parallel).
    server = grpc.server(ThreadPoolExecutor(max_workers=64), options=_OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Service(provider), server)
    port = server.add_insecure_port("127.0.0.1:0")
    engine = os.getppid()
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    # A killed engine cannot stop its plugins; without this look they would live on for ever.
    while os.getppid() == engine and not ended.wait(1.0):
        pass
    provider.cancel()
    server.stop(grace=None)
    # Nobody is left to hear what a call under way would answer; its object is adopted by the next update.
    sys.stdout.flush()
    os._exit(0)
