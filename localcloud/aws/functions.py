"""Functions of the AWS provider that programs call: each is one API call that reads, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.aws.clients import Clients
from localcloud.aws.expressions import evaluate
from localcloud.provider.interface import Refused
from localcloud.provider.values import Properties


@dataclass(frozen=True)
class Function:
    """How a function is answered. The expressions are JMESPath, of a request and of what the program gets."""

    service: str
    operation: str
    takes: frozenset[str]
    """Arguments; another one is refused."""
    request: str
    """Over the arguments."""
    answer: str
    """Over `given`, the arguments, `response` and `region`."""


FUNCTIONS: Mapping[str, Function] = {
    # As the official provider: the value is there twice, and under `insecureValue` not as a secret unless it is a SecureString.
    "aws:ssm/getParameter:getParameter": Function(
        service="ssm",
        operation="get_parameter",
        takes=frozenset({"name", "withDecryption"}),
        request="{Name: name, WithDecryption: withDecryption != `false`}",
        answer="""{id: response.Parameter.Name, name: response.Parameter.Name, arn: response.Parameter.ARN, type: response.Parameter.Type,
            value: response.Parameter.Value, version: response.Parameter.Version, region: region,
            withDecryption: given.withDecryption != `false`,
            insecureValue: (response.Parameter.Type != 'SecureString' && response.Parameter.Value) || `null`}""",
    ),
}


def called(clients: Clients, token: str, arguments: Properties) -> Properties:
    """What the function answers. Raises Refused for one that is not listed, an argument that it does not take, and CallFailed."""
    function = FUNCTIONS.get(token)
    if function is None:
        raise Refused(f"function {token} is not modelled by the local cloud; add it to localcloud/aws/functions.py")
    given = {name: value for name, value in arguments.items() if value is not None}
    if others := sorted(given.keys() - function.takes):
        raise Refused(f"function {token}: {others} are not modelled by the local cloud; extend localcloud/aws/functions.py")
    response = clients.call(function.service, function.operation, evaluate(function.request, given))
    return evaluate(function.answer, {"given": given, "response": response, "region": clients.region})
