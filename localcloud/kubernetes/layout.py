"""Which cluster is meant, where its control plane keeps its files, and which ports are its own."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from localcloud.instance import Instance

DEFAULT_SERVICE_CIDR = "10.100.0.0/16"

# https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html#AmazonEKS-CreateCluster-request-name
_CLUSTER_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
_ACCOUNT = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")


@dataclass(frozen=True)
class ClusterKey:
    """An EKS cluster's identity in the local cloud."""

    account: str
    region: str
    name: str

    def __post_init__(self) -> None:
        checks = (("account", self.account, _ACCOUNT), ("region", self.region, _REGION), ("cluster name", self.name, _CLUSTER_NAME))
        for what, value, form in checks:
            if not form.fullmatch(value):
                raise ValueError(f"{what} {value!r} is not of the form {form.pattern}")

    @property
    def slug(self) -> str:
        return f"{self.account}-{self.region}-{self.name}"


@dataclass(frozen=True)
class Settings:
    """What a control plane was made with; it does not change afterwards."""

    version: str
    service_cidr: str


@dataclass(frozen=True)
class Layout:
    """Paths, ports and process names of one control plane."""

    instance: Instance
    key: ClusterKey

    @property
    def directory(self) -> Path:
        return self.instance.path("kubernetes", self.key.slug)

    @property
    def certificates(self) -> Path:
        return self.directory / "certificates"

    @property
    def admin_kubeconfig(self) -> Path:
        return self.directory / "admin.kubeconfig"

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port('api')}"

    @property
    def processes(self) -> tuple[str, str, str]:
        """In the order in which they need each other."""
        return tuple(f"{program}-{self.key.slug}" for program in ("etcd", "kube-apiserver", "kube-controller-manager"))  # type: ignore[return-value]

    def port(self, purpose: str) -> int:
        """The loopback port of this cluster for api, controller-manager, etcd or etcd-peer."""
        return self.instance.port(f"kubernetes/{self.key.slug}/{purpose}")

    def file(self, name: str) -> str:
        return str(self.directory / name)

    def certificate(self, name: str) -> str:
        return str(self.certificates / name)

    def settings(self) -> Settings | None:
        """None when this cluster has no control plane here."""
        try:
            stored = json.loads((self.directory / "cluster.json").read_text())
        except FileNotFoundError:
            return None
        return Settings(**stored["settings"])

    def store(self, settings: Settings) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps({"key": asdict(self.key), "settings": asdict(settings)}, indent=2)
        (self.directory / "cluster.json").write_text(text)


def stored_keys(instance: Instance) -> list[ClusterKey]:
    """Every cluster that has a control plane's data in this instance, sorted by name."""
    files = instance.path("kubernetes", "_").parent.glob("*/cluster.json")
    keys = [ClusterKey(**json.loads(file.read_text())["key"]) for file in files]
    return sorted(keys, key=lambda key: key.slug)
