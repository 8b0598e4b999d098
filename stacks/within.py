"""What can only be seen by looking at several sections of one stack file."""

from collections.abc import Iterator, Mapping

from planning import add_ons, cache, capacity, database_image, endpoints, mysql, subnets
from planning.catalogue import ACCOUNTS_DIFFER, GPU_INSTANCE_TYPES, ZONES
from planning.names import Names
from planning.refusal import Refused
from planning.tenants import TenantNames
from stacks import pools, pull_requests
from stacks.models import Settings, Tenant, Tier
from stacks.problems import Problem, shown, suggestion

RESERVED_NAMESPACES = frozenset({"default", "feature-store", "serving", "training"})
_RESERVED_PREFIXES = ("kube-", "amazon-", "eks-")


def problems(settings: Settings) -> Iterator[Problem]:
    """Everything in which an environment's sections do not fit each other."""
    yield from _zones(settings)
    yield from _without_nat(settings)
    yield from _add_ons(settings)
    tiers: Mapping[str, Tier] = {"feature_store": settings.feature_store, "serving": settings.serving, "training": settings.training}
    for name, tier in tiers.items():
        if tier.cluster not in settings.clusters:
            known = list(settings.clusters)
            yield Problem(f"{name}.cluster", shown(tier.cluster), f"one of {', '.join(known)}", suggestion(tier.cluster, known))
        for unit, asked, limit in (
            ("cpu", tier.quota.cpu, tier.nodes.cpu_limit),
            ("memory_gib", tier.quota.memory_gib, tier.nodes.memory_limit_gib),
        ):
            if asked > limit:
                expected = f"at most nodes.{'cpu_limit' if unit == 'cpu' else 'memory_limit_gib'}, {limit}"
                yield Problem(f"{name}.quota.{unit}", str(asked), expected, "raise the nodes' limit, or lower the quota")
    yield from _addresses(settings, list(tiers.values()))
    yield from _replicas(settings)
    yield from _connections(settings)
    yield from _cache_users(settings)
    yield from _gpus(settings, tiers)
    yield from _decision_log(settings)
    if database_image.IMAGE not in settings.images:
        expected = f"{database_image.IMAGE} among them"
        yield Problem("images", shown(", ".join(settings.images)), expected, "add it: the Job that makes databases and users runs in it")
    yield from _runner(settings)
    yield from pull_requests.problems(settings)
    if settings.backup.copy_region == settings.region:
        yield Problem("backup.copy_region", shown(settings.region), "another region than the environment's", "name another region")


def of_tenant(tenant: Tenant) -> Iterator[Problem]:
    """Everything in which a tenant's sections do not fit each other."""
    for name in tenant.namespaces:
        if name in RESERVED_NAMESPACES or name.startswith(_RESERVED_PREFIXES):
            expected = f"none of {', '.join(sorted(RESERVED_NAMESPACES))}, nor one that begins with {', '.join(_RESERVED_PREFIXES)}"
            yield Problem(f"namespaces.{name}", f"namespace {shown(name)}", expected, f"rename it, to {tenant.environment}-{name} say")
    for account, role in tenant.roles.items():
        if role.namespace not in tenant.namespaces:
            known = list(tenant.namespaces)
            yield Problem(
                f"roles.{account}.namespace", shown(role.namespace), f"one of {', '.join(known)}", suggestion(role.namespace, known)
            )
    yield from _service_accounts(tenant)
    yield from pull_requests.of_tenant(tenant)


def _service_accounts(tenant: Tenant) -> Iterator[Problem]:
    names = TenantNames(Names(environment=tenant.platform, account=tenant.account), tenant.environment)
    for account in tenant.roles:
        if account == "default":
            expected = "a service account of its own: that one is every pod's which names none"
            yield Problem(f"roles.{account}", shown(account), expected, "rename it")
        try:
            names.role(account)
        except Refused as error:
            expected = f"a name whose role's name IAM takes: {error.got}; {error.expected}"
            yield Problem(f"roles.{account}", shown(account), expected, error.remedy.replace("the environment or the purpose", "it"))


def zones_of(settings: Settings) -> tuple[str, ...]:
    """The availability zones of an environment, in the order of their subnets."""
    network = settings.network
    return network.zone_names or ZONES[settings.region][: network.zones]


