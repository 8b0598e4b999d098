"""One local cloud: a directory that holds everything that it keeps, and the loopback ports that it was given."""

import fcntl
import json
import os
import socket
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

# Below the range that Linux hands to outgoing connections (32768 up), so that a stored port is still free after a restart.
_PORTS = range(20000, 32000)


class NoPort(RuntimeError):
    """No free loopback port is left in the range that local clouds use."""


@dataclass(frozen=True)
class Instance:
    """A local cloud's directory. Several can exist side by side; each has its own ports, processes and state."""

    directory: Path

    @classmethod
    def here(cls) -> "Instance":
        """The instance of this checkout: `LOCALCLOUD_DIR` when set, else `.localcloud` beside the sources."""
        configured = os.environ.get("LOCALCLOUD_DIR")
        return cls(Path(configured).resolve() if configured else CHECKOUT / ".localcloud")

    def path(self, *parts: str) -> Path:
        """A path below the directory. Its parents exist on return; nobody but the user can read the instance."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.directory.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def port(self, name: str) -> int:
        """The loopback TCP port of `name`: chosen free at the first call, the same ever after, never given to another name.

        Kubeconfigs and endpoints are stored in Pulumi state, so a port must survive restarts.
        """
        with self.locked("ports"):
            path = self.path("ports.json")
            ports: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
            if name not in ports:
                ports[name] = _free_port(self.directory, set(ports.values()))
                write_atomically(path, json.dumps(ports, indent=2, sort_keys=True))
            return ports[name]

    @contextmanager
    def locked(self, name: str) -> Generator[None]:
        """Holds the instance's lock `name` against every other process; it ends with its holder.

        Waits for it as long as another process works under it, also when the update that needs it is cancelled meanwhile.
        """
        with self.path("locks", name).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def write_atomically(path: Path, text: str, mode: int = 0o600) -> None:
    """Replaces a file's content at once: a reader, or a crash, finds the old text or the new, never half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.touch(mode=mode)
    draft.write_text(text)
    draft.replace(path)


def _free_port(directory: Path, taken: set[int]) -> int:
    # Instances begin at different places, so that two which start at the same moment don't pick the same port.
    start = zlib.crc32(str(directory).encode()) % len(_PORTS)
    for offset in range(len(_PORTS)):
        port = _PORTS[(start + offset) % len(_PORTS)]
        if port not in taken and _can_bind(port):
            return port
    raise NoPort(f"No free port between {_PORTS.start} and {_PORTS.stop - 1} on 127.0.0.1; `ss -ltn` shows what holds them.")


def _can_bind(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
