"""What a program registers, recorded without an engine: types, names, parents, inputs, dependencies, providers.

    recorded = record(lambda: Vpc("main", VpcArgs(...)))
    recorded.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"]

Inputs have the engine's names (camelCase). With `preview=True` what only AWS can tell is unknown, as on a first preview:
unknown inputs are UNKNOWN.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pulumi
from google.protobuf import json_format
from pulumi.runtime import mocks
from pulumi.runtime.proto.resource_pb2 import RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS
from pulumi.runtime.rpc import UNKNOWN
from pulumi.runtime.settings import SETTINGS, set_root_resource
from pulumi.runtime.stack import Stack, run_pulumi_func

ACCOUNT = "111111111111"
REGION = "eu-west-1"
PROJECT = "ml-platform"

_STACK = "pulumi:pulumi:Stack"

# Structs in structs, as the engine's protocol has them: a secret is a map with this key.
_SIGNATURE, _SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"


@dataclass(frozen=True)
class Registration:
    """One resource as the engine would hear of it."""

    urn: str
    type: str
    name: str
    parent: str
    """The parent's URN; empty for the stack's own children."""
    provider: str
    """The URN of the provider, without its id; empty for components and providers."""
    providers: frozenset[str]
    """URNs of the providers that a component was given or inherited: it is registered once they are made."""
    inputs: Mapping[str, Any]
    dependencies: frozenset[str]
    """URNs of what it was declared to depend on, by `depends_on` or by an input."""
    secret_inputs: frozenset[str]
    protect: bool
    """Whether the engine refuses to delete it."""
    retained: bool
    """Whether the engine forgets it, and deletes nothing, when it is destroyed."""
    ignored: frozenset[str] = frozenset()
    """Inputs whose changes the engine leaves out."""
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """URNs of what each input was taken from."""
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Names of the hooks that the engine calls, by the kind of hook: before_update."""


@dataclass
class Recorded:
    """Everything that was registered, in no particular order: registrations run side by side."""

    registrations: list[Registration] = field(default_factory=list[Registration])
    hooks: dict[str, Any] = field(default_factory=dict[str, Any])
    """Resource hooks by name: each a pulumi.ResourceHook, which is called with pulumi.ResourceHookArgs."""
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    """What components said about themselves at the end, by URN."""

    def all(self, type_: str) -> list[Registration]:
        return [each for each in self.registrations if each.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registration:
        """The only one of this type (and name); fails the test when there is none, or more."""
        found = [each for each in self.all(type_) if name in (None, each.name)]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}, among {sorted({each.type for each in self.registrations})}"
        return found[0]

    def behind(self, registration: Registration) -> set[str]:
        """The types of all that exists before it: its dependencies, its provider, its parent with all that the parent was given for
        providers, and theirs."""
        by_urn = {each.urn: each for each in self.registrations}
        seen: set[str] = set()
        waiting = [registration.urn]
        while waiting:
            each = by_urn[waiting.pop()]
            found = {urn for urn in (*each.dependencies, each.provider, each.parent, *each.providers) if urn in by_urn} - seen
            seen |= found
            waiting.extend(found)
        return {f"{by_urn[urn].type} {by_urn[urn].name}" for urn in seen}


def record(
    program: Callable[[], object], *, stack: str = "dev", preview: bool = False, parameters: Mapping[str, str] | None = None
) -> Recorded:
    """Runs `program` as Pulumi would, and returns what it registered. What it raises, anywhere, is raised. It may read these parameters
    from SSM, and asks AWS nothing else."""
    recorded = Recorded()
    asyncio.set_event_loop(asyncio.new_event_loop())
    cloud = _Cloud(preview, parameters)
    mocks.set_mocks(cloud, project=PROJECT, stack=stack, preview=preview, monitor=_Monitor(cloud, recorded, stack))
    SETTINGS.monitor_features |= {RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS}  # pyright: ignore[reportAttributeAccessIssue]
    SETTINGS.callbacks = _Callbacks(recorded)  # pyright: ignore[reportAttributeAccessIssue]
    # What one run leaves behind; pulumi.runtime.test does the first two, whose types its decorators hide.
    SETTINGS.rpc_manager.clear()  # pyright: ignore[reportAttributeAccessIssue]
    SETTINGS.outputs.clear()  # pyright: ignore[reportAttributeAccessIssue]
    set_root_resource(None)  # pyright: ignore[reportArgumentType]
    # Passwords are drawn alike in each recording, so that two can be held against each other.
    with mock.patch("planning.passwords.secrets.choice", random.Random(0).choice):
        asyncio.get_event_loop().run_until_complete(run_pulumi_func(lambda: _in_stack(program)))
    return recorded


