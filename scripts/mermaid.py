"""A stack as a Mermaid flowchart, which GitHub draws: https://mermaid.js.org/syntax/flowchart.html"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from scripts.diagram_flows import Flows
from scripts.diagram_things import Node, Resource, Things

Changes = Mapping[str, str]
"""What becomes of a resource, by its URN: create, update, replace or delete; the others stay."""

STRONGEST_FIRST = ("replace", "delete", "create", "update")

_ENTITIES = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "%": "#37;", "{": "#123;", "}": "#125;"}

_ARROWS = {"data": "-->", "both": "<-->", "connection": "==>", "runs": "-.->"}
# Readable on GitHub's light and dark pages: each has its own text colour.
_CLASSES = {
    "create": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "update": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "replace": "fill:#ffd8b5,stroke:#bc4c00,stroke-width:4px,color:#1f2328",
    "delete": "fill:#ffebe9,stroke:#cf222e,stroke-width:4px,stroke-dasharray:6,color:#1f2328",
}


def flowchart(resources: Iterable[Resource], changes: Changes | None = None, *, only_changes: bool = False) -> str:
    """The picture of these resources; the same for the same, whatever their order. With `only_changes`, of what changes.

    Documents that are unknown at preview are named in a comment: they may add arrows.
    """
    changes = changes or {}
    found = list(resources)
    roles = Flows(Things(found)).roles
    things = Things(found, roles)
    flows = Flows(things)
    nodes = Things(found, roles, only=changes.keys()).nodes if only_changes else things.nodes
    drawn = {node.id for node in nodes}
    lines = ["flowchart LR"]
    for tier in sorted({node.tier for node in nodes}):
        lines.append(f"  subgraph {_subgraph(tier)}[{_label(tier)}]")
        lines += [f"    {_drawn(node, changes)}" for node in nodes if node.tier == tier]
        lines.append("  end")
    arrows = [flow for flow in flows.all if {flow.source, flow.target} <= drawn]
    lines += [f'  {flow.source} {_ARROWS[flow.how]}|"{_escaped(flow.label)}"| {flow.target}' for flow in arrows]
    for change, style in _CLASSES.items():
        if changed := [node.id for node in nodes if _change(node, changes) == change]:
            lines += [f"  classDef {change} {style}", f"  class {','.join(changed)} {change}"]
    if flows.unknown:
        names = ", ".join(_escaped(urn.rpartition("::")[2]) for urn in flows.unknown)
        lines.append(f"  %% not known yet, so arrows may be missing: {names}")
    return "\n".join(lines) + "\n"


def _drawn(node: Node, changes: Changes) -> str:
    counts = Counter(changes[urn] for urn in node.members if urn in changes)
    said = [", ".join(f"{counts[change]} {change}" for change in STRONGEST_FIRST if counts[change])] if counts else []
    before, after = node.shape
    return f'{node.id}{before}"{"<br/>".join(_escaped(line) for line in [*node.lines, *said])}"{after}'


def _change(node: Node, changes: Changes) -> str | None:
    """What becomes of a node: of the resource that it is named after, or the strongest of what it stands for.

    A thing that stays is updated when anything that is part of it changes.
    """
    found = {changes[urn] for urn in node.members if urn in changes}
    if node.named:
        return changes.get(node.named) or ("update" if found else None)
    return next((change for change in STRONGEST_FIRST if change in found), None)


def _escaped(text: str) -> str:
    """Text that ends neither its line nor what is around it, and gives Mermaid no directive.

    https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters
    """
    return "".join(_ENTITIES.get(each, each) if each.isprintable() else " " for each in text)


def _label(tier: str) -> str:
    return tier if re.fullmatch(r"[\w ]+", tier) else f'"{_escaped(tier)}"'


def _subgraph(tier: str) -> str:
    return re.sub(r"\W", "_", f"tier_{tier}")
