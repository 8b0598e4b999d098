"""Order that the engine cannot see in the data."""

from collections.abc import Iterable
from typing import TypeVar

import pulumi

T = TypeVar("T")


def known_after(value: pulumi.Output[T], resources: Iterable[pulumi.Resource]) -> pulumi.Output[T]:
    """`value`, which whoever uses it gets only once `resources` exist, and which they outlive.

    So the component that knows of such an order says it once, and none of its users needs a `depends_on`.
    """

    def first(values: list[T]) -> T:
        return values[0]

    return pulumi.Output.all(value, *(resource.urn for resource in resources)).apply(first)
