"""The engine's protocol: the SDK's generated messages and services, without the SDK around them.

The SDK's packages are for programs, and take 0.2 s to import; each start of a provider or of the language host would pay that.
"""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType


@contextmanager
def _empty_parents() -> Generator[None]:
    """While it lasts, `pulumi` and `pulumi.runtime` are packages with nothing in them, unless they were imported before."""
    found = find_spec("pulumi") if "pulumi" not in sys.modules else None
    if found is None or not found.submodule_search_locations:
        yield
        return
    (root,) = found.submodule_search_locations
    for name, directory in (("pulumi", root), ("pulumi.runtime", f"{root}/runtime")):
        module = ModuleType(name)
        module.__path__ = [directory]
        sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules["pulumi"], sys.modules["pulumi.runtime"]


with _empty_parents():
    from pulumi.runtime.proto import (
        LanguageRuntimeServicer,
        ResourceProviderServicer,
        language_pb2,
        language_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
        status_pb2,
    )

__all__ = [
    "LanguageRuntimeServicer",
    "ResourceProviderServicer",
    "language_pb2",
    "language_pb2_grpc",
    "plugin_pb2",
    "provider_pb2",
    "provider_pb2_grpc",
    "status_pb2",
]
