"""The text of a stack file: what it sets, on which line each key stands, and what is wrong before any setting is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from stacks import checking
from stacks.checking import StackFile, StackFileRefused
from stacks.models import Settings, Tenant
from stacks.nodes import DEEPEST, Reading, Unbounded, line_of
from stacks.problems import Problem, unknown_key

SETTINGS = "ml-platform:settings"

OF_PULUMI = ("config", "encryptionsalt", "secretsprovider", "encryptedkey", "environment")
# Nothing reads another key: every provider is explicit, so `aws:region` would change nothing, and `pulumi:disable-default-providers`
# would take away what makes that so. pulumi:tags are the stack's own.
CONFIG = (SETTINGS, "pulumi:tags")


@dataclass(frozen=True)
class Source:
    """A stack file as it was written. `given` is what could be read of its settings: complete only where there are no `problems`."""

    path: Path
    given: Mapping[str, Any]
    problems: tuple[Problem, ...]
    lines: Mapping[str, int]

    @property
    def stack(self) -> str:
        return self.path.name.removeprefix("Pulumi.").removesuffix(".yaml")

    @property
    def shown(self) -> str:
        """How messages call it."""
        return f"stacks/{self.path.name}"

    def line(self, path: str) -> int | None:
        """The line of a key path such as `network.cidr`; that of the nearest key above it where the file does not have it."""
        here = path
        while here not in self.lines and here:
            here = here.rpartition(".")[0]
        return self.lines.get(here)


def read(path: Path) -> Source:
    """Reads a stack file. Raises OSError where there is none; everything that is wrong with its text is in `problems`."""
    return parse(path, path.read_bytes())


def beside(path: Path) -> tuple[StackFile, ...]:
    """The other stack files of the directory. One that cannot be read is left out: it is refused where it is used."""
    others = [read(other) for other in sorted(path.parent.glob("Pulumi.*.yaml")) if other.name != path.name]
    return tuple(StackFile(other.stack, other.given) for other in others if other.given)


def checked(source: Source) -> Settings | Tenant:
    """The settings of a stack file, held against those beside it. Raises StackFileRefused with everything that is wrong."""
    told = {problem.path for problem in source.problems}
    if told and not source.given:
        raise StackFileRefused(source.stack, source.problems)
    try:
        settings = checking.parse(source.stack, source.given, beside(source.path), source.line)
    except StackFileRefused as refused:
        # What could not be read as it was written is not held against the model too.
        rest = [problem for problem in refused.problems if problem.path not in told]
        raise StackFileRefused(source.stack, [*source.problems, *rest]) from None
    if told:
        raise StackFileRefused(source.stack, source.problems)
    return settings


def parse(path: Path, content: bytes) -> Source:
    """Reads the content of a stack file as Pulumi does."""
    outer, inner = Reading(), Reading()
    try:
        text = content.decode("utf-8")
        _bounded(text)
        given = _settings(outer, inner, yaml.compose(text, Loader=yaml.CSafeLoader))
    except UnicodeDecodeError as error:
        at = content[: error.start].count(b"\n") + 1
        return Source(path, {}, (Problem("the file", "bytes that are not UTF-8", "text in UTF-8", "save it as UTF-8", at),), {})
    except yaml.YAMLError as error:
        return Source(path, {}, (_not_yaml(error),), {})
    except Unbounded as error:
        return Source(path, {}, (error.problem,), {})
    return Source(path, given, (*outer.problems, *inner.problems), inner.lines)


def _settings(outer: Reading, inner: Reading, root: yaml.Node | None) -> dict[str, Any]:
    """What stands below `config: ml-platform:settings:`; every key beside it is looked at too."""
    top = outer.section(root, "", f"`config: {SETTINGS}:`")
    for key, node in top.items():
        if key not in OF_PULUMI:
            outer.problems.append(unknown_key(key, key, OF_PULUMI, line_of(node)))
    if top and "config" not in top:
        outer.problems.append(Problem("config", "nothing", f"`{SETTINGS}:` with the stack's settings", "write them below it", 1))
    config = outer.section(top["config"], "config", f"`{SETTINGS}:`") if "config" in top else {}
    for key, node in config.items():
        # What is encrypted is Pulumi's own, and may be there for a program that builds on this one.
        if key not in CONFIG and not _encrypted(node):
            outer.problems.append(_unread(key, line_of(node)))
    if SETTINGS in config:
        inner.lines[""] = line_of(config[SETTINGS])
        return inner.mapping(config[SETTINGS], "the stack's settings")
    if config:
        at = line_of(top["config"])
        outer.problems.append(Problem("config", f"no key `{SETTINGS}`", "the stack's settings", "write them below it", at))
    return {}


def _unread(key: str, at: int) -> Problem:
    whole = {each.rpartition(":")[2]: each for each in CONFIG}
    found = unknown_key(f"config.{key}", key, CONFIG, at)
    if key in whole:
        return replace(found, remedy=f"did you mean `{whole[key]}`?")
    return replace(found, remedy="remove it: nothing reads it") if found.remedy.startswith("remove it") else found


def _encrypted(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and [key.value for key, _ in node.value] == ["secure"]


def _not_yaml(error: yaml.YAMLError) -> Problem:
    """The parser's own words and its line; never the text around it, which may be a secret."""
    mark: yaml.Mark | None = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "a character that no text has"
    remedy = "correct the indentation, the quotes or the brackets there, or just above"
    return Problem("the file", f"what is not YAML: {said}", "YAML", remedy, mark.line + 1 if mark else None)


def _bounded(text: str) -> None:
    """Raises Unbounded for nesting that no setting has, before anything recurses into it, and for tags, which say what a value is."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        at = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Unbounded(Problem("the file", f"more than {DEEPEST} levels", "the few that settings have", "remove brackets", at))
        tag: str | None = getattr(event, "tag", None)
        if tag is not None:
            raise Unbounded(Problem("the file", f"the YAML tag {tag}", "a value without a tag", "remove the tag", at))