def _zones(settings: Settings) -> Iterator[Problem]:
    network, available = settings.network, ZONES[settings.region]
    for number, zone in enumerate(network.zone_names):
        if zone not in available:
            expected = f"one of {', '.join(available)}, the zones of {settings.region}"
            yield Problem(f"network.zone_names.{number}", shown(zone), expected, suggestion(zone, available))
    if settings.region in ACCOUNTS_DIFFER and not network.zone_names:
        expected = f"{network.zones} of {', '.join(available)}: not every account has all of them in {settings.region}"
        yield Problem("network.zone_names", "no names", expected, "name those that the account has: `aws ec2 describe-availability-zones`")
    if network.zones > len(available):
        expected = f"at most {len(available)} in {settings.region} ({', '.join(available)})"
        yield Problem("network.zones", str(network.zones), expected, "use fewer zones or another region")


def _without_nat(settings: Settings) -> Iterator[Problem]:
    network = settings.network
    missing = endpoints.missing(network.endpoints)
    if network.nat_gateways == "none" and missing:
        expected = f"{', '.join(missing)} too: with network.nat_gateways none, nodes have no other way there"
        yield Problem("network.endpoints", ", ".join(network.endpoints) or "no endpoints", expected, "add them, or set nat_gateways to one")


def _add_ons(settings: Settings) -> Iterator[Problem]:
    for name, cluster in settings.clusters.items():
        try:
            add_ons.pinned(cluster.version)
        except Refused as error:
            yield Problem(f"clusters.{name}.version", shown(cluster.version), error.expected, error.remedy)


def _addresses(settings: Settings, tiers: list[Tier]) -> Iterator[Problem]:
    network = settings.network
    made = [pool for name in settings.clusters for pool in pools.of_cluster(settings, name, zones_of(settings))]
    demand = capacity.Demand(
        vcpus=sum(pool.vcpus for pool in made),
        nodes=sum(pool.nodes for pool in made),
        pods=sum(tier.quota.pods for tier in tiers) + len(settings.clusters) * capacity.PODS_OF_EACH_CLUSTER,
        clusters=len(settings.clusters),
        endpoints=len(network.endpoints),
    )
    prefixes, singles = capacity.prefixes_needed(demand, network.zones), capacity.singles_needed(demand, network.zones)
    (first,) = subnets.plan(network.cidr, ("first",))
    wider = subnets.vpc_for(capacity.subnet_for(prefixes=prefixes, singles=singles))
    less = "lower the limits of nodes and quotas"
    remedy = less if wider is None else f"use a /{wider}, or {less}"
    fixed = f", {demand.nodes} nodes beside them" if demand.nodes else ""
    on = f"for {demand.vcpus} vCPUs{fixed} and {demand.pods} pods"
    for needs, needed, has in (
        (f"{prefixes} /28 prefixes each, {on}", prefixes, capacity.prefixes_of(first.private)),
        (f"{singles} addresses each beside prefixes, for nodes, clusters and endpoints", singles, capacity.singles_of(first.private)),
    ):
        if has < needed:
            expected = f"private subnets with {needs} with a zone lost; {first.private} has {has}"
            yield Problem("network.cidr", shown(network.cidr), expected, remedy)


def _cache_users(settings: Settings) -> Iterator[Problem]:
    names = Names(environment=settings.environment, account=settings.account)
    for number, project in enumerate(settings.feature_store.projects):
        try:
            for role in cache.ROLES:
                names.cache_user(f"{project}-{role}")
        except Refused as error:
            expected = f"a name whose users' names ElastiCache takes: {error.got}; {error.expected}"
            yield Problem(f"feature_store.projects.{number}", shown(project), expected, error.remedy)


def _replicas(settings: Settings) -> Iterator[Problem]:
    serving, zones = settings.serving, settings.network.zones
    desired = replicas_wanted(settings)
    why = f"{desired}, what the peak of {serving.traffic.peak_rps} requests/s needs with one of {zones} zones lost"
    if serving.replicas.min > desired:
        yield Problem("serving.replicas.min", str(serving.replicas.min), f"at most {why}", "lower min, or correct traffic")
    if serving.replicas.max < desired:
        yield Problem("serving.replicas.max", str(serving.replicas.max), f"at least {why}", "raise max, or correct traffic")
    for path, has, needs in (
        ("serving.quota.cpu", serving.quota.cpu, serving.replicas.max * serving.replicas.cpus),
        ("serving.quota.pods", serving.quota.pods, serving.replicas.max),
    ):
        if has < needs:
            expected = f"at least {needs}, for {serving.replicas.max} replicas of {serving.replicas.cpus} vCPUs"
            yield Problem(path, str(has), expected, "raise the quota, or lower replicas.max")


