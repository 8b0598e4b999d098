"""Drift as a person reads it: a Markdown table, what is gone first."""

from collections.abc import Sequence

from operations.drift.noise import Noise
from operations.drift.reading import SECRET, Difference

_WIDTH = 120

_AFTER = """\
To undo it in the cloud: `pulumi refresh --stack {stack}`, which takes it into the state, then plan and apply as any other change \
(docs/procedures/deploy.md). To keep it: change the program or the stack file as well, before that.

A refresh looks at what the state has: what somebody has added beside it, such as another rule in a security group, is not seen."""


def as_markdown(stack: str, drift: Sequence[Difference], hidden: Sequence[tuple[Difference, Noise]], left_out: Sequence[str] = ()) -> str:
    """The report; secrets are masked by the engine, and stay so. `left_out` is what was not looked at."""
    resources = {each.urn for each in drift}
    lines = [f"## Drift of `{stack}`: {_counted(len(resources))}"]
    if drift:
        lines += ["", "| resource | property | in the state | in the cloud |", "|---|---|---|---|"]
        lines += [_row(each) for each in sorted(drift, key=lambda each: (not each.is_deletion, each.type, each.name, each.path))]
        lines += ["", _AFTER.format(stack=stack)]
    if left_out:
        lines += ["", f"Not looked at: {', '.join(left_out)}."]
    if hidden:
        lines += ["", "Known noise, not counted (`operations/drift/noise.yaml`):", ""]
        lines += [f"- `{each.type}` {_text(each.name)}, `{each.path}`: {noise.reason}" for each, noise in hidden]
    return "\n".join(lines).rstrip() + "\n"


def _counted(resources: int) -> str:
    return {0: "none", 1: "1 resource"}.get(resources, f"{resources} resources")


def _row(found: Difference) -> str:
    resource = f"`{found.type}` {_text(found.name)}"
    if found.is_deletion:
        return f"| **{resource}** | | there | **gone** |"
    masked = f'"{SECRET}"'
    secret = found.in_state == found.in_cloud == masked
    before, after = ("a secret", "another one") if secret else (_value(found.in_state), _value(found.in_cloud))
    return f"| {resource} | {_code(found.path)} | {before} | {after} |"


def _value(value: str | None) -> str:
    if value is None:
        return "nothing"
    return _code(value if len(value) <= _WIDTH else f"{value[:_WIDTH]}…")


def _code(value: str) -> str:
    """In a table's cell a bar ends the cell, within code too (https://github.github.com/gfm/#tables-extension-)."""
    text = value.replace("|", "\\|").replace("\n", " ")
    fence = "``" if "`" in text else "`"
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _text(value: str) -> str:
    return value.replace("|", "\\|")
