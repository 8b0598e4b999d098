"""What a tenant's things are called in AWS.

They begin with the platform's name, for its boundary and its role of CI end there, and none is one of the platform's own: in names of
roles `_`, and in those of secrets `/`, stands after the tenant's, which has neither.
"""

from dataclasses import dataclass
from typing import get_args

from planning import tenant_databases
from planning.cache import Role
from planning.databases import Right
from planning.names import PROJECT, PULL_REQUESTS, Names

_CACHE_USERS: dict[Role, str] = {"writer": "rw", "reader": "ro"}


@dataclass(frozen=True)
class TenantNames:
    """The names of one tenant of one platform. Every method raises Refused for a name that AWS would not take."""

    platform: Names
    tenant: str

    def role(self, service_account: str) -> str:
        return self.platform.role(f"tenant-{self.tenant}_{service_account}")

    def registry_secret(self, right: Right) -> str:
        """What holds the password of the user of its database who has this right."""
        return self._secret(f"registry-{right}")

    def online_store_secret(self, role: Role) -> str:
        return self._secret(f"online-store-{role}")

    @property
    def secrets(self) -> tuple[str, ...]:
        """All of them."""
        registry = (self.registry_secret(right) for right in tenant_databases.RIGHTS)
        return (*registry, *(self.online_store_secret(role) for role in get_args(Role)))

    def cache_user(self, role: Role) -> str:
        """At most 38 of 40 characters. The platform's own users end otherwise."""
        return self.platform.cache_user(f"t-{self.tenant}-{_CACHE_USERS[role]}")

    def _secret(self, user: str) -> str:
        return f"{self.platform.secret('tenant', self.tenant)}/{user}"


def any_registry_secret(platform: Names) -> str:
    """A pattern that matches the secrets of the MySQL users of all tenants of a platform, and none of the platform's own."""
    return f"{platform.environment}-tenant-*/registry-*"


@dataclass(frozen=True)
class OfPullRequests:
    """Patterns that match what the slices of pull requests are called on their platform, and nothing else that is there."""

    platform: Names

    @property
    def roles(self) -> str:
        return f"{self.platform.environment}-tenant-{PULL_REQUESTS}*_*"

    @property
    def secrets(self) -> str:
        return f"{self.platform.environment}-tenant-{PULL_REQUESTS}*/*"

    @property
    def cache_users(self) -> tuple[str, ...]:
        return tuple(f"{self.platform.environment}-t-{PULL_REQUESTS}*-{end}" for end in _CACHE_USERS.values())

    @property
    def parameters(self) -> str:
        """Of their contracts."""
        return f"/{PROJECT}/{self.platform.environment}/tenants/{PULL_REQUESTS}*"

    @property
    def prefixes(self) -> str:
        """Of their projects, in the platform's buckets."""
        return f"{PULL_REQUESTS.replace('-', '_')}*"
