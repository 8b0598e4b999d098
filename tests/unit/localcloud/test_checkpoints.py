"""What becomes of the state that a killed Pulumi has left."""

from pathlib import Path

import pytest

from localcloud import checkpoints
from localcloud.instance import Instance


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


def _attributes(instance: Instance, text: str) -> Path:
    path = instance.path("state", ".pulumi", "stacks", "ml-platform", "dev.json.attrs")
    path.write_text(text)
    return path


def _said(instance: Instance) -> str:
    lines: list[str] = []
    checkpoints.mend(instance, lines.append)
    return "\n".join(lines)


@pytest.mark.parametrize("half", ["", '{"user.cache_con'])
def test_what_was_half_written_is_removed_and_that_is_said(instance: Instance, half: str) -> None:
    path = _attributes(instance, half)
    assert _said(instance) == "Mended the state of stack dev: pulumi was killed while it wrote dev.json.attrs."
    assert not path.exists()


def test_what_is_whole_stays(instance: Instance) -> None:
    path = _attributes(instance, '{"md5": "Vkj8SL7cp236w/PR7D5hQQ=="}')
    assert _said(instance) == ""
    assert path.exists()


def test_what_somebody_is_writing_is_left_alone(instance: Instance) -> None:
    path = _attributes(instance, "")
    instance.path("state", ".pulumi", "locks", "organization", "ml-platform", "dev", "one.json").write_text("{}")
    assert _said(instance) == ""
    assert path.exists()
