"""The private keys and certificates of one control plane, made once and kept with it."""

from __future__ import annotations

import datetime
import ipaddress
import shutil
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

# A control plane is thrown away long before; its certificate authority is in Pulumi state and must never change.
_VALID_DAYS = 3650


@dataclass(frozen=True)
class _Authority:
    """A certificate authority, able to sign."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


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
    cluster, etcd = _authority(draft, "ca"), _authority(draft, "etcd-ca")
    names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"]
    _issue(draft, "server", cluster, "kube-apiserver", names=names, addresses=["127.0.0.1", service_address])
    _issue(draft, "admin", cluster, "localcloud", group="system:masters")
    _issue(draft, "controller-manager", cluster, "system:kube-controller-manager")
    _issue(draft, "etcd", etcd, "etcd", addresses=["127.0.0.1"])
    _issue(draft, "etcd-client", etcd, "kube-apiserver")
    _service_account_keys(draft)
    # Renamed at the end, so that a crash half-way leaves nothing that looks complete.
    draft.rename(directory)


def _authority(directory: Path, name: str) -> _Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"localcloud {name}")])
    builder = _builder(subject, subject, key.public_key()).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    certificate = builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())
    _write(directory, name, key, certificate)
    return _Authority(certificate, key)


def _issue(
    directory: Path, name: str, authority: _Authority, common_name: str,
    *, group: str = "", names: list[str] | None = None, addresses: list[str] | None = None,
) -> None:  # fmt: skip
    """Makes NAME.crt and NAME.key: a server's as well as a client's certificate where it has names or addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if group:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    builder = _builder(x509.Name(attributes), authority.certificate.subject, key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH]
    alternatives: list[x509.GeneralName] = [x509.DNSName(each) for each in names or []]
    alternatives += [x509.IPAddress(ipaddress.ip_address(each)) for each in addresses or []]
    if alternatives:
        usages.append(ExtendedKeyUsageOID.SERVER_AUTH)
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    _write(directory, name, key, builder.sign(authority.key, hashes.SHA256()))


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))  # clocks of containers may differ a little
        .not_valid_after(now + datetime.timedelta(days=_VALID_DAYS))
    )


def _service_account_keys(directory: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    _write_private(directory / "service-account.key", _private_pem(key))
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (directory / "service-account.pub").write_bytes(public)


def _write(directory: Path, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    _write_private(directory / f"{name}.key", _private_pem(key))
    (directory / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write_private(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
