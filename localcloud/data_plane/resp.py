"""As much of redis' protocol as it takes to set a cluster up: https://redis.io/docs/latest/develop/reference/protocol-spec/"""

from __future__ import annotations

import socket
import ssl
from types import TracebackType
from typing import BinaryIO

Reply = str | int | list["Reply"] | None


class ErrorReply(Exception):
    """The server refused a command; the message is its own."""


class Connection:
    """A connection over TLS, logged in. Raises OSError when there is nobody, or a reply takes longer than 5 s."""

    def __init__(self, address: str, port: int, context: ssl.SSLContext, user: str, password: str) -> None:
        plain = socket.create_connection((address, port), timeout=5)
        try:
            self._socket = context.wrap_socket(plain, server_hostname=address)
        except BaseException:
            plain.close()
            raise
        self._replies: BinaryIO = self._socket.makefile("rb")
        self.call("AUTH", user, password)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._replies.close()
        self._socket.close()

    def call(self, *words: str | int) -> Reply:
        """Sends a command and returns its reply. Raises ErrorReply."""
        encoded = [str(word).encode() for word in words]
        request = b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded)
        self._socket.sendall(request)
        return self._reply()

    def _reply(self) -> Reply:
        line = self._replies.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection ended before the reply did")
        kind, rest = line[:1], line[1:-2].decode()
        match kind:
            case b"+":
                return rest
            case b"-":
                raise ErrorReply(rest)
            case b":":
                return int(rest)
            case b"$":
                return self._replies.read(int(rest) + 2)[:-2].decode(errors="replace") if int(rest) >= 0 else None
            case b"*":
                return [self._reply() for _ in range(int(rest))] if int(rest) >= 0 else None
            case _:
                raise ConnectionError(f"a reply of an unknown kind: {line!r}")
