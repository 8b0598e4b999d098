"""States of stacks that a Pulumi which was killed has left unreadable."""

import json
from collections.abc import Callable

from localcloud.instance import Instance


def mend(instance: Instance, say: Callable[[str], None]) -> None:
    """Removes what pulumi keeps beside a state and was killed while it wrote; without it the state is read, with half of it not.

    The state itself is replaced at once, and is whole. A stack that is locked is left to whoever holds it.
    """
    # pulumi 3.259.0 then says `failed to load checkpoint: EOF`, to every command.
    root = instance.path("state", ".pulumi")
    for attributes in sorted(root.glob("stacks/*/*.json*.attrs")):
        project, stack = attributes.parent.name, attributes.name.partition(".json")[0]
        if list(root.glob(f"locks/*/{project}/{stack}/*.json")):
            continue
        try:
            json.loads(attributes.read_text())
        except ValueError:
            attributes.unlink()
            say(f"Mended the state of stack {stack}: pulumi was killed while it wrote {attributes.name}.")
