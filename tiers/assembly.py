"""A stack, put together: a platform, or a tenant of one."""

from collections.abc import Mapping
from typing import Any

import pulumi

from planning.documents.keys import Domain
from planning.subnets import DNS_ADDRESS, service_address
from stacks import models, pools
from stacks.within import replicas_wanted, zones_of
from tiers import tenant
from tiers.ci import Ci, CiArgs
from tiers.clusters import Clusters, ClustersArgs
from tiers.environment import Environment, provider
from tiers.feature_store import FeatureStore
from tiers.feature_store_args import FeatureStoreArgs
from tiers.foundation import Foundation, FoundationArgs
from tiers.network import Network, NetworkArgs
from tiers.serving import Serving, ServingArgs
from tiers.training import Training, TrainingArgs
from tiers.workspace import Place


def assemble(settings: models.Settings | models.Tenant) -> Mapping[str, Any]:
    """Registers one stack, and returns what it publishes by the name of each section (contract.py)."""
    return tenant.assemble(settings) if isinstance(settings, models.Tenant) else _platform(settings)


def _platform(settings: models.Settings) -> Mapping[str, Any]:
    environment = Environment.of(settings)
    account = provider("aws", environment.account, environment.region, environment.tags)
    in_account = pulumi.ResourceOptions(provider=account)

    foundation = Foundation(
        "foundation",
        FoundationArgs(
            environment=environment,
            audit_retention_days=settings.audit_retention_days,
            images=settings.images,
            observability=settings.observability,
            boundary=settings.boundary,
            ci=settings.ci,
            replicas=settings.feature_store.replicas,
            # Locked decisions stay, and are worth nothing without their key.
            outliving_keys=("features",) if settings.feature_store.decision_log.lock != "none" else (),
        ),
        in_account,
    )
    network = Network("network", _network(environment, settings, foundation), in_account)
    clusters = Clusters("clusters", _clusters(environment, settings, foundation, network), in_account)

    if settings.ci is not None and settings.ci.runner:
        Ci("ci", _ci(environment, settings.ci, foundation, network, clusters), in_account)

    def place(tier: models.Tier, domain: Domain) -> Place:
        return _place(environment, settings, foundation, network, clusters, tier, domain)

    stored = _feature_store(settings, place(settings.feature_store, "features"), foundation, network, clusters)
    feature_store = FeatureStore("feature-store", stored, in_account)
    serving = Serving(
        "serving",
        ServingArgs(
            place=place(settings.serving, "models"),
            serving=settings.serving,
            feature_store=feature_store.published,
            zones=zones_of(settings),
            replicas_wanted=replicas_wanted(settings),
        ),
        in_account,
    )
    training = Training(
        "training",
        TrainingArgs(place=place(settings.training, "models"), training=settings.training, feature_store=feature_store.published),
        in_account,
    )
    return {
        "foundation": foundation.published,
        "network": network.published,
        "clusters": clusters.published,
        "feature_store": feature_store.published,
        "serving": serving.published,
        "training": training.published,
        "kubeconfigs": clusters.kubeconfigs,
    }


def _network(environment: Environment, settings: models.Settings, foundation: Foundation) -> NetworkArgs:
    return NetworkArgs(
        environment=environment,
        network=settings.network,
        zones=zones_of(settings),
        audit_bucket_arn=foundation.audit_bucket_arn,
    )


def _clusters(environment: Environment, settings: models.Settings, foundation: Foundation, network: Network) -> ClustersArgs:
    return ClustersArgs(
        environment=environment,
        clusters=settings.clusters,
        access=settings.access,
        pools={name: pools.of_cluster(settings, name, zones_of(settings)) for name in settings.clusters},
        cluster_role_arn=foundation.cluster_role_arn,
        node_role_arn=foundation.node_role_arn,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        node_subnet_ids=network.node_subnet_ids,
        service_cidr=settings.network.service_cidr,
        key_arn=foundation.keys["clusters"],
        log_key_arn=foundation.keys["logs"],
        boundary_arn=foundation.boundary_arn,
    )


def _place(
    environment: Environment,
    settings: models.Settings,
    foundation: Foundation,
    network: Network,
    clusters: Clusters,
    tier: models.Tier,
    domain: Domain,
) -> Place:
    return Place(
        environment=environment,
        host=clusters.hosts[tier.cluster],
        node_subnet_ids=network.node_subnet_ids,
        dns_cidrs=[service_address(settings.network.service_cidr, DNS_ADDRESS), *network.private_cidrs],
        data_cidrs=network.data_cidrs,
        key_arn=foundation.keys[domain],
        volume_key_arn=foundation.keys["clusters"],
        log_key_arn=foundation.keys["logs"],
        boundary_arn=foundation.boundary_arn,
        logs_bucket=foundation.logs_bucket,
    )


def _feature_store(
    settings: models.Settings, place: Place, foundation: Foundation, network: Network, clusters: Clusters
) -> FeatureStoreArgs:
    def nodes_of(*tiers: models.Tier) -> dict[str, pulumi.Output[str]]:
        return {tier.cluster: clusters.hosts[tier.cluster].security_group_id for tier in tiers}

    return FeatureStoreArgs(
        place=place,
        feature_store=settings.feature_store,
        # Whoever uses Feast reads the registry; trainers take features from the offline store.
        registry_clients=nodes_of(settings.feature_store, settings.serving, settings.training),
        online_store_clients=nodes_of(settings.feature_store, settings.serving),
        vpc_id=network.vpc_id,
        data_subnet_ids=network.data_subnet_ids,
        alarm_topic_arn=foundation.alarm_topic_arn,
    )


def _ci(environment: Environment, ci: models.Ci, foundation: Foundation, network: Network, clusters: Clusters) -> CiArgs:
    return CiArgs(
        environment=environment,
        repository=ci.github_repository,
        boundary_arn=foundation.boundary_arn,
        vpc_id=network.vpc_id,
        subnet_ids=network.private_subnet_ids,
        hosts=clusters.hosts,
        log_key_arn=foundation.keys["logs"],
        log_retention_days=ci.log_retention_days,
    )
