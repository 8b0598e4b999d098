"""As much of Valkey's protocol as it takes to log in and ask one thing: https://valkey.io/topics/protocol/."""

import socket
import ssl
from types import TracebackType

from operations.smoke.access import CONNECT_SECONDS, READ_SECONDS
from operations.smoke.check import Differs

Reply = str | int | list["Reply"] | None


class ErrorReply(Exception):
    """The server refused a command; the message is its own, and has no password in it."""


class Connection:
    """Over TLS. Raises Differs for a certificate that is not verified, OSError where nobody answers."""

    def __init__(self, host: str, port: int, trust: ssl.SSLContext) -> None:
        plain = socket.create_connection((host, port), timeout=CONNECT_SECONDS)
        plain.settimeout(READ_SECONDS)
        try:
            self._socket = trust.wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            raise Differs(f"its certificate is not verified: {error.verify_message}") from None
        except BaseException:
            plain.close()
            raise
        self._replies = self._socket.makefile("rb")
        self.version = self._socket.version()

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._replies.close()
        self._socket.close()

    def call(self, *words: str) -> Reply:
        """Sends a command and returns its reply. Raises ErrorReply."""
        encoded = [word.encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(encoded) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in encoded))
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
