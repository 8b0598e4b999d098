"""What is remembered of an object while it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from localcloud import processes
from localcloud.instance import Instance
from localcloud.kubernetes import adoption
from localcloud.kubernetes.inputs import complete, identity
from localcloud.provider.interface import Target

TARGET = Target.of("urn:pulumi:dev::probe::kubernetes:core/v1:ConfigMap::settings")
GIVEN: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "ConfigMap",
    "metadata": {"namespace": "n", "labels": {"a": "hidden"}, "annotations": {"b": "hidden"}},
    "data": {"c": "hidden"},
}


def test_only_the_name_of_an_object_is_written_down_and_a_generated_one_is_drawn_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = Instance(tmp_path)
    inputs = complete("settings", {}, GIVEN, b"one", default_namespace=None)
    with adoption.remembered(instance, TARGET, inputs):
        (written,) = tmp_path.glob("creating/*")
        assert "hidden" not in written.read_text()
    # Another process, which no state has told of the object.
    monkeypatch.setattr(processes, "start_time", lambda _: 1)
    again = complete("settings", adoption.begun(instance, TARGET), GIVEN, b"two", default_namespace=None)
    assert identity(again) == identity(inputs)
