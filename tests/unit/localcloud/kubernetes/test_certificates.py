"""Certificates of a control plane."""

import ipaddress
import stat
from pathlib import Path

import pytest
from cryptography import x509

from localcloud.kubernetes import certificates


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cluster") / "certificates"
    certificates.ensure(made, "10.100.0.1")
    return made


def load(directory: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((directory / f"{name}.crt").read_bytes())


def test_the_api_server_is_known_by_its_loopback_and_service_addresses(directory: Path) -> None:
    names = load(directory, "server").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("10.100.0.1")]


@pytest.mark.parametrize("name", ["server", "admin", "controller-manager"])
def test_the_clusters_certificates_are_its_authoritys(directory: Path, name: str) -> None:
    load(directory, name).verify_directly_issued_by(load(directory, "ca"))


def test_no_certificate_for_the_api_server_opens_etcd(directory: Path) -> None:
    load(directory, "etcd-client").verify_directly_issued_by(load(directory, "etcd-ca"))
    with pytest.raises(ValueError, match="does not match"):
        load(directory, "admin").verify_directly_issued_by(load(directory, "etcd-ca"))


def test_private_keys_are_for_their_owner_only(directory: Path) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.glob("*.key")}
    assert len(modes) == 8
    assert set(modes.values()) == {0o600}


def test_certificates_never_change(directory: Path) -> None:
    before = (directory / "ca.crt").read_bytes()
    certificates.ensure(directory, "10.100.0.1")
    assert (directory / "ca.crt").read_bytes() == before
