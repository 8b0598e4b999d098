"""A provider's process ends when the engine asks it to, without a word."""

import signal
import subprocess
import sys

import pytest

_PROVIDER = """
import threading, time
from localcloud.provider import interface, service
class Nothing(interface.Provider):
    version = "0"
Nothing.__abstractmethods__ = frozenset()
# A call under way: nobody is left to hear its answer.
threading.Thread(target=time.sleep, args=(60,)).start()
service.serve(Nothing())
"""


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_provider_ends_at_once_and_quietly_when_the_engine_asks(asked: signal.Signals) -> None:
    provider = subprocess.Popen([sys.executable, "-c", _PROVIDER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert provider.stdout is not None
    assert provider.stdout.readline().strip().isdigit()
    provider.send_signal(asked)
    _, said = provider.communicate(timeout=5)
    assert (provider.returncode, said) == (0, "")
