"""How the text of a stack file is read: as Pulumi reads it, with the line of every key, and everything that is wrong at once."""

from pathlib import Path

import pytest

from stacks.models import Settings
from stacks.source import Source, StackFileRefused, beside, checked, parse, read
from tests.unit.conftest import STACKS

HEAD = "config:\n  ml-platform:settings:\n"
DEV = (STACKS / "Pulumi.dev.yaml").read_text(encoding="utf-8")


def source(text: str | bytes) -> Source:
    return parse(Path("alone", "Pulumi.dev.yaml"), text if isinstance(text, bytes) else text.encode())


def lines(text: str | bytes) -> list[str]:
    """What is wrong with a text, before any setting is looked at."""
    found = source(text)
    return [problem.line(found.shown) for problem in found.problems]


def refused(text: str) -> list[str]:
    """What a stack file with this text is refused with."""
    with pytest.raises(StackFileRefused) as error:
        checked(source(text))
    return str(error.value).splitlines()[1:]


def test_every_key_has_its_line() -> None:
    read = source(HEAD + '    account: "1"\n    clusters:\n      main:\n        cidrs: [a,\n          b]\n')
    assert {path: read.line(path) for path in read.lines} == {
        "": 3, "account": 3, "clusters": 4, "clusters.main": 5, "clusters.main.cidrs": 6, "clusters.main.cidrs.0": 6,
        "clusters.main.cidrs.1": 7,
    }  # fmt: skip


def test_a_key_that_is_not_in_the_file_has_the_line_of_the_one_above_it() -> None:
    assert source(HEAD + "    network:\n      cidr: x\n").line("network.zones") == 3


def test_a_refusal_says_the_line() -> None:
    wrong = DEV.replace("cidr: 10.20.0.0/16", "cidr: 10.20.0.0/16\n      zones: 9")
    assert refused(wrong) == ["stacks/Pulumi.dev.yaml:12: network.zones: got 9; expected at most 4; lower it"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: the file: got nothing; expected `config: ml-platform:settings:`; write it there"),
        ("[]", ":1: the file: got nothing; expected `config: ml-platform:settings:`"),
        ("settings", ":1: the file: got no mapping; expected `config: ml-platform:settings:`"),
        ("encryptionsalt: x\n", ":1: config: got nothing; expected `ml-platform:settings:` with the stack's settings; write them below it"),
        ("config:\n", ":1: config: got nothing; expected `ml-platform:settings:`"),
        ("config: [a]\n", ":1: config: got no mapping; expected `ml-platform:settings:`"),
        ("config:\n  pulumi:tags: {a: b}\n", ":2: config: got no key `ml-platform:settings`; expected the stack's settings"),
        (HEAD, ":2: the stack's settings: got no mapping; expected a mapping of settings; write the keys below it, indented"),
        (HEAD + "    - a\n", ":3: the stack's settings: got no mapping"),
        ("config: {\n", "the file: got what is not YAML: did not find expected node content; expected YAML; correct the indentation"),
        ("config:\n\ta: 1\n", ":2: the file: got what is not YAML: found character that cannot start any token"),
        ("config: {}\n---\nconfig: {}\n", ":2: the file: got what is not YAML: but found another document"),
        ("config: *a\n", ":1: the file: got what is not YAML: found undefined alias"),
        ("config: \x00\n", ": the file: got what is not YAML: control characters are not allowed"),
        (b"config:\n  a: \xff\n", ":2: the file: got bytes that are not UTF-8; expected text in UTF-8; save it as UTF-8"),
        (HEAD + "    a: !!str 1\n", ":3: the file: got the YAML tag tag:yaml.org,2002:str; expected a value without a tag; remove the tag"),
        (HEAD + "    a: " + "[" * 50_000, ":3: the file: got more than 32 levels; expected the few that settings have"),
        (HEAD + "    a: &a [*a]\n", "the file: got more than settings hold, by its aliases; expected at most 32 levels and 20000 values"),
    ],
)
def test_a_text_that_holds_no_settings_is_refused_in_one_line(text: str | bytes, said: str) -> None:
    (line,) = lines(text)
    assert line.startswith("stacks/Pulumi.dev.yaml:")
    assert said in line