def _connections(settings: Settings) -> Iterator[Problem]:
    name = settings.feature_store.registry.instance_class
    pods, limit = settings.feature_store.quota.pods + settings.serving.replicas.max, mysql.max_connections(name)
    needed = mysql.connections_needed(pods)
    if limit is not None and limit < needed:
        expected = f"one for {needed} connections, of {pods} pods of the feature store and of serving, MLflow and jobs; it has {limit}"
        remedy = "use a larger class, or lower feature_store.quota.pods or serving.replicas.max"
        yield Problem("feature_store.registry.instance_class", shown(name), expected, remedy)


def replicas_wanted(settings: Settings) -> int:
    """Model servers that answer the peak with a zone lost."""
    traffic = settings.serving.traffic
    return capacity.replicas(
        peak_rps=traffic.peak_rps,
        cpu_ms_per_request=traffic.cpu_ms_per_request,
        target_utilisation_percent=traffic.target_utilisation_percent,
        cpus=settings.serving.replicas.cpus,
        zones=settings.network.zones,
    )


def _gpus(settings: Settings, tiers: Mapping[str, Tier]) -> Iterator[Problem]:
    nodes = settings.training.gpu_nodes
    for name, tier in tiers.items():
        limit = nodes.gpu_limit if nodes is not None and name == "training" else 0
        if tier.quota.gpus > limit:
            expected = f"at most {limit}, the GPUs of {'training.gpu_nodes' if limit else 'its nodes'}"
            yield Problem(f"{name}.quota.gpus", str(tier.quota.gpus), expected, "set training.gpu_nodes, or lower the quota")
    for number, name in enumerate(nodes.instance_types if nodes is not None else ()):
        gpu = GPU_INSTANCE_TYPES[name]
        path = f"training.gpu_nodes.instance_types.{number}"
        if gpu.architecture not in settings.training.nodes.architectures:
            expected = f"an architecture of training.nodes ({', '.join(settings.training.nodes.architectures)})"
            yield Problem(path, f"{shown(name)}, which is {gpu.architecture}", expected, "choose another type, or add the architecture")
        if nodes is not None and gpu.gpus > nodes.gpu_limit:
            yield Problem(path, f"{shown(name)}, which has {gpu.gpus} GPUs", f"at most gpu_limit, {nodes.gpu_limit}", "raise gpu_limit")


def unreached(settings: Settings) -> tuple[str, ...]:
    """The clusters whose API nobody reaches: neither the runner of CI nor a range of theirs."""
    if settings.ci is not None and settings.ci.runner:
        return ()
    return tuple(name for name, each in settings.clusters.items() if not (each.public_access_cidrs or each.private_access_cidrs))


def _runner(settings: Settings) -> Iterator[Problem]:
    # Without `ci` it is a warning (stacks/settings.py): no profile can know a range, nor new_stack.py a repository.
    for name in unreached(settings) if settings.ci is not None else ():
        expected = f"true: the API of clusters.{name} is reached only from inside the VPC"
        remedy = f"run jobs there, or list where CI comes from in clusters.{name}.private_access_cidrs or public_access_cidrs"
        yield Problem("ci.runner", "false", expected, remedy)


def _decision_log(settings: Settings) -> Iterator[Problem]:
    log, path = settings.feature_store.decision_log, "feature_store.decision_log.lock"
    if settings.data_classification == "pii" and log.retention_days is not None and log.lock == "none":
        expected = "governance (data_classification is pii)"
        yield Problem(path, shown(log.lock), expected, "lock it, or correct data_classification")
    if settings.destroyable and log.lock != "none":
        expected = "none: destroyable says that everything can be deleted, and locked decisions cannot"
        yield Problem(path, shown(log.lock), expected, "remove the lock, or set destroyable to false")
