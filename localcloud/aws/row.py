"""The shape of a row: how one AWS resource type is created, read, updated and deleted through boto3.

Requests and results are JMESPath expressions (https://jmespath.org): a request is evaluated over the *scope*, a result over
the response. The scope holds the resource's properties by their Pulumi names, defaults filled in, and `id`, `tagsAll`,
`account`, `region`, `partition`, `old` (the properties before an update) and `state` (what was read last). In an update, `added` and
`dropped` hold, by property, the elements that it brings into the lists that it changes and those that it takes from them. Nulls are
dropped from requests, values take the types of the botocore shape, and members are matched without regard to case.

With `each`, a JMESPath list over the scope or a describing call whose `state` is a list, an operation is called once per element,
which is `each` in the scope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from localcloud.instance import Instance
from localcloud.provider.values import Properties


@dataclass(frozen=True)
class Call:
    """One API call. `when` is a JMESPath condition over the scope. With `only_changed`, properties that an update does
    not change are left out, for operations that take a property as an order to act (ModifyDBInstance)."""

    operation: str
    request: str
    when: str = ""
    only_changed: bool = False
    each: str | Read | None = None


@dataclass(frozen=True)
class Read:
    """One describing call. `state` maps its response to properties; null from the first read means that the object is gone.

    The response also holds `given`, the inputs or the state before; `'$name'` in `state` stands for a value of the scope. With `each`
    the response is `all`: a list of the answers, each with its element as `each`.
    """

    operation: str
    request: str
    state: str
    each: str | Read | None = None


@dataclass(frozen=True)
class NotKept:
    """A property that AWS keeps and the emulator does not. A test proves it, so that a newer emulator ends the gap.

    `answer` is where AWS would return it, in the response of the row's first read: names and `[0]` only. Or else the emulator refuses
    `refused`, evaluated over the resource's scope; or `elsewhere` would find on AWS what it asked for, as `after_delete` would once the
    resource is deleted.
    """

    reason: str
    answer: str = ""
    refused: Call | None = None
    elsewhere: Read | None = None
    after_delete: Read | None = None


@dataclass(frozen=True)
class Effect:
    """How AWS heeds a property that it never returns. A test sees it happen, and not happen without the property: it is verified."""

    description: str


@dataclass(frozen=True)
class NotChanged:
    """A property that AWS changes in place and the local cloud does not: a change is refused.

    `call` is AWS's way. A test proves that the emulator does not know it, or that the resource has the old value after it. With
    `renews_id` the call works and the resource has another id after it, which an update cannot tell Pulumi; `refused_by_aws`: AWS
    refuses the call too.
    """

    reason: str
    call: Call
    renews_id: bool = False
    refused_by_aws: bool = False


@dataclass(frozen=True)
class StandIn:
    """An output that is not what AWS would return. A test proves that `real`, a call of `service` over the resource's scope that
    would give AWS's own value, gives another one or none."""

    reason: str
    service: str
    real: Read


class Hook(Protocol):
    """What exists beside AWS for a resource: a process, the contents of a bucket."""

    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Makes it exist (again), and returns the properties that it determines. Called after create, update and read."""
        ...

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        """Removes it; called before the delete call, and again when a delete is retried."""
        ...


@dataclass(frozen=True)
class Row:
    """One resource type.

    `id` is evaluated over the scope plus `response`, the first create call's answer; where that is null the type's search finds it.
    An update call whose properties no create call sends runs on create too, when one of them is given. `gone` are the error codes
    that mean *does not exist*. `exists` are the codes by which a create call says that the name is taken.

    `absent` says why the emulator has no such type. Its requests are then held against botocore's model and not sent, and the resource
    is held in Pulumi's state only; where AWS makes the id, `made_up` in it stands for the digits.
    """

    type: str
    service: str
    id: str
    create: tuple[Call, ...]
    read: tuple[Read, ...]
    delete: tuple[Call, ...]
    update: tuple[Call, ...] = ()
    absent: str = ""
    gone: tuple[str, ...] = ()
    tags: str = ""  # which entry of tags.TAGGING; empty when the type has no tags
    id_pattern: str = ""  # a regular expression whose groups are the properties in a composite id, for import
    name_form: str = "{name}-{hex}"  # what an automatic name looks like; lower-cased with lower_name
    lower_name: bool = False
    same: Mapping[str, str] = field(default_factory=dict["str", "str"])  # property: named equality of compare.EQUALITIES
    suppressed: Mapping[str, Any] = field(default_factory=dict["str", "Any"])  # property: AWS's value when none is given
    left_as_is: tuple[str, ...] = ()  # properties that the official provider leaves to AWS when they are no longer given
    replaced_when: Mapping[str, str] = field(default_factory=dict["str", "str"])  # path: JMESPath condition over old and new
    deletes_first: bool = False  # a replacement deletes the old one before it makes the new one
    # path: why AWS itself never returns it, or what it does with it
    unread: Mapping[str, str | Effect] = field(default_factory=dict["str", "str | Effect"])
    not_kept: Mapping[str, NotKept] = field(default_factory=dict["str", "NotKept"])  # by path
    not_heeded: Mapping[str, str] = field(default_factory=dict["str", "str"])  # path: what the emulator does instead; a test sees it do so
    not_changed: Mapping[str, NotChanged] = field(default_factory=dict["str", "NotChanged"])  # by path
    stand_ins: Mapping[str, StandIn] = field(default_factory=dict["str", "StandIn"])  # by output path
    waiter: str = ""  # botocore waiter, with the id's describing request
    hook: Hook | None = None
