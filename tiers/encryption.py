"""The keys of an environment, one for each domain of its data."""

from collections.abc import Collection, Mapping

import pulumi

from components.key import Key, KeyArgs
from planning.documents import keys
from planning.documents.keys import Domain
from tiers.environment import Environment


def keys_by_domain(
    environment: Environment, volume_role: pulumi.Output[str], outliving: Collection[Domain], child: pulumi.ResourceOptions
) -> Mapping[Domain, pulumi.Output[str]]:
    """Makes the keys, and returns their ARNs. `volume_role` is the name, known once the role exists, of what launches nodes.
    Keys of `outliving` stay when the environment is destroyed."""
    return {
        domain: _key(domain, environment, _policy(domain, environment, volume_role), domain in outliving, child) for domain in keys.DOMAINS
    }


def _key(
    domain: Domain, environment: Environment, policy: pulumi.Input[str], outlives: bool, child: pulumi.ResourceOptions
) -> pulumi.Output[str]:
    args = KeyArgs(
        alias=environment.names.key_alias(domain),
        description=f"{domain.capitalize()} of {environment.names.deployment}",
        policy=policy,
        deletion_window_days=7 if environment.destroyable else 30,
        protected=environment.protected,
        outlives=outlives,
    )
    return Key(domain, args, child).arn


def _policy(domain: Domain, environment: Environment, volume_role: pulumi.Output[str]) -> pulumi.Input[str]:
    region, account = environment.region, environment.account
    if domain == "clusters":
        return volume_role.apply(
            lambda role: keys.domain_key(domain, region=region, account=account, own=keys.cluster_volumes(region, account, [role]))
        )
    own = keys.log_writers(region, account, environment.names.any_log_group) if domain == "logs" else ()
    return keys.domain_key(domain, region=region, account=account, own=own)
