"""A stack as a Mermaid flowchart, which GitHub draws: https://mermaid.js.org/syntax/flowchart.html"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scripts.diagram_flows import Flows
from scripts.diagram_things import Node, Resource, Things

Changes = Mapping[str, str]
"""What becomes of a resource, by its URN: create, update, replace or delete; the others stay."""

STRONGEST_FIRST = ("replace", "delete", "create", "update")

_ARROWS = {"data": "-->", "both": "<-->", "connection": "==>", "runs": "-.->"}
# Readable on GitHub's light and dark pages: each has its own text colour.
_CLASSES = {
    "create": "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "update": "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    "replace": "fill:#ffd8b5,stroke:#bc4c00,stroke-width:4px,color:#1f2328",
    "delete": "fill:#ffebe9,stroke:#cf222e,stroke-width:4px,stroke-dasharray:6,color:#1f2328",
}


def flowchart(resources: Iterable[Resource], changes: Changes | None = None) -> str:
    """The picture of these resources; the same for the same, whatever their order.

    Documents that are unknown at preview are named in a comment: they may add arrows.
    """
    changes = changes or {}
    found = list(resources)
    things = Things(found, Flows(Things(found)).roles)
    flows, nodes = Flows(things), things.nodes
    lines = ["flowchart LR"]
    for tier in sorted({node.tier for node in nodes}):
        lines.append(f"  subgraph {_subgraph(tier)}[{tier}]")
        lines += [f"    {_drawn(node, changes)}" for node in nodes if node.tier == tier]
        lines.append("  end")
    lines += [f'  {flow.source} {_ARROWS[flow.how]}|"{flow.label}"| {flow.target}' for flow in flows.all]
    for change, style in _CLASSES.items():
        if changed := [node.id for node in nodes if _change(node, changes) == change]:
            lines += [f"  classDef {change} {style}", f"  class {','.join(changed)} {change}"]
    if flows.unknown:
        lines.append(f"  %% not known yet, so arrows may be missing: {', '.join(urn.rpartition('::')[2] for urn in flows.unknown)}")
    return "\n".join(lines) + "\n"


def _drawn(node: Node, changes: Changes) -> str:
    counts = Counter(changes[urn] for urn in node.members if urn in changes)
    said = [", ".join(f"{counts[change]} {change}" for change in STRONGEST_FIRST if counts[change])] if counts else []
    before, after = node.shape
    return f'{node.id}{before}"{"<br/>".join(_escaped([*node.lines, *said]))}"{after}'


def _change(node: Node, changes: Changes) -> str | None:
    """What becomes of a node: of the resource that it is named after, or the strongest of what it stands for.

    A thing that stays is updated when anything that is part of it changes.
    """
    found = {changes[urn] for urn in node.members if urn in changes}
    if node.named:
        return changes.get(node.named) or ("update" if found else None)
    return next((change for change in STRONGEST_FIRST if change in found), None)


def _escaped(lines: Sequence[str]) -> Iterable[str]:
    return (line.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;") for line in lines)


def _subgraph(tier: str) -> str:
    return f"tier_{tier.replace(' ', '_')}"
