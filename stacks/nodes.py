"""From YAML nodes to values, with the line of every key; what Pulumi would refuse, or read differently than it looks, is told."""

from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from stacks import scalars
from stacks.problems import Problem

DEEPEST = 32
_MOST = 20_000


class Unbounded(ValueError):
    """A file holds more than a stack file ever does: no setting was looked at."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.got)


def line_of(node: yaml.Node) -> int:
    return node.start_mark.line + 1


@dataclass
class Reading:
    """One walk over nodes: the line of each key by its path, and all that is wrong."""

    problems: list[Problem] = field(default_factory=list[Problem])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    _seen: int = 0

    def section(self, node: yaml.Node | None, path: str, holds: str) -> dict[str, yaml.Node]:
        """The nodes below a key that must be there, by name: none, and a problem, where it is no mapping with something in it."""
        if isinstance(node, yaml.MappingNode) and node.value:
            return self._pairs(node, path)
        got = "nothing" if node is None or not node.value else "no mapping"
        self.problems.append(Problem(path or "the file", got, f"{holds}", "write it there", line_of(node) if node else 1))
        return {}

    def mapping(self, node: yaml.Node, name: str) -> dict[str, Any]:
        """The values below a key that must be a mapping: none, and a problem under `name`, where it is not."""
        if isinstance(node, yaml.MappingNode):
            return self._value(node, "", 0)
        self.problems.append(Problem(name, "no mapping", "a mapping of settings", "write the keys below it, indented", line_of(node)))
        return {}

    def _value(self, node: yaml.Node, path: str, depth: int) -> Any:
        # An alias may stand inside of what it names, and ten of ten of ten are a thousand.
        self._seen += 1
        if depth > DEEPEST or self._seen > _MOST:
            expected = f"at most {DEEPEST} levels and {_MOST} values"
            raise Unbounded(Problem("the file", "more than settings hold, by its aliases", expected, "write the values out", line_of(node)))
        if isinstance(node, yaml.MappingNode):
            return {key: self._value(value, _join(path, key), depth + 1) for key, value in self._pairs(node, path).items()}
        if isinstance(node, yaml.SequenceNode):
            for number, each in enumerate(node.value):
                self.lines[_join(path, str(number))] = line_of(each)
            return [self._value(each, _join(path, str(number)), depth + 1) for number, each in enumerate(node.value)]
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return node.value
        read = scalars.read(node.value)
        if isinstance(read, scalars.Misread):
            self.problems.append(Problem(path, f"{node.value}, {read.meaning}", read.expected, read.remedy, line_of(node)))
            return node.value
        return read

    def _pairs(self, node: yaml.MappingNode, path: str) -> dict[str, yaml.Node]:
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key, at = _key(key_node), line_of(key_node)
            if isinstance(key, Problem):
                self.problems.append(replace(key, path=path or "the file"))
                continue
            below = _join(path, key)
            if key in found:
                got = f"the key twice, on lines {self.lines[below]} and {at}"
                self.problems.append(Problem(below, got, "it once", "remove one of them", at))
                continue
            found[key] = value
            self.lines[below] = at
        return found


def _key(node: yaml.Node) -> str | Problem:
    """The name that a key is, or what is wrong with it: Pulumi takes text only."""
    if not isinstance(node, yaml.ScalarNode):
        return Problem("", "a key that is a list or a mapping", "a name", "write a name before the colon", line_of(node))
    plain = not node.style
    if plain and node.value == "<<":
        return Problem("", "the merge key `<<`", "keys that are written out", "write out what it merges", line_of(node))
    if plain and not isinstance(scalars.read(node.value), str):
        return Problem(
            "", f"the key {node.value or 'without a name'}, which is no text to YAML", "a name", "put it in quotes", line_of(node)
        )
    return node.value


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
