"""What flows between the things of a stack, derived from its state.

- Connections: a rule of a security group lets the owner of the other group, or the nodes of a cluster, into the group's owner; the label
  is the port.
- Permissions: an Allow in a document of a role, inline or attached and in the state, that names one thing by its ARN; a database's users
  and its master's secret have ARNs of RDS's choice, and are those of the database that the document depends on. The label is what the
  actions do, the arrow is that of the data. A role stands for what assumes it, or for itself.
- A cluster runs the service accounts that are associated with it.

A Resource that is a pattern over several things (`*`) draws nothing, nor does a policy that AWS maintains: neither names a thing.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.diagram_things import KINDS, Resource, Things

_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_GROUPS = ("aws:ec2/securityGroup:SecurityGroup", "aws:eks/cluster:Cluster")
_DATABASE = "aws:rds/instance:Instance"
_ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
_CLUSTER, _ROLE, _POLICY = "aws:eks/cluster:Cluster", "aws:iam/role:Role", "aws:iam/policy:Policy"
_INLINE, _ATTACHMENT = "aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

# Beginnings of the actions that move data; those that only list or describe move none.
_VERBS = {"Get": "reads", "BatchGet": "reads", "Put": "writes", "Delete": "writes", "Connect": "connects", "connect": "connects"}

# Secrets Manager ends the ARN of a secret with six characters of its own.
_SECRET_END = re.compile(r"-(\?{6}|\*)$")


@dataclass(frozen=True, order=True)
class Flow:
    """From one node to another: ids. `how` is what the arrow is like: data, connection or runs."""

    source: str
    target: str
    label: str
    how: str


class Flows:
    """The flows of a stack, and the URNs of the documents that are not known yet and may add to them."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._names = _names(things.resources.values())
        self._bearers = self._bearers_of_roles()
        self.roles: set[str] = set()
        """URNs of the roles that stand for themselves: to be drawn as well."""
        self.unknown: list[str] = []
        self.all = sorted({*self._connections(), *self._permissions(), *self._runs()})

    def _of_type(self, type_: str) -> Iterator[Resource]:
        return (each for _, each in sorted(self._things.resources.items()) if each["type"] == type_)

    def _behind(self, resource: Resource, name: str, *types: str) -> list[Resource]:
        """What a property of a resource was taken from."""
        urns = resource.get("propertyDependencies", {}).get(name) or ()
        return [found for urn in urns if (found := self._things.resources.get(urn)) and found["type"] in types]

    def _node(self, resource: Resource) -> str:
        return self._things.node_of[resource["urn"]].id

    def _connections(self) -> Iterator[Flow]:
        for rule in self._of_type(_RULE):
            port = str(rule["inputs"].get("fromPort", "any port"))
            for client in self._behind(rule, "referencedSecurityGroupId", *_GROUPS):
                for group in self._behind(rule, "securityGroupId", *_GROUPS):
                    if self._node(client) != self._node(group):
                        yield Flow(self._node(client), self._node(group), port, "connection")

    def _runs(self) -> Iterator[Flow]:
        for association in self._of_type(_ASSOCIATION):
            for cluster in self._behind(association, "clusterName", _CLUSTER):
                yield Flow(self._node(cluster), self._node(association), "runs", "runs")

    def _bearers_of_roles(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for urn, resource in self._things.resources.items():
            if resource["type"] in KINDS:
                for name in resource.get("propertyDependencies", {}):
                    for role in self._behind(resource, name, _ROLE):
                        found[role["urn"]].add(self._things.node_of[urn].id)
        return found

    def _documents(self) -> Iterator[tuple[Resource, Resource]]:
        """(role, what has the document) of all that roles are allowed by the state itself."""
        for inline in self._of_type(_INLINE):
            yield from ((role, inline) for role in self._behind(inline, "role", _ROLE))
        for attachment in self._of_type(_ATTACHMENT):
            for role in self._behind(attachment, "role", _ROLE):
                yield from ((role, policy) for policy in self._behind(attachment, "policyArn", _POLICY))

    def _permissions(self) -> Iterator[Flow]:
        verbs: dict[tuple[str, str], set[str]] = defaultdict(set)
        for role, holder in self._documents():
            for thing, verb in self._allowed(holder):
                for bearer in sorted(self._bearers.get(role["urn"], ())) or [self._itself(role)]:
                    if bearer != self._node(thing):
                        verbs[bearer, self._node(thing)].add(verb)
        for (bearer, thing), found in verbs.items():
            ends = (thing, bearer) if all(verb.startswith("reads") for verb in found) else (bearer, thing)
            yield Flow(*ends, ", ".join(sorted(found)), "both" if found >= {"reads", "writes"} else "data")

    def _itself(self, role: Resource) -> str:
        self.roles.add(role["urn"])
        return self._node(role)

    def _allowed(self, holder: Resource) -> Iterator[tuple[Resource, str]]:
        """(thing, verb) of what a document names."""
        try:
            statements = _listed(json.loads(holder["inputs"]["policy"])["Statement"])
        except (ValueError, TypeError, KeyError):
            self.unknown.append(holder["urn"])
            return
        taken_from = self._behind(holder, "policy", _DATABASE)
        for statement in (each for each in statements if each["Effect"] == "Allow"):
            verbs = {verb for action in _listed(statement.get("Action", ())) if (verb := _verb(action))}
            for arn in _listed(statement.get("Resource", ())):
                named = self._named(arn)
                for thing in [named] if named else taken_from if _is_of_a_database(arn) else ():
                    secret = " its secret" if thing["type"] == _DATABASE and ":secretsmanager:" in arn else ""
                    yield from ((thing, f"{verb}{secret}") for verb in verbs)

    def _named(self, arn: str) -> Resource | None:
        service, rest = _parts(arn)
        return next((thing for name, thing in self._names.get(service, ()) if rest == name or rest.startswith(f"{name}/")), None)


def _names(resources: Iterable[Resource]) -> Mapping[str, list[tuple[str, Resource]]]:
    """(name, thing) by service."""
    found: dict[str, list[tuple[str, Resource]]] = defaultdict(list)
    for each in resources:
        kind = KINDS.get(each["type"])
        if kind and (name := each.get("inputs", {}).get(kind.name)):
            found[kind.service].append((name, each))
    return found


def _parts(arn: str) -> tuple[str, str]:
    """The service of an ARN, and what is named: without the kind, where the service has kinds."""
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return "", ""
    service, rest = parts[2], parts[5]
    if service != "s3":
        rest = re.split("[:/]", rest, maxsplit=1)[-1]
    return service, _SECRET_END.sub("", rest) if service == "secretsmanager" else rest


def _is_of_a_database(arn: str) -> bool:
    """Whether it has an identifier that RDS chose, and so none of the stack's names: of a database's users, or of its master's secret."""
    service, rest = _parts(arn)
    return "*" not in rest and (service == "rds-db" or (service == "secretsmanager" and rest.startswith("rds!")))


def _verb(action: str) -> str | None:
    name = action.partition(":")[2]
    return next((verb for beginning, verb in _VERBS.items() if name.startswith(beginning)), None)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
