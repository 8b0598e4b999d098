"""The local AWS: one ministack per instance, on the loopback address only, with IAM enforced."""

import json
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from localcloud import processes
from localcloud.emulator_server import DUMP_PATH
from localcloud.instance import Instance
from localcloud.toolchain.catalogue import MINISTACK

NAME = "emulator"

_START_SECONDS = 30.0
# An HTTP proxy of the user's must not be asked for what is on this machine.
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

_NOWHERE = "http://127.0.0.1:1"

# A clean end writes every service's state to files: it may take longer than the usual grace.
_STOP_SECONDS = 30.0


def start(instance: Instance) -> None:
    """Brings the emulator up and waits until it answers. Idempotent. It resumes the state of the last clean stop.

    Raises processes.ProcessFailed with the end of its log when it does not answer within 30 s, toolchain.ToolMissing.
    """
    from localcloud.toolchain import binary

    binary(MINISTACK.name)
    argv = [str(MINISTACK.python), str(Path(__file__).with_name("emulator_server.py"))]
    processes.start(instance, NAME, argv, env=_environment(instance))
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(instance):
        if not processes.alive(instance, NAME):
            problem = _why_not(instance)
            # It never served: what the last stop saved is still right, and the next start must not take this for a crash.
            processes.stop(instance, NAME)
            raise processes.ProcessFailed(problem)
        if time.monotonic() > deadline:
            raise processes.ProcessFailed(_why_not(instance))
        time.sleep(0.05)


def stop(instance: Instance) -> bool:
    """Ends the emulator; its state is saved. Idempotent. False when it had to be killed: then its state is lost."""
    return processes.stop(instance, NAME, grace_seconds=_STOP_SECONDS)


def endpoint(instance: Instance) -> str:
    """The URL of the local AWS, the same for every service; it answers only after start."""
    return f"http://127.0.0.1:{instance.port('aws')}"


def dump(instance: Instance) -> dict[str, dict[str, dict[str, Any]]]:
    """Everything that exists in the emulator: account → service → `STORE REGION KEY` → object.

    It includes what AWS itself makes in an account once a service is used there (a default VPC, a default parameter group):
    compare two dumps, never one with nothing. Raises OSError when the emulator is not up.
    """
    with _direct.open(endpoint(instance) + DUMP_PATH, timeout=30) as answer:
        return json.load(answer)


def held(instance: Instance, account: str) -> dict[str, dict[str, Any]]:
    """What one account holds, as in `dump`, without waiting for all others. Raises OSError when the emulator is not up."""
    with _direct.open(f"{endpoint(instance)}{DUMP_PATH}?{account}", timeout=30) as answer:
        return json.load(answer).get(account, {})


def discard(instance: Instance) -> None:
    """Ends the emulator and forgets everything that it held."""
    stop(instance)
    shutil.rmtree(instance.path("emulator"), ignore_errors=True)


def _environment(instance: Instance) -> dict[str, str]:
    # Its whole environment: AWS_* variables of the caller would change which key id it takes for root.
    scratch = instance.path("emulator", "tmp")
    scratch.mkdir(parents=True, exist_ok=True)
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "GATEWAY_PORT": str(instance.port("aws")),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        # It would post to the endpoints of subscriptions: whatever is not on this machine is out of its reach.
        "HTTP_PROXY": _NOWHERE,
        "HTTPS_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1,localhost",
        # Where it says a cache answers; by default a host of its own Docker network.
        "REDIS_HOST": "127.0.0.1",
        # With Docker it would start containers of its own behind databases, caches and clusters.
        "DOCKER_HOST": f"unix://{scratch}/no-docker.sock",
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(instance.path("emulator", "state")),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(instance.path("emulator", "s3")),
        "PYTHONUNBUFFERED": "1",
    }


def _answers(instance: Instance) -> bool:
    try:
        with _direct.open(f"{endpoint(instance)}/_ministack/ready", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _why_not(instance: Instance) -> str:
    ended = not processes.alive(instance, NAME)
    return (
        f"The local AWS {'ended at once' if ended else f'did not answer within {_START_SECONDS:.0f} s'} on {endpoint(instance)}. "
        f"If its port is taken (`ss -ltnp`), end what holds it, or remove {instance.path('ports.json')} to choose other ports. "
        f"The end of {processes.log_path(instance, NAME)}:\n{processes.log_tail(instance, NAME)}"
    )
