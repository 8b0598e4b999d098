"""The programs that the local cloud runs: built from pinned, hash-checked modules into a cache that checkouts share.

Only the standard library is imported here, because it runs before anything is installed.
"""

from pathlib import Path

from localcloud.toolchain.catalogue import CRDS, TEST_TOOLS, tool


class ToolMissing(RuntimeError):
    """A tool is not in the cache; the message says what to run."""


def binary(name: str) -> Path:
    """The executable of pulumi, kube-apiserver, kube-controller-manager, kubectl, etcd, aws, ministack or feast, in the cache.

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
