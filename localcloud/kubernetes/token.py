"""An `aws eks get-token` token: what it is allowed to contain, and whom the local AWS says it is from.

The token is a presigned GetCallerIdentity URL. Whoever shows it chooses the URL, so nothing of it is fetched before every part
has been checked, as aws-iam-authenticator does: else the webhook would fetch any address for any caller.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import http.client
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_PREFIX = "k8s-aws-v1."
_CLUSTER_HEADER = "x-k8s-aws-id"
_LONGEST = 16 * 1024
# EKS tokens are good for 15 minutes after they were signed, whatever X-Amz-Expires says (aws-iam-authenticator, pkg/token).
_VALID = datetime.timedelta(minutes=15)
_REQUIRED = {
    "Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
}  # fmt: skip
_FETCH_SECONDS = 10


class InvalidToken(ValueError):
    """The token proves nobody; the message says why and holds no part of the token."""


class SignatureRefused(InvalidToken):
    """The local AWS does not accept the token's signature for this cluster."""


@dataclass(frozen=True)
class Caller:
    """Who signed the token. `arn` is as STS returns it, such as `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`."""

    arn: str
    user_id: str
    account: str


def presigned_query(token: str, endpoint: str, now: datetime.datetime) -> str:
    """The query of the token's URL, proven to be nothing but a GetCallerIdentity request to `endpoint` for some cluster.

    Raises InvalidToken.
    """
    parts = urlsplit(_decode(token))
    expected = urlsplit(endpoint)
    if (parts.scheme, parts.netloc) != (expected.scheme, expected.netloc):
        raise InvalidToken(f"the token's URL is not for the local AWS at {endpoint}")
    if parts.path not in ("", "/") or parts.fragment:
        raise InvalidToken("the token's URL has a path or fragment; GetCallerIdentity has none")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = dict(pairs)
    if len(query) != len(pairs) or not _REQUIRED <= set(query) <= _REQUIRED | {"X-Amz-Security-Token"}:
        raise InvalidToken("the token's URL does not have exactly the parameters of a presigned GetCallerIdentity request")
    _check_values(query, now)
    return parts.query


def caller(query: str, endpoint: str, cluster: str) -> Caller:
    """Sends the presigned request to the local AWS, for `cluster`. Raises SignatureRefused, or OSError without an answer."""
    host = urlsplit(endpoint)
    connection = http.client.HTTPConnection(host.hostname or "", host.port or 80, timeout=_FETCH_SECONDS)
    try:
        connection.request("GET", f"/?{query}", headers={_CLUSTER_HEADER: cluster, "Accept": "application/xml"})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        raise SignatureRefused(f"the local AWS refuses the token's signature for cluster {cluster} ({response.status})")
    answer = ElementTree.fromstring(body)  # noqa: S314 - it comes from the local AWS, at an address checked above
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in answer.iter()}
    if not found.get("Arn"):
        raise SignatureRefused("the local AWS names no caller for the token")
    return Caller(arn=found["Arn"], user_id=found.get("UserId", ""), account=found.get("Account", ""))


def _decode(token: str) -> str:
    if not token.startswith(_PREFIX):
        raise InvalidToken(f"the token does not begin with {_PREFIX!r}: use `aws eks get-token`")
    if len(token) > _LONGEST:
        raise InvalidToken(f"the token has {len(token)} characters; {_LONGEST} is the limit")
    encoded = token.removeprefix(_PREFIX)
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars="-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise InvalidToken("the token is not base64 of a URL") from error


def _check_values(query: dict[str, str], now: datetime.datetime) -> None:
    if (query["Action"], query["Version"]) != ("GetCallerIdentity", "2011-06-15"):
        raise InvalidToken(f"the token asks for {query['Action'][:64]!r}, not for GetCallerIdentity")
    if not {"host", _CLUSTER_HEADER} <= set(query["X-Amz-SignedHeaders"].split(";")):
        raise InvalidToken(f"the token does not sign host and {_CLUSTER_HEADER}: it could be of any cluster")
    if not (query["X-Amz-Expires"].isascii() and query["X-Amz-Expires"].isdigit() and int(query["X-Amz-Expires"]) <= _VALID.seconds):
        raise InvalidToken(f"the token's X-Amz-Expires is not between 0 and {_VALID.seconds} seconds")
    try:
        signed = datetime.datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise InvalidToken("the token's X-Amz-Date is not a date") from error
    if abs(now - signed) > _VALID:
        raise InvalidToken(f"the token was signed at {signed:%H:%M:%S} UTC and now is {now:%H:%M:%S}: it is good for 15 minutes")
