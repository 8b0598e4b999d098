"""As much of MySQL's protocol as TLS takes, and what a password is never sent by."""

import socket
import struct
from typing import Any

from operations.smoke.check import Differs

# https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html
_PROTOCOL_41, _SSL, _SECURE_CONNECTION = 1 << 9, 1 << 11, 1 << 15
_UTF8MB4, _LONGEST_PACKET = 45, 1 << 24


def ask_for_tls(plain: socket.socket) -> None:
    """What both sides say before TLS: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html.

    Raises Differs for a server that offers none.
    """
    if not _offers_tls(_packet(plain)):
        raise Differs("it offers no TLS")
    asked = struct.pack("<IIB23x", _PROTOCOL_41 | _SSL | _SECURE_CONNECTION, _LONGEST_PACKET, _UTF8MB4)
    # The length, and that it is the second packet.
    plain.sendall(struct.pack("<I", len(asked) | 1 << 24) + asked)


def _packet(plain: socket.socket) -> bytes:
    header = _exactly(plain, 4)
    return _exactly(plain, int.from_bytes(header[:3], "little"))


def _exactly(plain: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        more = plain.recv(length - len(received))
        if not more:
            raise ConnectionError("the connection ended before the greeting did")
        received += more
    return received


def _offers_tls(greeting: bytes) -> bool:
    """https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html"""
    if greeting[:1] != b"\x0a":
        raise Differs(f"it does not greet as a MySQL server: {greeting[3:120].decode(errors='replace')}")
    # After the version: the thread's id, eight bytes of salt and one that is zero, then the lower half of the capabilities.
    after_version = greeting.index(b"\0", 1) + 1
    (capabilities,) = struct.unpack_from("<H", greeting, after_version + 4 + 8 + 1)
    return bool(capabilities & _SSL)


class Withheld(Exception):
    """The server wants a password in a way that shows it to whoever listens."""


class _Withholding:
    """In the place of a way to log in that sends the password itself."""

    def __init__(self, connection: object) -> None:
        pass

    def authenticate(self, packet: object) -> object:
        raise Withheld


def withheld() -> dict[str, Any]:
    """What pymysql takes so that a password goes out hashed with the server's salt, or not at all: not as it is, and not encrypted with a
    key that whoever is in between may have made. Where it would have to be, loading what is no key raises ValueError."""
    return {
        "auth_plugin_map": dict.fromkeys(("dialog", "mysql_clear_password", "sha256_password"), _Withholding),
        "server_public_key": b"none",
    }
