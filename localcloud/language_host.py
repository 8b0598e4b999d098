"""`pulumi-language-python`: how the engine runs a Python program, and a Python policy pack, on the SDK's own code."""

import importlib.metadata
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import grpc

from localcloud.provider.protocol import LanguageRuntimeServicer, language_pb2, language_pb2_grpc, plugin_pb2

# The engine sends the whole configuration and states: its own limit is 400 MiB (pulumi SDK, `_grpc_settings.py`).
_OPTIONS = [("grpc.max_receive_message_length", 400 * 1024 * 1024), ("grpc.max_send_message_length", 400 * 1024 * 1024)]
_RUNNER = Path(__file__).with_name("program_runner.py")


class LanguageHost(LanguageRuntimeServicer):
    """Runs programs and plugins with the interpreter of the project's `virtualenv` option, else with this one.

    What it does not do (generating code, packing, debugging) is refused by gRPC as UNIMPLEMENTED, under its name.
    """

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> language_pb2.LanguageHandshakeResponse:
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=importlib.metadata.version("pulumi"))

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> language_pb2.GetRequiredPackagesResponse:
        # None to fetch: the providers are on PATH.
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: grpc.ServicerContext) -> language_pb2.GetRequiredPluginsResponse:
        return language_pb2.GetRequiredPluginsResponse()

    def RuntimeOptionsPrompts(self, request: Any, context: grpc.ServicerContext) -> language_pb2.RuntimeOptionsResponse:
        return language_pb2.RuntimeOptionsResponse()

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        python = _interpreter(request.info, context)
        said = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
        return language_pb2.AboutResponse(executable=python, version=said.stdout.removeprefix("Python ").strip())

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        listing = "import importlib.metadata as m; [print(d.name, d.version) for d in m.distributions()]"
        said = subprocess.run([_interpreter(request.info, context), "-c", listing], capture_output=True, text=True, check=True)
        pairs = sorted({tuple(line.split()) for line in said.stdout.splitlines()})
        dependencies = [language_pb2.DependencyInfo(name=name, version=version) for name, version in pairs]
        return language_pb2.GetProgramDependenciesResponse(dependencies=dependencies)

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        said = b"Nothing installed: `make setup` installs this project's dependencies from its lock file.\n"
        yield language_pb2.InstallDependenciesResponse(stdout=said)

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        python = _interpreter(request.info, context)
        with tempfile.TemporaryDirectory(prefix="pulumi-program-") as scratch:
            asked, answered = Path(scratch, "request"), Path(scratch, "response")
            asked.write_bytes(request.SerializeToString())
            # -P: this script's directory stays off sys.path; -u: the engine shows each line as it is printed.
            command = subprocess.Popen([python, "-P", "-u", str(_RUNNER), str(asked), str(answered)], stdin=subprocess.DEVNULL)
            with _ends_with(command, context):
                code = command.wait()
            if answered.exists():
                return language_pb2.RunResponse.FromString(answered.read_bytes())
        return language_pb2.RunResponse(error=f"the program's process ended with {code} before it was done")

    def RunPlugin(self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext) -> Iterator[language_pb2.RunPluginResponse]:
        argv = [_interpreter(request.info, context), "-u", request.info.program_directory, *request.args]
        environment = dict(item.split("=", 1) for item in request.env) or None
        command = subprocess.Popen(
            argv, cwd=request.pwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        with _ends_with(command, context):
            yield from _streamed(command)
            yield language_pb2.RunPluginResponse(exitcode=command.wait())


def _interpreter(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> str:
    """The Python of the `virtualenv` runtime option, which is relative to the project; without one, the one that runs this."""
    options = dict(info.options)
    if not options.get("virtualenv"):
        return sys.executable
    python = Path(info.root_directory, str(options["virtualenv"]), "bin", "python")
    if not python.exists():
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"{python} does not exist: run `make setup`, or correct `virtualenv`.")
    return str(python)


def _streamed(command: subprocess.Popen[bytes]) -> Iterator[language_pb2.RunPluginResponse]:
    pieces: queue.Queue[language_pb2.RunPluginResponse | None] = queue.Queue()

    def forward(pipe: IO[bytes], wrap: Callable[[bytes], language_pb2.RunPluginResponse]) -> None:
        while piece := os.read(pipe.fileno(), 65536):
            pieces.put(wrap(piece))
        pieces.put(None)

    assert command.stdout is not None
    assert command.stderr is not None
    wraps = (lambda piece: language_pb2.RunPluginResponse(stdout=piece)), (lambda piece: language_pb2.RunPluginResponse(stderr=piece))
    for pipe, wrap in zip((command.stdout, command.stderr), wraps, strict=True):
        threading.Thread(target=forward, args=(pipe, wrap), daemon=True).start()
    for _ in range(2):
        while (piece := pieces.get()) is not None:
            yield piece


@contextmanager
def _ends_with(command: subprocess.Popen[bytes], context: grpc.ServicerContext) -> Generator[None]:
    """Ends `command` when the engine's call ends: cancelled with Ctrl-C, or the plugin is no longer wanted."""
    context.add_callback(command.terminate)
    try:
        yield
    finally:
        if command.poll() is None:
            command.terminate()
            command.wait()


def main() -> None:
    """Serves until the engine is gone; prints the port first, as the engine expects."""
    # The engine asks with SIGINT and waits 10 s; a Ctrl-C on the terminal goes to the engine alone, which has its own group.
    ended = threading.Event()
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, lambda *_: ended.set())
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageHost(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    engine = os.getppid()
    while os.getppid() == engine and not ended.wait(1.0):
        pass
    server.stop(grace=None)


if __name__ == "__main__":
    main()
