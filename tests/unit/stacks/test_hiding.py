"""Secrets that were put in a stack file by mistake are in no refusal."""

from pathlib import Path

import pytest

from stacks.hiding import HIDDEN, names_a_secret, without_secrets
from stacks.problems import Problem, shown
from stacks.source import StackFileRefused, checked, parse
from tests.unit.conftest import STACKS

DEV = (STACKS / "Pulumi.dev.yaml").read_text(encoding="utf-8")
SECRETS = {
    "an AWS access key": "AKIAIOSFODNN7EXAMPLE",
    "a temporary AWS access key": "ASIAY34FZKBOKMUTVV7A",
    "an AWS secret key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "base64": "dGhpcyBpcyBub3QgYSBzZWNyZXQgYnV0IGl0IGxvb2tzIGxpa2Ugb25l",
    "hexadecimal": "9f86d081884c7d659a2feaa0c55ad015",
    "a GitHub token": "ghp_016C7fC0Qqoa8gM1xk3kJ7dB2xVwYt4Zr9Ab",
    "a JSON web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "Pulumi's ciphertext": "v1:q3h5KTNIrJ4=:nB1aZ0vX7y2LkQm8",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("around", ["{}", "x {} y", "arn:aws:iam::1:{}", '"{}"'])
def test_what_looks_like_a_secret_is_hidden(secret: str, around: str) -> None:
    hidden = without_secrets(around.format(secret))
    assert secret.removeprefix("v1:") not in hidden
    assert HIDDEN in hidden


@pytest.mark.parametrize(
    "text",
    [
        "mysql://admin:hunter2@db:3306/x", "jdbc:mysql://db/x?user=a&password=hunter2&ssl=1", "password: hunter2", "DB_PASSWORD = hunter2",
        "api-token=hunter2", '{"password":"hunter2"}',
    ],
)  # fmt: skip
def test_a_password_inside_a_value_is_hidden(text: str) -> None:
    assert "hunter2" not in without_secrets(text)


def test_a_private_key_is_hidden_whole_even_where_its_end_is_missing() -> None:
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc"
    assert without_secrets(key) == HIDDEN
    assert without_secrets(f"{key}\n-----END RSA PRIVATE KEY-----") == HIDDEN


@pytest.mark.parametrize(
    "text",
    [
        "10.20.0.0/16", "arn:aws:iam::111111111111:role/ml-platform-administrators-of-all-environments", "db.m7g.large",
        "ml-platform-team", "Team-ML-Platform-2026-Risk-And-Fraud-Models",
        "arn:aws:secretsmanager:eu-west-1:111111111111:secret:ml-platform/registry", "111111111111", "eu-west-1a, eu-west-1b",
        "sun:03:30-sun:04:30",
        "one of autoscaling, ecr.api, secretsmanager, elasticloadbalancing", "^arn:aws:iam::\\d{12}:(role|user)/[A-Za-z0-9_+=,.@/-]+$",
    ],
)  # fmt: skip
def test_what_a_stack_file_rightly_holds_is_shown(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "key", ["password", "dbPassword", "DB_PASSWD", "api_token", "private_key", "privateKey", "client-secret", "credentials"]
)
def test_keys_that_are_called_like_secrets_are_known(key: str) -> None:
    assert names_a_secret(key)


@pytest.mark.parametrize("key", ["profile", "owner", "network", "cluster_admins", "cost_centre", "node_type", "actions", "namespace"])
def test_keys_of_settings_are_not_called_like_secrets(key: str) -> None:
    assert not names_a_secret(key)


@pytest.mark.parametrize("secret", [*SECRETS.values(), "hunter2"])
@pytest.mark.parametrize("key", ["password", "feature_store.registry.master_password", "observability.api_token"])
def test_an_unknown_key_for_a_secret_says_what_to_do_and_never_the_value(key: str, secret: str) -> None:
    *above, leaf = key.split(".")
    here = "".join(f"{'  ' * depth}    {part}:\n" for depth, part in enumerate(above))
    given = f"{here}{'  ' * len(above)}    {leaf}: {secret}\n"
    said = refusal(DEV.replace("    clusters:\n", f"{given}    clusters:\n"))
    assert f"{key}: got unknown key `{leaf}`" in said
    assert "use `--secret` or a reference to Secrets Manager" in said
    assert secret not in said


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "place", ["account: X", "profile: X", "region: [X]", "X: 1", "kind: X", "network: X", "network: {cidr: X}", "clusters: {X: {}}"]
)
def test_a_secret_in_any_place_is_not_shown(place: str, secret: str) -> None:
    given = place.replace("X", f'"{secret}"')
    said = refusal(f"config:\n  ml-platform:settings:\n    {given}\n{secret[:8]}: {secret}\n")
    assert secret not in said
    assert secret.removeprefix("v1:") not in said


def test_a_secret_is_hidden_before_a_long_value_is_cut() -> None:
    assert SECRETS["an AWS secret key"][:10] not in shown("x" * 100 + " " + SECRETS["an AWS secret key"])


def test_no_part_of_a_refusal_is_printed_as_control_characters_or_lines() -> None:
    line = Problem("a\nb", 'got "\x1b[31m\u202e"', "e", "r").line("s")
    assert line.isprintable()


def refusal(text: str) -> str:
    """What a stack file is refused with."""
    with pytest.raises(StackFileRefused) as refused:
        checked(parse(Path("alone", "Pulumi.dev.yaml"), text.encode()))
    return str(refused.value)
