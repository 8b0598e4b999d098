"""A place for the images of one program."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True)
class RepositoryArgs:
    repository: str
    key_arn: pulumi.Input[str]
    lifecycle: str
    """Which images expire: planning.images."""
    destroyable: bool
    """Whether images go with it; if not, ECR refuses to delete it while it has any."""


class Repository(pulumi.ComponentResource):
    """An ECR repository: encrypted, scanned on push, its tags never moved."""

    url: pulumi.Output[str]

    def __init__(self, name: str, args: RepositoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:Repository", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        repository = aws.ecr.Repository(
            name,
            name=args.repository,
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            encryption_configurations=[aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS", kms_key=args.key_arn)],
            force_delete=args.destroyable,
            opts=child,
        )
        aws.ecr.LifecyclePolicy(name, repository=repository.name, policy=args.lifecycle, opts=child)
        self.url = repository.repository_url
        self.register_outputs({"url": self.url})