def _in_stack(program: Callable[[], object]) -> None:
    stack = Stack()
    try:
        program()
    finally:
        stack._finish()  # pyright: ignore[reportPrivateUsage]  # what pulumi.runtime.run_in_stack does


class _Cloud(mocks.Mocks):
    """Answers as AWS would, as far as the program reads the answers."""

    def __init__(self, preview: bool, parameters: Mapping[str, str] | None) -> None:
        self._preview, self._parameters = preview, parameters

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if self._parameters is None or args.token != "aws:ssm/getParameter:getParameter":
            raise AssertionError(f"the program called {args.token}: it is meant to ask nothing at preview")
        name = args.args["name"]
        if name not in self._parameters:
            return {}, [("", f"ParameterNotFound: {name}")]
        return {"name": name, "type": "String", "value": self._parameters[name], "insecureValue": self._parameters[name]}, []

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if self._preview:
            return None, dict(args.inputs)
        return f"{args.name}-id", {**args.inputs, **_made_up(args)}


def _made_up(args: mocks.MockResourceArgs) -> dict[str, Any]:
    """Outputs that only AWS knows."""
    service, _, kind = args.typ.removeprefix("aws:").partition("/")
    name = args.inputs.get("name", args.name)
    found: dict[str, Any] = {"arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{kind.partition(':')[0]}/{name}"}
    if args.typ == "aws:iam/role:Role":
        found |= {"name": name, "arn": f"arn:aws:iam::{ACCOUNT}:role/{name}"}
    elif args.typ == "aws:kms/key:Key":
        found |= {"keyId": "00000000-0000-0000-0000-000000000000"}
    elif args.typ == "aws:eks/cluster:Cluster":
        found |= {
            "endpoint": "https://cluster.example",
            "certificateAuthority": {"data": "Q0E="},
            "vpcConfig": {**args.inputs["vpcConfig"], "clusterSecurityGroupId": f"sg-cluster-{args.name}"},
        }
    elif args.typ == "aws:ecr/repository:Repository":
        found |= {"repositoryUrl": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}"}
    elif args.typ == "aws:rds/instance:Instance":
        secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:rds!db-1"
        found |= {"address": "registry.example", "port": 3306, "resourceId": "db-1", "masterUserSecrets": [{"secretArn": secret}]}
    elif args.typ == "aws:elasticache/replicationGroup:ReplicationGroup":
        found |= {"configurationEndpointAddress": "online-store.example"}
    elif kind in ("subnetGroup:SubnetGroup", "parameterGroup:ParameterGroup"):
        found |= {"name": name}
    return found


class _Callbacks:
    """Stands where a program with an engine serves its callbacks: what is registered is kept, for tests to call."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        self._recorded.hooks[hook.name] = hook


class _Monitor(mocks.MockMonitor):
    def __init__(self, cloud: _Cloud, recorded: Recorded, stack: str) -> None:
        super().__init__(cloud)
        self._recorded, self._stack = recorded, stack

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """As the engine makes it: with the types of all ancestors but the stack."""
        ancestors = parent.split("::")[2] if parent and _STACK not in parent else ""
        return f"urn:pulumi:{self._stack}::{PROJECT}::{f'{ancestors}$' if ancestors else ''}{type_}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  # the protocol's name
        answer = super().RegisterResource(request)
        if request.type != _STACK:
            inputs: dict[str, Any] = json_format.MessageToDict(request.object)
            self._recorded.registrations.append(
                Registration(
                    urn=answer.urn,
                    type=request.type,
                    name=request.name,
                    parent="" if _STACK in request.parent else request.parent,
                    provider=request.provider.rpartition("::")[0],
                    providers=frozenset(each.rpartition("::")[0] for each in request.providers.values()),
                    inputs={name: _plain(value) for name, value in inputs.items()},
                    dependencies=frozenset(request.dependencies),
                    secret_inputs=frozenset(name for name, value in inputs.items() if _is_secret(value)),
                    protect=request.protect,
                    ignored=frozenset(request.ignoreChanges),
                    retained=request.retainOnDelete,
                    property_dependencies={name: frozenset(each.urns) for name, each in request.propertyDependencies.items()},
                    hooks={kind.name: tuple(names) for kind, names in request.hooks.ListFields()},
                )
            )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802  # the protocol's name
        self._recorded.outputs[request.urn] = _plain(json_format.MessageToDict(request.outputs))
        return super().RegisterResourceOutputs(request)


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def _plain(value: Any) -> Any:
    """The value without the protocol's wrapping: secrets opened, whole numbers whole."""
    if isinstance(value, dict):
        return _plain(value["value"]) if _is_secret(value) else {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


__all__ = ["ACCOUNT", "REGION", "UNKNOWN", "Recorded", "Registration", "record"]
