"""What the local cloud reads of a stack file."""

from pathlib import Path

import pytest

from localcloud.stack_file import StackFile, StackFileError, read


def _write(project: Path, stack: str, text: str) -> None:
    (project / "stacks").mkdir(exist_ok=True)
    (project / "stacks" / f"Pulumi.{stack}.yaml").write_text(text)


def test_the_account_and_the_region_are_read(tmp_path: Path) -> None:
    _write(tmp_path, "dev", 'config:\n  ml-platform:settings:\n    account: "012345678901"\n    region: eu-west-1\n')
    assert read(tmp_path, "dev") == StackFile("012345678901", "eu-west-1")


def test_a_tenant_is_in_the_account_that_its_file_says(tmp_path: Path) -> None:
    _write(tmp_path, "risk", 'config:\n  ml-platform:settings:\n    kind: tenant\n    account: "012345678901"\n    region: eu-west-1\n')
    assert read(tmp_path, "risk") == StackFile("012345678901", "eu-west-1")


def test_an_unknown_stack_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    _write(tmp_path, "dev", "")
    _write(tmp_path, "prod", "")
    with pytest.raises(StackFileError, match=r"there is no stack 'test'.*there are: dev, prod"):
        read(tmp_path, "test")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "has no `config: ml-platform:settings:`"),
        ("- a list", "has no `config: ml-platform:settings:`"),
        ("config: 3", "has no `config: ml-platform:settings:`"),
        ("config: [", "is not YAML"),
        (
            "config:\n  ml-platform:settings:\n    account: 12345678901\n    region: eu-west-1\n",
            r"account is 12345678901; it must be a quoted",
        ),
        ('config:\n  ml-platform:settings:\n    account: "012345678901"\n', "region is None"),
    ],
    ids=["empty", "list", "number", "broken", "unquoted account", "no region"],
)
def test_a_stack_file_without_account_or_region_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    _write(tmp_path, "dev", text)
    with pytest.raises(StackFileError, match=problem):
        read(tmp_path, "dev")
