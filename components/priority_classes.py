"""Which pods go first."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.order import known_after
from planning.priorities import Priority


@dataclass(frozen=True, kw_only=True)
class PriorityClassesArgs:
    priorities: Mapping[str, Priority]


class PriorityClasses(pulumi.ComponentResource):
    """The priority classes of a cluster, by name. None is the default: a pod says what it is."""

    classes: Mapping[str, pulumi.Output[str]]
    """Each name is known only once the class is there: a pod that names a missing one is refused."""

    def __init__(self, name: str, args: PriorityClassesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:PriorityClasses", name, None, opts)
        self.classes = {
            class_name: known_after(
                pulumi.Output.from_input(class_name),
                [
                    kubernetes.scheduling.v1.PriorityClass(
                        f"{name}-{class_name}",
                        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=class_name),
                        value=priority.value,
                        preemption_policy=priority.preemption,
                        global_default=False,
                        description=priority.description,
                        opts=pulumi.ResourceOptions(parent=self),
                    )
                ],
            )
            for class_name, priority in args.priorities.items()
        }
        self.register_outputs({"classes": dict(self.classes)})
