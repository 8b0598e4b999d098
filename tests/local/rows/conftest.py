"""Accounts of the local AWS in which rows are tried."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from localcloud import toolchain
from localcloud.aws.eks_control_plane import CONTROL_PLANE
from localcloud.aws.rows import ROWS
from localcloud.instance import Instance
from tests.local.probe import Probe, probe

_accounts = itertools.count(400000000001)


@pytest.fixture
def account(cloud: Instance) -> Iterator[Probe]:
    """One of its own, whose clusters have no control plane, and databases and caches no server: it would take longer than all the rest."""
    with pytest.MonkeyPatch.context() as patch, probe(cloud, str(next(_accounts))) as made:
        patch.setattr(toolchain, "data_plane", lambda: None)
        for type, row in ROWS.items():
            if row.hook is CONTROL_PLANE:
                patch.setitem(ROWS, type, replace(row, hook=None))
        yield made


@pytest.fixture
def account_with_control_planes(cloud: Instance) -> Iterator[Probe]:
    """One of its own."""
    with probe(cloud, str(next(_accounts))) as made:
        yield made
