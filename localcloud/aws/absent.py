"""Types that the emulator does not have: their requests are checked and not sent, and Pulumi's state alone holds them."""

from __future__ import annotations

import secrets

from localcloud.aws.expressions import evaluate
from localcloud.aws.resource import Resource
from localcloud.provider.interface import Refused
from localcloud.provider.values import Properties


def made_up() -> str:
    """17 hexadecimal digits, as in AWS's own ids; that they begin with eight zeros shows whose they are."""
    return f"{secrets.randbits(36):017x}"


def held(resource: Resource, id: str, known: Properties) -> Properties:
    """What was given, with the defaults. Raises Refused for an import: there is nothing to read."""
    row, fact = resource.row, resource.fact
    if not known:
        raise Refused(f"{row.type} {id} cannot be imported: {row.absent}. Take it into the program, and `pulumi up` makes it")
    scope = resource.scope(known) | {"id": id}
    for each in row.read:
        resource.clients.validate(row.service, each.operation, evaluate(each.request, scope) or {})
    return {name: value for name, value in scope.items() if name in fact.inputs or (name in fact.outputs and name in known)}
