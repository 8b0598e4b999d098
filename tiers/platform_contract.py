"""What a tenant is told of its platform: the contract, read from SSM."""

from dataclasses import dataclass
from typing import TypeVar

import pulumi
import pulumi_aws as aws
from pydantic import ValidationError

import contract

S = TypeVar("S", bound=contract.Section)


class PlatformUnknown(pulumi.RunError):
    """The platform's contract is not there, or not what this program reads. Nothing has been registered but the provider."""


@dataclass(frozen=True, kw_only=True)
class PlatformContract:
    """Sections that a tenant is made from, as they are in the account now: at preview too."""

    foundation: contract.Foundation
    network: contract.Network
    clusters: contract.Clusters
    feature_store: contract.FeatureStore

    @property
    def cluster(self) -> contract.Cluster:
        """The cluster of the feature store: its nodes are those that reach the registry and the online store."""
        return next(each for each in self.clusters.clusters.values() if each.cluster == self.feature_store.cluster)


def read(platform: str, provider: aws.Provider) -> PlatformContract:
    """Raises PlatformUnknown with the remedy."""

    def section(model: type[S], name: str) -> S:
        parameter = contract.parameter_name(platform, name)
        text = _parameter(platform, parameter, provider)
        try:
            return model.model_validate_json(text)
        except ValidationError as error:
            wrong = ", ".join(".".join(str(part) for part in each["loc"]) for each in error.errors())
            remedy = f"bring {platform} up with this version of the program first"
            raise PlatformUnknown(
                f"got {parameter}, whose {wrong} differ; expected what contract.{model.__name__} says; {remedy}"
            ) from None

    return PlatformContract(
        foundation=section(contract.Foundation, "foundation"),
        network=section(contract.Network, "network"),
        clusters=section(contract.Clusters, "clusters"),
        feature_store=section(contract.FeatureStore, "feature_store"),
    )


def _parameter(platform: str, name: str, provider: aws.Provider) -> str:
    try:
        return aws.ssm.get_parameter(name=name, opts=pulumi.InvokeOptions(parent=provider, provider=provider)).insecure_value
    # The SDK raises nothing narrower for a call that the provider refuses.
    except Exception as error:
        remedy = f"bring {platform} up, or correct `platform`, account and region"
        raise PlatformUnknown(f"got no SSM parameter {name} ({error}); expected the contract of {platform}; {remedy}") from error
