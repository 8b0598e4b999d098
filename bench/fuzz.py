"""Stack files that somebody got wrong: valid ones, changed at random. Each is taken, or refused in the form that refusals have."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

from localcloud.instance import CHECKOUT
from stacks.explain import as_yaml, explain
from stacks.source import StackFileRefused, checked, parse, read

STACKS = CHECKOUT / "stacks"
CASES = 10_000

_FORM = re.compile(r"stacks/Pulumi\.[\w-]+\.yaml(:\d+)?: [^\n]+?: got [^\n]+?; expected [^\n]+?; [^\n]+")

SECRETS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "ghp_016C7fC0Qqoa8gM1xk3kJ7dB2xVwYt4Zr9Ab")
_UNDER = ("password", "api_token", "secret", "private_key", "owner", "db_password")

_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3.5, 1e308, 2**31, 2**63, 2**64, -(2**70), 10**400, "", " ", "no", "on", "1:30", "012345678901", "true",
    "3", "null", "eu-west-9", "10.20.0.1/16", "10.20.0.0/8", "999.1.1.1/99", "::/0", "x" * 5000, "é", "日本", "\u202e", "\x1b[31m", "a\nb",
    "💥", "'", '"', "{}", "%s{0}", "../../etc/passwd", "arn:aws:iam::999999999999:role/other", "db.t9.huge", "1gb", [], {}, [[]], [None],
    {"": None}, {"a": {"b": {}}}, [1, "a", None], {"secure": "v1:abcdefghijklmnop:qrstuvwxyz0123456789"}, {"*": 1}, {".": 1}, {"[key]": 1},
)  # fmt: skip
_SCRAPS = (
    "\t", "\x00", "\xff", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "!x ", "|", ">", "'", '"', "#", "<<: ", "? ", "---\n",
    "\r", "%", "\ufeff", "\u2028",
)  # fmt: skip


_TENANT = """\
config:
  ml-platform:settings:
    kind: tenant
    platform: dev
    account: "111111111111"
    region: eu-west-1
    owner: risk-team
    cost_centre: risk-7
    data_classification: internal
    feast_project: credit_risk
    namespaces:
      risk-models: {cpu: 8, memory_gib: 32, gpus: 0, pods: 20}
    roles:
      trainer: {namespace: risk-models, actions: ["s3:GetObject", "s3:PutObject"]}
    expires: "2027-01-31"
"""


class Case(NamedTuple):
    """What a stack's file holds; it stands beside the project's other stack files."""

    stack: str
    content: bytes

    @property
    def path(self) -> Path:
        return STACKS / f"Pulumi.{self.stack}.yaml"


class NotInForm(AssertionError):
    """A stack file was refused with something that is no refusal, or that shows a secret."""


def refusals(case: Case) -> tuple[str, ...]:
    """The lines with which a stack file is refused: none if it is taken. Raises NotInForm; whatever else is raised is a defect too."""
    source = parse(case.path, case.content)
    try:
        checked(source)
    except StackFileRefused as refused:
        lines = tuple(problem.line(source.shown) for problem in refused.problems)
        for line in lines or ("nothing is wrong",):
            if not _FORM.fullmatch(line) or any(secret in line for secret in SECRETS):
                raise NotInForm(line) from refused
        return lines
    return ()


def valid() -> tuple[Case, ...]:
    """Stack files that are right: the project's own, each of them with nothing left to its profile, and a tenant."""
    sources = [read(path) for path in sorted(STACKS.glob("Pulumi.*.yaml"))]
    own = [Case(source.stack, source.path.read_bytes()) for source in sources]
    return (*own, *(Case(source.stack, as_yaml(explain(source)).encode()) for source in sources), Case("risk", _TENANT.encode()))


def mutated(seed: int, valid: Sequence[Case]) -> Case:
    """One of the `valid` stack files with one to three changes: to what it says, then, half of the time, to its text.

    The same seed makes the same one.
    """
    random = Random(seed)  # noqa: S311 - it is to be repeatable, and nothing is kept secret with it
    stack, written = random.choice(valid)
    content: Any = yaml.load(written, Loader=yaml.CSafeLoader)
    settings = content["config"]["ml-platform:settings"]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        random.choice(_CHANGES)(random, settings if random.random() < 0.95 else content)
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=random.random() < 0.5)
    if random.random() < 0.5:
        return Case(stack, text.encode())
    return Case(stack, _torn(random, text.encode() if random.random() < 0.9 else text.encode("utf-16")))


def _places(here: Any) -> Iterator[tuple[Any, Any]]:
    """Every container and key below a value."""
    for key in here if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ():
        yield here, key
        yield from _places(here[key])


def _at(random: Random, top: Any) -> tuple[Any, Any]:
    return random.choice([*_places(top)] or [({}, "")])


def _replace(random: Random, top: Any) -> None:
    here, key = _at(random, top)
    here[key] = random.choice(_VALUES)


def _drop(random: Random, top: Any) -> None:
    here, key = _at(random, top)
    if key in here or isinstance(here, list):
        del here[key]


def _rename(random: Random, top: Any) -> None:
    here, key = _at(random, top)
    if isinstance(here, dict) and isinstance(key, str) and key in here:
        at = random.randrange(len(key) + 1)
        here[random.choice((key[:at] + key[at + 1 :], key[:at] + "x" + key[at:], key.upper(), 1, None, True, 3.5))] = here.pop(key)


def _move(random: Random, top: Any) -> None:
    (here, key), (there, other) = _at(random, top), _at(random, top)
    there[other] = yaml.load(yaml.dump(here[key] if here else None, Dumper=yaml.CSafeDumper), Loader=yaml.CSafeLoader)


def _plant(random: Random, top: Any) -> None:
    here, _ = _at(random, top)
    if isinstance(here, dict):
        here[random.choice(_UNDER)] = random.choice(SECRETS)


def _bury(random: Random, top: Any) -> None:
    here, key = _at(random, top)
    value: Any = random.choice(_VALUES)
    for _ in range(random.choice((2, 5, 20, 40))):
        value = [value] if random.random() < 0.5 else {"a": value}
    here[key] = value


_CHANGES: Sequence[Callable[[Random, Any], None]] = (_replace, _replace, _replace, _drop, _rename, _move, _plant, _bury)


def _torn(random: Random, content: bytes) -> bytes:
    """Lines and bytes that are lost, doubled, moved or added."""
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(random.randrange(len(lines)), lines[at])
        case 2:
            lines[at] = lines[at][1:] if random.random() < 0.5 else b" " + lines[at]
        case 3:
            lines[at] = lines[at][: random.randrange(len(lines[at]) + 1)] + random.choice(_SCRAPS).encode() + lines[at]
        case 4:
            lines[at:] = [random.randbytes(random.randrange(1, 20))]
        case _:
            lines[at] = random.choice((b"[", b"{a: ", b"- ")) * random.choice((3, 100, 5000)) + lines[at]
    return b"\n".join(lines)
