"""A password user of something that is no AWS service: its passwords, and the secret that holds the newest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.order import known_after
from planning.passwords import password


@dataclass(frozen=True, kw_only=True)
class CredentialsArgs:
    secret: str
    """The physical name, which begins with the environment's."""
    key_arn: pulumi.Input[str]
    username: str
    generation: int
    """From 1. Raised by one, it makes another password, and the one before stays valid beside it."""
    fields: Mapping[str, pulumi.Input[str | int]]
    """What the secret holds besides `username` and `password`, such as `host`; as they were when the generation was raised last."""
    recovery_window_days: int
    """How long a deleted secret can be restored and its name is taken: 7 to 30, or 0, not at all."""


class Credentials(pulumi.ComponentResource):
    """A Secrets Manager secret, `{"username", "password", ...}`, with a version for each of the newest two generations.

    Passwords are made here and drawn anew in each run; the first that was made for a generation is kept, in the secret and, encrypted,
    in the state (docs/decisions/0015-passwords-are-made-in-the-program.md).
    """

    secret: pulumi.Output[str]
    """The secret's name, known once the newest password is its current version."""
    passwords: pulumi.Output[list[str]]
    """Those that are valid, the newest first: one, or two from the second generation on. A Pulumi secret."""

    def __init__(self, name: str, args: CredentialsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Credentials", name, None, opts)
        self._name, self._args = name, args
        secret = aws.secretsmanager.Secret(
            name,
            name=args.secret,
            description=f"Credentials of {args.username}",
            kms_key_id=args.key_arn,
            recovery_window_in_days=args.recovery_window_days,
            opts=pulumi.ResourceOptions(parent=self),
        )
        versions: list[aws.secretsmanager.SecretVersion] = []
        for generation in range(max(1, args.generation - 1), args.generation + 1):
            versions.append(self._put(secret, generation, [*versions]))
        self.secret = known_after(secret.name, versions)
        self.passwords = pulumi.Output.secret(pulumi.Output.all(*(_password(each) for each in reversed(versions))))
        self.register_outputs({"secret": self.secret})

    def _put(
        self, secret: aws.secretsmanager.Secret, generation: int, older: list[aws.secretsmanager.SecretVersion]
    ) -> aws.secretsmanager.SecretVersion:
        value = {"username": self._args.username, "password": password(), **self._args.fields}
        return aws.secretsmanager.SecretVersion(
            f"{self._name}-{generation}",
            secret_id=secret.id,
            secret_string=pulumi.Output.secret(pulumi.Output.json_dumps(value)),
            opts=pulumi.ResourceOptions(
                parent=self,
                # The version that is put last is the current one.
                depends_on=older,
                # Each run draws another password: the one that was made first stays.
                ignore_changes=["secretString"],
            ),
        )


def _password(version: aws.secretsmanager.SecretVersion) -> pulumi.Output[str]:
    def read(value: str | None) -> str:
        return json.loads(value or "{}")["password"]

    return version.secret_string.apply(read)
