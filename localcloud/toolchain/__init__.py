"""The programs that the local cloud runs: built from pinned, hash-checked modules into a cache that checkouts share.

Only the standard library is imported here, because it runs before anything is installed.
"""

from dataclasses import dataclass
from pathlib import Path

from localcloud.toolchain.catalogue import CRDS, DATA_PLANE, TEST_TOOLS, tool


class ToolMissing(RuntimeError):
    """A tool is not in the cache; the message says what to run."""


def binary(name: str) -> Path:
    """The executable of pulumi, kube-apiserver, kube-controller-manager, kubectl, etcd, aws, ministack, feast, actionlint or zizmor,
    in the cache.

    Raises ToolMissing when it was not built for the versions that this checkout pins, KeyError for a name it does not know.
    """
    wanted = tool(name)
    if not wanted.target.exists():
        target = "test-tools" if wanted in TEST_TOOLS else "tools"
        raise ToolMissing(f"{name} {wanted.version} is not built yet: run `make {target}` (it usually takes {wanted.usually}).")
    return wanted.executable


def karpenter_crd_directory() -> Path:
    """The directory with Karpenter's `karpenter.sh_nodepools.yaml`, from the pinned module. Raises ToolMissing."""
    if not CRDS.target.exists():
        raise ToolMissing(f"Karpenter's CRDs {CRDS.version} are not fetched yet: run `make tools` (it usually takes {CRDS.usually}).")
    return CRDS.target


@dataclass(frozen=True)
class DataPlane:
    """The servers that stand in for MySQL and Valkey, with their clients and libraries, unpacked in one directory."""

    directory: Path

    @property
    def mariadbd(self) -> Path:
        return self.directory / "usr" / "sbin" / "mariadbd"

    @property
    def redis_server(self) -> Path:
        return self.directory / "usr" / "bin" / "redis-server"

    @property
    def mysql_share(self) -> Path:
        """Messages and character sets, which mariadbd looks for where it was built for."""
        return self.directory / "usr" / "share" / "mysql"

    @property
    def first_data(self) -> Path:
        """A data directory of MariaDB without users; to be copied."""
        return self.directory / "mysql-data"

    @property
    def versions(self) -> dict[str, str]:
        """Of each package that was unpacked."""
        return dict(line.split() for line in (self.directory / "versions").read_text().splitlines())

    def client(self, name: str) -> Path:
        """The executable of `mariadb` or `redis-cli`; it needs `environment`."""
        return self.directory / "usr" / "bin" / name

    @property
    def environment(self) -> dict[str, str]:
        """What servers and clients need to find their libraries."""
        libraries = [*self.directory.glob("usr/lib/*-linux-gnu*"), *self.directory.glob("lib/*-linux-gnu*")]
        return {"LD_LIBRARY_PATH": ":".join(map(str, libraries))}


def data_plane() -> DataPlane | None:
    """None where the packages can't be had, or were not fetched yet (`make tools` fetches them, or says why not)."""
    return DataPlane(DATA_PLANE.target) if DATA_PLANE.target.exists() else None
