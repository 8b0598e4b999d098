"""What of a stack is drawn: what holds data or works on it by name, the rest as counts, each in the tier that it is under.

A resource's tier is the outermost component of its URN. What is declared in the same component as one named thing, a bucket's policy or a
database's subnet group, is part of that thing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Resource = Mapping[str, Any]

MOST_OF_A_KIND = 4
"""Of a kind that a tier has more of, one node says how many there are: a picture of more than 40 nodes is not read."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of resource that is drawn by name."""

    title: str
    shape: tuple[str, str]
    """What Mermaid puts around the text: https://mermaid.js.org/syntax/flowchart.html#node-shapes"""
    service: str = ""
    """What ARNs call the service, where documents name such resources: the Service Authorization Reference has each."""
    name: str = ""
    """The input that is the name in those ARNs."""


_COMPONENTS = "ml-platform:"

_STORE, _WORK, _MOVE = ("[(", ")]"), ("([", "])"), ("[[", "]]")

KINDS: Mapping[str, Kind] = {
    "aws:codebuild/project:Project": Kind(title="CodeBuild project", shape=_WORK),
    "aws:eks/cluster:Cluster": Kind(title="EKS cluster", shape=_WORK),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": Kind(title="service account", shape=_WORK),
    "aws:elasticache/replicationGroup:ReplicationGroup": Kind(
        title="ElastiCache", shape=_STORE, service="elasticache", name="replicationGroupId"
    ),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": Kind(title="Firehose", shape=_MOVE, service="firehose", name="name"),
    "aws:kinesis/stream:Stream": Kind(title="Kinesis stream", shape=_MOVE, service="kinesis", name="name"),
    "aws:rds/instance:Instance": Kind(title="RDS instance", shape=_STORE, service="rds", name="identifier"),
    "aws:s3/bucket:Bucket": Kind(title="S3 bucket", shape=_STORE, service="s3", name="bucket"),
    "aws:secretsmanager/secret:Secret": Kind(title="secret", shape=_STORE, service="secretsmanager", name="name"),
}

_ROLE = Kind(title="IAM role", shape=_WORK)

_REST = ("[", "]")
_ON_A_LINE = 3


@dataclass(frozen=True, kw_only=True)
class Node:
    """What one box stands for."""

    id: str
    tier: str
    lines: Sequence[str]
    shape: tuple[str, str]
    named: str
    """The URN of the only resource that it is named after; empty where it stands for several."""
    members: Sequence[str]
    """URNs of all that it stands for."""


class Things:
    """The nodes of a stack, and which of them each resource is part of.

    `roles` are the IAM roles that are drawn too, by URN. With `only`, the nodes are what these URNs are part of, and stand for no others.
    """

    def __init__(self, resources: Iterable[Resource], roles: Collection[str] = (), only: Collection[str] | None = None) -> None:
        self.resources: Mapping[str, Resource] = {each["urn"]: each for each in resources if not each["type"].startswith("pulumi:")}
        self._kinds: Mapping[str, Kind] = {
            urn: kind for urn, each in self.resources.items() if (kind := _ROLE if urn in roles else KINDS.get(each["type"]))
        }
        self._named_under = self._named_by_component()
        counts = Counter((tier_of(urn), kind.title) for urn, kind in self._kinds.items())
        members: dict[tuple[str, str], list[str]] = defaultdict(list)
        for urn in sorted(urn for urn in self.resources if not _is_component(urn) and (only is None or urn in only)):
            thing = self._thing(urn)
            kind = self._kinds[thing].title if thing else ""
            members[tier_of(urn), thing if thing and counts[tier_of(thing), kind] <= MOST_OF_A_KIND else kind].append(urn)
        self.nodes = [self._node(tier, key, found) for (tier, key), found in members.items()]
        self.node_of = {urn: node for node in self.nodes for urn in node.members}

    def _named_by_component(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for urn in self._kinds:
            for ancestor in self._components(urn):
                found[ancestor].add(urn)
        return found

    def _components(self, urn: str) -> Iterator[str]:
        """The components that it is in, the innermost first, without the tier."""
        while (urn := self.resources.get(urn, {}).get("parent", "")) and "$" in urn:
            yield urn

    def _thing(self, urn: str) -> str | None:
        """The named thing that a resource is, or is part of."""
        if urn in self._kinds:
            return urn
        nearest = next((named for each in self._components(urn) if (named := self._named_under.get(each))), set[str]())
        return next(iter(nearest)) if len(nearest) == 1 else None

    def _node(self, tier: str, key: str, members: Sequence[str]) -> Node:
        if key in self._kinds:
            kind, name = self._kinds[key], _name(self.resources[key])
            return Node(id=_slug(tier, kind.title, name), tier=tier, lines=(name, kind.title), shape=kind.shape, named=key, members=members)
        if key:
            kinds = [kind for kind in self._kinds.values() if kind.title == key]
            count = sum(urn in self._kinds for urn in members)
            lines = [f"{count} × {key}" if count else f"parts of {key}"]
            return Node(id=_slug(tier, key), tier=tier, lines=lines, shape=kinds[0].shape, named="", members=members)
        counts = Counter(_type_of(urn).rpartition(":")[2] for urn in members)
        each = [f"{count} {type_}" for type_, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]
        lines = [" · ".join(each[first : first + _ON_A_LINE]) for first in range(0, len(each), _ON_A_LINE)]
        return Node(id=_slug(tier, "others"), tier=tier, lines=lines, shape=_REST, named="", members=members)


def tier_of(urn: str) -> str:
    """The outermost component of a URN, in words: `feature store`. What is in no component is the stack's own."""
    first, inner, _ = urn.split("::")[2].partition("$")
    outermost = first.rpartition(":")[2] if inner or _is_component(urn) else "stack"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", outermost).lower()


def _is_component(urn: str) -> bool:
    return _type_of(urn).startswith(_COMPONENTS)


def _type_of(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _name(resource: Resource) -> str:
    inputs = resource.get("inputs", {})
    if "serviceAccount" in inputs:
        return f"{inputs['namespace']}/{inputs['serviceAccount']}"
    return resource["urn"].rpartition("::")[2]


def _slug(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", "_".join(words).lower())
