"""The private keys and certificates of one control plane, made once and kept with it."""

from __future__ import annotations

import shutil
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from localcloud.certificates import authority, issue, private_pem, write_private


def ensure(directory: Path, service_address: str) -> None:
    """Makes `directory` with every key and certificate of a control plane, unless it is there already.

    `ca` signs the API server and its clients (`admin`, `controller-manager`), `etcd-ca` signs etcd and its one client: they are
    two, so that no certificate made for the API server opens etcd. `service-account` is a bare key pair. `service_address` is
    the in-cluster address of the API server, which its certificate has to carry. Files are readable by their owner only.
    """
    if directory.exists():
        return
    draft = directory.with_name(f"{directory.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700, parents=True)
    cluster, etcd = authority(draft, "ca"), authority(draft, "etcd-ca")
    names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]
    issue(draft, "server", cluster, "kube-apiserver", names=names, addresses=["127.0.0.1", service_address])
    issue(draft, "admin", cluster, "localcloud", group="system:masters")
    issue(draft, "controller-manager", cluster, "system:kube-controller-manager")
    issue(draft, "etcd", etcd, "etcd", addresses=["127.0.0.1"])
    issue(draft, "etcd-client", etcd, "kube-apiserver")
    _service_account_keys(draft)
    # Renamed at the end, so that a crash half-way leaves nothing that looks complete.
    draft.rename(directory)


def _service_account_keys(directory: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    write_private(directory / "service-account.key", private_pem(key))
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (directory / "service-account.pub").write_bytes(public)