def test_aliases_of_aliases_are_refused_before_they_fill_the_memory() -> None:
    layers = "".join(f"    k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9) if n else 1}]\n" for n in range(7))
    (line,) = lines(HEAD + layers)
    assert "by its aliases" in line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "    a: 1\nencryptionslat: v1\n", ":4: encryptionslat: got unknown key `encryptionslat`; expected one of config"),
        (HEAD + "    a: 1\nencryptionslat: v1\n", "did you mean `encryptionsalt`?"),
        ("config:\n  settings: {a: 1}\n  ml-platform:settings: {a: 1}\n", ":2: config.settings: got unknown key `settings`"),
        ("config:\n  settings: {a: 1}\n  ml-platform:settings: {a: 1}\n", "did you mean `ml-platform:settings`?"),
        ("config:\n  aws:region: x\n  ml-platform:settings: {a: 1}\n", ":2: config.aws:region: got unknown key `aws:region`"),
        ("config:\n  aws:region: x\n  ml-platform:settings: {a: 1}\n", "remove it: nothing reads it"),
        ("config:\n  pulumi:autonaming: {}\n  ml-platform:settings: {a: 1}\n", "got unknown key `pulumi:autonaming`"),
        ("config:\n  app:password: hunter2\n  ml-platform:settings: {a: 1}\n", "use `--secret` or a reference to Secrets Manager"),
        (HEAD + "    n:\n      z: 1\n      y: 2\n      z: 3\n", ":6: n.z: got the key twice, on lines 4 and 6; expected it once; remove"),
        ("config:\n  ml-platform:settings: {a: 1}\nconfig: {}\n", ":3: config: got the key twice, on lines 1 and 3"),
        (HEAD + "    n: [{z: 1, z: 2}]\n", ":3: n.0.z: got the key twice"),
        (HEAD + "    n: &n {z: 1}\n    m:\n      <<: *n\n", ":5: m: got the merge key `<<`; expected keys that are written out"),
        (HEAD + "    n: {1: a}\n", ":3: n: got the key 1, which is no text to YAML; expected a name; put it in quotes"),
        (HEAD + "    n: {~: a}\n", ":3: n: got the key ~, which is no text to YAML"),
        (HEAD + "    n: {[a]: a}\n", ":3: n: got a key that is a list or a mapping; expected a name"),
        (HEAD + "    account: 012345678901\n", ":3: account: got 012345678901, whose first 0 YAML drops, or takes for octal; expected"),
        (HEAD + "    account: 012345678901\n", '; expected digits in quotes; write "012345678901" for text, 12345678901 for a number'),
        (HEAD + "    account: 012345670123\n", ':3: account: got 012345670123, whose first 0 YAML drops, or takes for octal'),
        (HEAD + "    expires: 2027-01-31\n", ':3: expires: got 2027-01-31, a point in time to YAML; expected text in quotes; write "2027'),
        (HEAD + "    version: 1.30\n", ':3: version: got 1.30, which is 1.3 to YAML; expected text in quotes, or a plain number; write'),
        (HEAD + "    zones: .nan\n", ":3: zones: got .nan, not a number; expected a number, or text in quotes"),
        (HEAD + "    zones: 99999999999999999999\n", ":3: zones: got 99999999999999999999, more than 64 bits"),
    ],
)  # fmt: skip
def test_what_pulumi_would_not_take_as_it_looks_is_refused_with_its_line(text: str, said: str) -> None:
    (line,) = lines(text)
    assert said in line
    assert "hunter2" not in line


def test_what_is_encrypted_may_stand_beside_the_settings() -> None:
    assert (
        lines("config:\n  app:key: {secure: v1:abc}\n  pulumi:tags: {team: ml}\n  ml-platform:settings: {a: 1}\nsecretsprovider: x\n") == []
    )


def test_what_is_wrong_with_text_and_settings_is_said_at_once() -> None:
    wrong = DEV.replace("profile: development", "profile: developmnt").replace("encryptionsalt", "encryptionslat") + "x: 1\n"
    assert [line.split(": ")[1] for line in refused(wrong)] == ["encryptionslat", "x", "profile"]


def test_what_could_not_be_read_is_told_once() -> None:
    (line,) = refused(DEV.replace("cidr: 10.20.0.0/16", "cidr: 10.20.0.0/16\n      zones: 03"))
    assert 'network.zones: got 03, whose first 0 YAML drops, or takes for octal; expected digits in quotes; write "03" for text, 3' in line


def test_settings_without_a_key_are_refused_and_not_taken_for_right() -> None:
    assert any(": profile: got nothing" in line for line in refused("config: {ml-platform:settings: {}}"))


def test_a_duplicate_key_alone_is_enough_to_refuse() -> None:
    (line,) = refused(DEV.replace("    region: eu-west-1\n", "    region: eu-west-1\n    region: eu-west-1\n"))
    assert "region: got the key twice" in line


def test_a_byte_order_mark_is_no_character_of_the_first_key() -> None:
    assert source(b"\xef\xbb\xbf" + DEV.encode()).given["profile"] == "development"


def test_stack_files_are_held_against_those_beside_them(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text(DEV, encoding="utf-8")
    (tmp_path / "Pulumi.other.yaml").write_text(DEV.replace('"111111111111"', '"444444444444"'), encoding="utf-8")
    (tmp_path / "Pulumi.torn.yaml").write_text("config: {", encoding="utf-8")
    assert [other.stack for other in beside(tmp_path / "Pulumi.dev.yaml")] == ["other"]
    with pytest.raises(StackFileRefused, match=r"Pulumi.dev.yaml:11: network.cidr: got .10\.20\.0\.0/16"):
        checked(read(tmp_path / "Pulumi.dev.yaml"))


@pytest.mark.parametrize("stack", sorted(STACKS.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def test_every_stack_file_of_the_project_is_taken(stack: Path) -> None:
    settings = checked(read(stack))
    assert isinstance(settings, Settings)
    assert stack.name == f"Pulumi.{settings.environment}.yaml"
