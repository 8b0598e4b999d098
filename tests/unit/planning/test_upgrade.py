"""Changing the version of a cluster: which ways EKS goes, and what is said of them."""

import pytest

from planning import node_pools, upgrade
from planning.refusal import Refused

REQUIRED = node_pools.requirements(instance_categories=["c"], architectures=["amd64"], capacity_types=["spot"])
POOLS = (
    *node_pools.growing("platform", REQUIRED, reserved=False, cpu_limit=8, memory_limit_gib=32),
    *node_pools.growing("serving", REQUIRED, reserved=True, cpu_limit=8, memory_limit_gib=32),
)


@pytest.mark.parametrize(("old", "new"), [("1.35", "1.36"), ("1.36", "1.36"), ("1.9", "1.10")])
def test_one_minor_up_is_an_upgrade(old: str, new: str) -> None:
    upgrade.checked("dev-main", old, new)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "1.34", "1.36",
            "got Kubernetes 1.36 for dev-main, which runs 1.34; expected 1.35: EKS goes up one minor at a time; "
            "set its version to 1.35, and once all nodes run that, to the next",
        ),
        (
            "1.37", "1.36",
            "got Kubernetes 1.36 for dev-main, which runs 1.37; expected 1.37 or 1.38: EKS does not go back; set its version to 1.37",
        ),
        (
            "1.10", "1.9",
            "got Kubernetes 1.9 for dev-main, which runs 1.10; expected 1.10 or 1.11: EKS does not go back; set its version to 1.10",
        ),
        ("1.36", "latest", "got Kubernetes `latest`; expected a version such as 1.36; correct the version"),
    ],
)  # fmt: skip
def test_what_eks_would_not_do_is_refused_with_both_versions_and_the_remedy(old: str, new: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        upgrade.checked("dev-main", old, new)
    assert str(refused.value) == said


def test_an_upgrade_says_what_is_replaced_and_how_much_at_once() -> None:
    before, after = {"metrics-server": "v1", "same": "v5"}, {"metrics-server": "v2", "same": "v5", "new": "v1"}
    assert upgrade.rolled("dev-main", "1.35", "1.36", pools=POOLS, before=before, after=after) == (
        "dev-main goes from Kubernetes 1.35 to 1.36: the control plane; then Auto Mode replaces every node, at most so many of a pool at "
        "once: platform (1), serving (5%); add-ons: metrics-server v1 -> v2, same stays at v5, new of an unknown version -> v1"
    )
