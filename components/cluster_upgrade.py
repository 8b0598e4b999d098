"""What is said, and refused, when the version of a cluster changes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from planning import catalogue, upgrade
from planning.node_pools import Pool


def before_upgrade(name: str, cluster: str, pools: Sequence[Pool]) -> pulumi.ResourceHookBinding:
    """Hooks of an EKS cluster: a change of its version that EKS would not make is refused at preview, and what another one
    replaces is said there. A stack file says only where to go; where the cluster is, only its state knows.

    Hooks of an update only: those of a deletion would have `pulumi destroy` run the program.
    """

    def look(args: pulumi.ResourceHookArgs) -> None:
        old, new = (_version(outputs) for outputs in (args.old_outputs, args.new_inputs))
        if old is None or new is None or old == new:
            return
        upgrade.checked(cluster, old, new)
        before, after = (catalogue.EKS_ADD_ONS.get(version, {}) for version in (old, new))
        pulumi.log.info(upgrade.rolled(cluster, old, new, pools=pools, before=before, after=after))

    hook = pulumi.ResourceHook(name, look, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


def _version(properties: Mapping[str, Any] | None) -> str | None:
    version = (properties or {}).get("version")
    return version if isinstance(version, str) else None
