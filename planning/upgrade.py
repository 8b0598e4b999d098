"""What changing the version of a cluster means."""

from collections.abc import Iterable, Mapping

from planning.node_pools import Pool
from planning.refusal import Refused


def checked(cluster: str, old: str, new: str) -> None:
    """Returns when EKS takes a cluster from `old` to `new`. Raises Refused when a minor would be skipped, or gone back.

    https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html, read November 2026.
    """
    before, after = _minor(old), _minor(new)
    following = f"1.{before + 1}"
    if after < before:
        raise Refused(
            got=f"Kubernetes {new} for {cluster}, which runs {old}",
            expected=f"{old} or {following}: EKS does not go back",
            remedy=f"set its version to {old}",
        )
    if after > before + 1:
        raise Refused(
            got=f"Kubernetes {new} for {cluster}, which runs {old}",
            expected=f"{following}: EKS goes up one minor at a time",
            remedy=f"set its version to {following}, and once all nodes run that, to the next",
        )


def rolled(cluster: str, old: str, new: str, *, pools: Iterable[Pool], before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What an upgrade replaces, and how much of it at once. `before` and `after`: the version of each add-on."""
    of_each = ", ".join(f"{pool.name} ({pool.lifecycle.budget})" for pool in pools)
    return (
        f"{cluster} goes from Kubernetes {old} to {new}: the control plane; then Auto Mode replaces every node, at most so many of "
        f"a pool at once: {of_each}; add-ons: {', '.join(_add_on(name, before.get(name), after[name]) for name in after)}"
    )


def _add_on(name: str, old: str | None, new: str) -> str:
    if old == new:
        return f"{name} stays at {new}"
    return f"{name} {old or 'of an unknown version'} -> {new}"


def _minor(version: str) -> int:
    major, _, minor = version.partition(".")
    if major != "1" or not minor.isdecimal():
        raise Refused(got=f"Kubernetes `{version}`", expected="a version such as 1.36", remedy="correct the version")
    return int(minor)
