"""A new environment of each profile, from one command to nothing left, in another region: as somebody does who has read nothing."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass

import pytest
import yaml

from tests.local.copies import copied, stack_file, within
from tests.local.home import Home, Said

REGION = "eu-central-1"
PROFILES = {"development": "444444444441", "preview": "444444444442", "staging": "444444444443", "production": "444444444444"}
KEY = f"awskms://alias/pulumi-state?region={REGION}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Generator[Home]:
    with copied(tmp_path_factory.mktemp("new-stack")) as made:
        yield made


def new(home: Home, stack: str, profile: str, *more: str) -> Said:
    """new_stack as it is typed, with one value left out: the terminal answers that the owner is the usual one."""
    given = ["--profile", profile, "--account", PROFILES[profile], "--region", REGION, "--cost-centre", "ml-2100"]
    command = [sys.executable, "scripts/new_stack.py", stack, *given, "--data-classification", "internal", *more]
    terminal, ours = pty.openpty()
    os.write(terminal, b"\n")
    environment = {**os.environ, "LOCALCLOUD_DIR": str(home.instance)}
    said, both = subprocess.PIPE, subprocess.STDOUT
    done = subprocess.run(
        command, cwd=home.checkout, env=environment, stdin=ours, stdout=said, stderr=both, text=True, check=False, timeout=300
    )
    os.close(ours)
    os.close(terminal)
    return Said(done.returncode, done.stdout)


@dataclass(frozen=True)
class Life:
    """What was seen of one new environment, from the command that made it to the one that took it away. The tests only read it."""

    profile: str
    stack: str
    made: Said
    again: Said
    """The same command once more."""
    demo: Said
    preview: Said
    """A preview of what is up, in which nothing is expected."""
    zones: Said
    down: Said


@pytest.fixture(scope="module", params=PROFILES)
def life(home: Home, request: pytest.FixtureRequest) -> Life:
    profile: str = request.param
    stack = f"new-{profile}"[:14]
    return Life(
        profile=profile,
        stack=stack,
        made=new(home, stack, profile),
        again=new(home, stack, profile),
        demo=home.localcloud("demo", stack),
        preview=within(home, stack, f"pulumi preview --expect-no-changes --non-interactive --stack {stack}"),
        zones=within(home, stack, "aws ec2 describe-subnets --query 'Subnets[?Tags].AvailabilityZone' --output text"),
        down=home.localcloud("down", stack),
    )


def test_one_command_shows_the_first_preview(life: Life) -> None:
    assert life.made.code == 0, life.made.text
    assert "--owner [ml-platform-team]: " in life.made.text
    assert re.search(r"\+ \d\d\d to create", life.made.text), life.made.text


def test_it_ends_with_the_two_next_commands(life: Life) -> None:
    commands = [line.partition("  #")[0] for line in life.made.text.splitlines()[-2:]]
    assert commands == [f"make demo STACK={life.stack}", f"make down STACK={life.stack}"]


def test_file_is_as_short_as_the_committed_ones_and_explains_its_salt(life: Life, home: Home) -> None:
    ours, theirs = (stack_file(home, stack).read_text() for stack in (life.stack, "staging"))
    assert yaml.safe_load(ours).keys() == yaml.safe_load(theirs).keys()
    settings, committed = (yaml.safe_load(text)["config"]["ml-platform:settings"] for text in (ours, theirs))
    # Which repository deploys it is not asked. Production says besides where the copies of its data are, or why there are none.
    besides = {"feature_store"} if settings["profile"] == "production" else set[str]()
    assert settings.keys() == committed.keys() - {"ci"} | besides
    assert ours.splitlines()[-2] == theirs.splitlines()[-2]
    assert ours.splitlines()[0] == "# yaml-language-server: $schema=schema.json"


def test_range_is_its_own(life: Life, home: Home) -> None:
    files = {path: yaml.safe_load(path.read_text()) for path in stack_file(home, "*").parent.glob("Pulumi.*.yaml")}
    ranges = {path: content["config"]["ml-platform:settings"]["network"]["cidr"] for path, content in files.items()}
    own = ranges.pop(stack_file(home, life.stack))
    assert own not in ranges.values()


def test_second_run_says_that_it_exists(life: Life) -> None:
    assert life.again.code == 1
    assert f"stacks/Pulumi.{life.stack}.yaml exists already, and is not overwritten" in life.again.text


def test_next_command_brings_it_up_and_then_nothing_is_left_to_change(life: Life) -> None:
    assert life.demo.code == 0, life.demo.text
    assert life.preview.code == 0, life.preview.text


def test_it_is_in_the_region_that_was_given(life: Life) -> None:
    zones = set(life.zones.text.split())
    assert len(zones) >= 2
    assert all(zone.startswith(REGION) for zone in zones)


def test_last_command_leaves_nothing_but_what_is_published(life: Life) -> None:
    assert life.down.code == 0, life.down.text
    assert f"Stack {life.stack} is destroyed." in life.down.text
    assert "NOT EXPECTED" not in life.down.text


def test_deleting_the_file_undoes_it(home: Home) -> None:
    assert new(home, "undone", "preview", "--no-preview").code == 0
    stack_file(home, "undone").unlink()
    again = new(home, "undone", "preview", "--no-preview")
    assert again.code == 0, again.text
    assert "profile: preview\n" in stack_file(home, "undone").read_text()
    stack_file(home, "undone").unlink()


def test_on_aws_the_states_secrets_are_kept_with_the_accounts_key_for_this_stack_only(home: Home) -> None:
    """With the local AWS as the shell's, as scripts take whatever AWS the shell reaches."""
    account = PROFILES["preview"]
    stack_file(home, "shell").write_text(yaml.safe_dump({"config": {"ml-platform:settings": {"account": account, "region": REGION}}}))
    assert home.localcloud("start").code == 0
    key = (
        "aws kms create-alias --alias-name alias/pulumi-state --target-key-id $(aws kms create-key --query KeyMetadata.KeyId --output text)"
    )
    given = f"--profile preview --account {account} --region {REGION} --owner risk --cost-centre ml-2100 --data-classification internal"
    command = f"python scripts/new_stack.py on-aws {given} --on aws"
    said = within(home, "shell", key, "rm stacks/Pulumi.shell.yaml", command)
    assert said.code == 0, said.text
    assert "to create" in said.text
    written = yaml.safe_load(stack_file(home, "on-aws").read_text())
    assert written["secretsprovider"] == f"{KEY}&context_deployment=ml-platform/on-aws"
    assert written.keys() == {"config", "secretsprovider", "encryptedkey"}


def test_on_aws_another_accounts_credentials_are_refused(home: Home) -> None:
    given = f"--profile preview --account 444444444449 --region {REGION} --owner risk --cost-centre ml-2100 --data-classification internal"
    said = within(home, "dev", f"python scripts/new_stack.py elsewhere {given} --on aws --secrets-provider '{KEY}'")
    assert said.code == 1
    assert "the credentials are of account 111111111111; --account says 444444444449" in said.text
    assert not stack_file(home, "elsewhere").exists()
