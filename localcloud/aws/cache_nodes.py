"""Beside a replication group: the redis cluster that answers at its configuration endpoint."""

from __future__ import annotations

from localcloud import toolchain
from localcloud.aws import cache_users
from localcloud.aws.clients import Clients
from localcloud.data_plane import redis_cluster, redis_view
from localcloud.data_plane.layout import Key
from localcloud.instance import Instance
from localcloud.provider.values import Properties

_PORT = 6379


class _CacheNodes:
    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        """Replaces the emulator's invented endpoint by that of the first node; only cluster mode over TLS has nodes here."""
        programs = toolchain.data_plane()
        if programs is None or state.get("clusterMode") != "enabled" or not state.get("transitEncryptionEnabled"):
            return {}
        region, groups = state["region"], [*(state.get("userGroupIds") or [])]
        settings = redis_view.Settings(
            port=int(state.get("port") or _PORT),
            shards=int(state["numNodeGroups"]),
            replicas=int(state["replicasPerNodeGroup"]),
            user_groups=groups,
            parameters=_parameters(Clients(region, root_of=account), state.get("parameterGroupName")),
        )
        members = cache_users.users(instance, account, region, groups)
        address = redis_cluster.start(instance, _key(account, state), settings, programs, members)
        return {"configurationEndpointAddress": address}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        redis_cluster.delete(instance, _key(account, state))


def _parameters(clients: Clients, group: str | None) -> dict[str, str]:
    # AWS's own groups set nothing: their values are the engine's.
    if not group or group.startswith("default."):
        return {}
    found: dict[str, str] = {}
    marker = ""
    while True:
        request = {"CacheParameterGroupName": group, "Source": "user", **({"Marker": marker} if marker else {})}
        page = clients.call("elasticache", "describe_cache_parameters", request)
        found |= {each["ParameterName"]: each["ParameterValue"] for each in page["Parameters"] if _is_set(each)}
        marker = page.get("Marker", "")
        if not marker:
            return found


def _is_set(parameter: dict[str, str]) -> bool:
    # The emulator does not know the filter.
    return parameter["Source"] == "user" and bool(parameter.get("ParameterValue"))


def _key(account: str, state: Properties) -> Key:
    return Key("valkey", account, state["region"], state["replicationGroupId"])


CACHE_NODES = _CacheNodes()
