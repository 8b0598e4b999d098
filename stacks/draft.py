"""A stack file before it is written: what it will say, everything that is wrong with that, and where its addresses are taken from."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Annotated, cast

import yaml
from pydantic import Field

from planning.pool import next_free, numbered
from stacks import checking, production, source
from stacks.checking import StackFile, StackFileRefused
from stacks.explain import MODELINE
from stacks.fields import Cidr
from stacks.models import Model
from stacks.problems import Problem

POOL = Path(__file__).with_name("pool.yaml")

IDENTITY = ("profile", "account", "region", "owner", "cost_centre", "data_classification")
"""What every platform stack must say of itself, beside the range of its network."""

SALT = (
    "# Of the local cloud's passphrase only, and it protects nothing; "
    "on AWS `pulumi stack change-secrets-provider` puts the state's own key here."
)
"""What stands above `encryptionsalt`, which Pulumi writes: docs/decisions/0002."""

_HEAD = f"""\
{MODELINE}
# What differs from the profile; stacks/README.md lists all that can be set, `make explain STACK=NAME` shows what is in force, and why.
config:
  {source.SETTINGS}:
"""
_ABOUT = {
    "account": "credentials of any other are refused",
    "owner": "the team that answers for it",
    "cost_centre": "who pays",
    "data_classification": "the most sensitive data that it may hold",
}
_NETWORK = """\
    network:
      # No other environment has it (stacks/pool.yaml). Another range later replaces the network, and everything that is in it.
      cidr: {}
"""
_REPLICAS = """\
    feature_store:
      # Put replica_bucket_arn and replica_key_arn in place of each reason before there is data whose loss matters (S3.7).
      offline_store:
        without_replica: no bucket of another region is named yet
      decision_log:
        without_replica: no bucket of another region is named yet
"""


class Parts(Model):
    """A range of which the number of a pull request names a part."""

    range: Cidr
    prefix: Annotated[int, Field(ge=16, le=22)]
    """How wide a part is."""


class Pool(Model):
    """What stacks/pool.yaml says."""

    range: Cidr
    """Ranges are taken from it, lowest first."""
    prefix: Annotated[int, Field(ge=16, le=22)]
    """How wide they are."""
    reserved: tuple[Cidr, ...] = ()
    """Parts of it that are never handed out."""
    pull_requests: Parts
    """What is kept for the environments of pull requests."""


@dataclass(frozen=True)
class Draft:
    """The stack file of `stack` in `directory`, with the `values` that are known so far; it may be wrong."""

    directory: Path
    stack: str
    values: Mapping[str, str]
    cidr: str
    zone_names: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return self.directory / f"Pulumi.{self.stack}.yaml"

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The keys of IDENTITY that have no value yet."""
        return tuple(key for key in IDENTITY if key not in self.values)

    @property
    def text(self) -> str:
        """What the file says."""
        lines = [f"    {key}: {_scalar(self.values[key])}{_comment(key)}\n" for key in IDENTITY if key in self.values]
        zones = [f"      zone_names: [{', '.join(map(_scalar, self.zone_names))}]\n"] if self.zone_names else []
        return "".join([_HEAD, *lines, _NETWORK.format(_scalar(self.cidr)), *zones, _without_replicas(self.values)])

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with what is known. What collides with other settings is only seen when nothing is unanswered."""
        written = source.parse(self.path, self.text.encode())
        try:
            checking.parse(self.stack, written.given, source.beside(self.path))
        except StackFileRefused as refused:
            return *written.problems, *(problem for problem in refused.problems if problem.path not in self.unanswered)
        return written.problems

    def saying(self, key: str, value: str) -> "Draft":
        """The draft with one more value."""
        return replace(self, values={**self.values, key: value})

    def usual(self, key: str) -> str:
        """What all other environments say, if they say the same; otherwise nothing."""
        said = {other.given.get(key) for other in _platforms(self.path)}
        only = said.pop() if len(said) == 1 else None
        return only if isinstance(only, str) else ""


def free_range(directory: Path) -> str:
    """The lowest range of the pool that no stack file in `directory` has, for its VPC or as a peer's. Raises planning.refusal.Refused."""
    pool = _pool()
    taken = _ranges(_platforms(directory / "Pulumi.yaml"))
    return next_free(pool.range, pool.prefix, [*pool.reserved, pool.pull_requests.range, *taken])


def range_of(pull_request: int) -> str:
    """The range of a pull request's own environment, which others share that have the same remainder; nobody else has it."""
    parts = _pool().pull_requests
    return numbered(parts.range, parts.prefix, pull_request)


def _pool() -> Pool:
    return Pool.model_validate_json(json.dumps(yaml.safe_load(POOL.read_text(encoding="utf-8"))))


def _platforms(path: Path) -> list[StackFile]:
    return [other for other in source.beside(path) if other.given.get("kind", "platform") == "platform"]


def _ranges(stacks: Iterable[StackFile]) -> Iterator[str]:
    """What is written as a range; what is none is refused where it is used."""
    for stack in stacks:
        network = stack.given.get("network")
        if isinstance(network, Mapping):
            said = cast("Mapping[str, object]", network)
            peers = said.get("peer_cidrs")
            for value in (said.get("cidr"), *(cast("list[object]", peers) if isinstance(peers, list) else ())):
                if isinstance(value, str) and _is_range(value):
                    yield value


def _is_range(text: str) -> bool:
    try:
        IPv4Network(text, strict=False)
    except ValueError:
        return False
    return True


def _scalar(value: str) -> str:
    """A text as YAML; without quotes only where no reader could take it for anything else."""
    plain = re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*|\d+(\.\d+){3}/\d+", value) and yaml.safe_load(value) == value
    return value if plain else yaml.safe_dump(value, default_style='"', width=sys.maxsize).rstrip("\n")


def _without_replicas(values: Mapping[str, str]) -> str:
    return _REPLICAS if values.get("profile") == production.PROFILE else ""


def _comment(key: str) -> str:
    return f" # {_ABOUT[key]}" if key in _ABOUT else ""
