"""Which tools there are, in which versions, from where. The module and lock files beside it pin what they are made of."""

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

GO_VERSION = "1.26"

_HERE = Path(__file__).resolve().parent
_REQUIREMENTS = _HERE.parent.parent / "requirements"

PULUMI_VERSION = "3.259.0"
KUBERNETES_VERSION = "1.36.3"
_KUBERNETES_FLAGS = {
    "k8s.io/component-base/version.gitVersion": f"v{KUBERNETES_VERSION}",
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "36",
}


def cache() -> Path:
    """Where tools are kept: outside the checkout, `$XDG_CACHE_HOME/ml-platform/tools` or `~/.cache/ml-platform/tools`."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "ml-platform" / "tools"


@dataclass(frozen=True)
class GoTool:
    """A program built from a Go package, in one of the small modules under `go/`."""

    name: str
    version: str
    package: str
    module: str
    usually: str  # how long a first build takes on two cores
    variables: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def directory(self) -> Path:
        return _HERE / "go" / self.module

    @property
    def ldflags(self) -> str:
        return " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in sorted(self.variables.items()))])

    @property
    def target(self) -> Path:
        inputs = [self.directory / "go.mod", self.directory / "go.sum"]
        return cache() / f"{self.name}-{self.version}-{_key(inputs, self.package, self.ldflags, platform.machine())}"

    @property
    def executable(self) -> Path:
        return self.target / self.name


@dataclass(frozen=True)
class PythonTool:
    """A Python program in a virtual environment of its own, made from a lock file with hashes."""

    name: str
    version: str
    lock: Path
    usually: str

    @property
    def target(self) -> Path:
        return cache() / f"{self.name}-{self.version}-{_key([self.lock], sys.version, sys.base_prefix, platform.machine())}"

    @property
    def executable(self) -> Path:
        return self.target / "bin" / self.name

    @property
    def python(self) -> Path:
        return self.target / "bin" / "python"


@dataclass(frozen=True)
class GoFiles:
    """Files of a Go module that are used as they are."""

    name: str
    version: str
    module_path: str
    module: str
    files: tuple[str, ...]
    usually: str

    @property
    def directory(self) -> Path:
        return _HERE / "go" / self.module

    @property
    def target(self) -> Path:
        return cache() / f"{self.name}-{self.version}-{_key([self.directory / 'go.mod', self.directory / 'go.sum'], *self.files)}"


@dataclass(frozen=True)
class DebianPackages:
    """Programs of the machine's own distribution, in whatever versions it has now, unpacked without being installed."""

    name: str
    packages: tuple[str, ...]
    usually: str

    @property
    def version(self) -> str:
        """The release that they are taken from; which versions came is in `versions` of the target."""
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            return "unknown"
        return f"{release['ID']}{release.get('VERSION_ID', '')}"

    @property
    def script(self) -> Path:
        return _HERE / "data_plane.sh"

    @property
    def target(self) -> Path:
        return cache() / f"{self.name}-{self.version}-{_key([self.script], *self.packages, platform.machine())}"


PULUMI = GoTool(
    "pulumi", PULUMI_VERSION, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", "engine", "4 min",
    {"github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": f"v{PULUMI_VERSION}"},
)  # fmt: skip
CRDS = GoFiles(
    "karpenter-crds", "1.14.0", "sigs.k8s.io/karpenter", "karpenter", ("pkg/apis/crds/karpenter.sh_nodepools.yaml",), "10 s",
)  # fmt: skip
MINISTACK = PythonTool("ministack", "1.5.33", _REQUIREMENTS / "emulator.txt", "15 s")
AWS = PythonTool("aws", "1.46.3", _REQUIREMENTS / "awscli.txt", "20 s")
FEAST = PythonTool("feast", "0.67.0", _REQUIREMENTS / "feast.txt", "1.5 min")
ACTIONLINT = GoTool("actionlint", "1.7.12", "github.com/rhysd/actionlint/cmd/actionlint", "actionlint", "20 s")
ZIZMOR = PythonTool("zizmor", "1.32.0", _REQUIREMENTS / "zizmor.txt", "5 s")
# What a cloud is whole without, so it is not one of TOOLS: where it can't be had, databases and caches are made without a server.
DATA_PLANE = DebianPackages("data-plane", ("mariadb-server-core", "mariadb-client-core", "redis-server", "redis-tools"), "30 s")


def _kubernetes(name: str, usually: str) -> GoTool:
    return GoTool(name, KUBERNETES_VERSION, f"k8s.io/kubernetes/cmd/{name}", "kubernetes", usually, _KUBERNETES_FLAGS)


# Quick ones first, so that a mistake in the set-up shows at once.
TOOLS: tuple[GoTool | PythonTool | GoFiles, ...] = (
    MINISTACK,
    AWS,
    CRDS,
    GoTool("etcd", "3.6.8", "go.etcd.io/etcd/server/v3", "kubernetes", "30 s"),
    PULUMI,
    _kubernetes("kube-apiserver", "3.5 min"),
    _kubernetes("kube-controller-manager", "1 min"),
    _kubernetes("kubectl", "30 s"),
)

# What runs on the platform, or reads the workflows, rather than being part of it: tests and figures need it, `make demo` does not.
TEST_TOOLS: tuple[GoTool | PythonTool, ...] = (ACTIONLINT, ZIZMOR, FEAST)


def tool(name: str) -> GoTool | PythonTool:
    """The tool called `name`. Raises KeyError naming those that exist."""
    known = {entry.name: entry for entry in (*TOOLS, *TEST_TOOLS) if not isinstance(entry, GoFiles)}
    if name not in known:
        raise KeyError(f"no tool is called {name!r}; there are {', '.join(sorted(known))}.")
    return known[name]


def _key(files: list[Path], *values: str) -> str:
    digest = hashlib.sha256()
    for part in [*(file.read_bytes() for file in files), *(value.encode() for value in values)]:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:12]
