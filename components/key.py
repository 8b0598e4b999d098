"""An encryption key."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class KeyArgs:
    alias: str
    description: str
    policy: pulumi.Input[str]
    """Known only once whoever it names exists: KMS refuses a policy that names nobody."""
    deletion_window_days: int
    """How long a deleted key can still be rescued; AWS allows 7 to 30."""
    protected: bool
    """Whether Pulumi refuses to delete it."""
    outlives: bool = False
    """Whether destroying it deletes nothing in AWS: for a key of what has to be read after the environment is gone."""


class Key(pulumi.ComponentResource):
    """A KMS key that rotates every year, under an alias, which goes with the environment in any case."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: KeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Key", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            name,
            description=args.description,
            policy=args.policy,
            enable_key_rotation=True,
            deletion_window_in_days=args.deletion_window_days,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protected, retain_on_delete=args.outlives),
        )
        aws.kms.Alias(name, name=args.alias, target_key_id=key.key_id, opts=child)
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
