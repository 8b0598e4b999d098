"""What a provider tells its user beside the results of its calls."""

from __future__ import annotations

import re
import sys

import grpc

_ADDRESS = re.compile(r"127\.0\.0\.1:\d+")


def warn(message: str) -> None:
    """Shown by the engine as a warning of the update or preview; without an engine, written to stderr.

    The engine hides a resource provider's own stderr unless it crashes (sdk/go/common/resource/plugin of 3.259.0).
    """
    address = sys.argv[-1]  # where the engine that started this provider listens
    if not _ADDRESS.fullmatch(address):
        sys.stderr.write(f"{message}\n")
        return
    from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc  # seldom needed, and slow to import

    with grpc.insecure_channel(address) as channel:
        engine_pb2_grpc.EngineStub(channel).Log(engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=message))
