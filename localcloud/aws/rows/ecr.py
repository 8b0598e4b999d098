"""ECR: repositories and what becomes of their images."""

from __future__ import annotations

from localcloud.aws.row import Call, Effect, Read, Row

ROWS = (
    Row(
        "aws:ecr/repository:Repository",
        service="ecr",
        id="name",
        create=(
            Call(
                "create_repository",
                """{repositoryName: name, imageTagMutability: imageTagMutability, imageScanningConfiguration: imageScanningConfiguration,
                    encryptionConfiguration: encryptionConfigurations[0].{encryptionType: encryptionType || 'AES256', kmsKey: kmsKey},
                    tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_repositories",
                "{repositoryNames: [id]}",
                """repositories[0].{name: repositoryName, arn: repositoryArn, registryId: registryId, repositoryUrl: repositoryUri,
                    imageTagMutability: imageTagMutability, imageScanningConfiguration: imageScanningConfiguration,
                    encryptionConfigurations: encryptionConfiguration}""",
            ),
        ),
        update=(
            Call("put_image_tag_mutability", "{repositoryName: id, imageTagMutability: imageTagMutability}"),
            Call("put_image_scanning_configuration", "{repositoryName: id, imageScanningConfiguration: imageScanningConfiguration}"),
        ),
        delete=(Call("delete_repository", "{repositoryName: id, force: forceDelete}"),),
        gone=("RepositoryNotFoundException",),
        tags="ecr",
        left_as_is=("imageScanningConfiguration", "encryptionConfigurations"),
        unread={"forceDelete": Effect("the repository is deleted with the images that are in it")},
    ),
    Row(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        service="ecr",
        id="repository",
        create=(Call("put_lifecycle_policy", "{repositoryName: repository, lifecyclePolicyText: policy}"),),
        read=(
            Read(
                "get_lifecycle_policy",
                "{repositoryName: id}",
                "{repository: repositoryName, registryId: registryId, policy: lifecyclePolicyText}",
            ),
        ),
        delete=(Call("delete_lifecycle_policy", "{repositoryName: id}"),),
        gone=("RepositoryNotFoundException", "LifecyclePolicyNotFoundException"),
        # Made first, the new policy would take the place of the old one, and go with it.
        deletes_first=True,
    ),
)
