"""All that is asked of an environment."""

from operations.smoke import buckets, clusters, namespaces, online_store, registry, services
from operations.smoke.access import Access, Contract
from operations.smoke.check import Check
from operations.smoke.kubernetes import Api


def checks(found: Contract, access: Access) -> list[Check]:
    """In the order in which they are made: what rests on another comes after it."""
    apis = {each.cluster: Api(each, access.region) for each in found.clusters.clusters.values()}
    return [
        *services.checks(found, access),
        *buckets.checks(found, access),
        *registry.checks(found, access),
        *online_store.checks(found, access),
        *clusters.checks(found, access, apis),
        *namespaces.checks(found, access, apis),
    ]
