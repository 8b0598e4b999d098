"""The provider's way to its cluster: made at first use, because at a first preview there is no cluster yet."""

from __future__ import annotations

import re
import threading
from collections.abc import Generator
from contextlib import contextmanager

from localcloud.kubernetes.api import Api, ApiError, NoCredentials, Unreachable
from localcloud.kubernetes.kinds import MODELLED, TypeName
from localcloud.kubernetes.objects import Objects
from localcloud.kubernetes.settings import Settings
from localcloud.provider.interface import Refused

_NO_PERMISSION = re.compile(r" cannot \w+ resource ")


class Connection:
    """One cluster, or none while its kubeconfig is not known."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._api: Api | None = None
        self._connecting = threading.Lock()

    @property
    def known(self) -> bool:
        return self.settings.kubeconfig is not None

    def objects(self, type_name: TypeName) -> Objects | None:
        """The cluster's objects of a kind; None when it does not serve the kind. Raises ApiError and Unreachable."""
        return Objects.of(self._connected(), type_name)

    def namespaced(self, type_name: TypeName) -> bool | None:
        """Whether objects of this kind live in namespaces; None when only a cluster could say and none can be asked."""
        modelled = MODELLED.get(type_name)
        if modelled is not None:
            return modelled.namespaced
        if not self.known:
            return None
        try:
            objects = self.objects(type_name)
        except NoCredentials:
            # So the official provider takes it, in whose previews such a cluster is none: IsNamespacedKind in its provider/pkg/clients.
            return True
        except (ApiError, Unreachable):
            # Whatever is sent next meets the same error, and says so with the resource's name.
            return None
        return None if objects is None else objects.kind.namespaced

    def _connected(self) -> Api:
        with self._connecting:
            if self._api is None:
                if self.settings.kubeconfig is None:
                    raise Unreachable("the provider's kubeconfig is not known")
                self._api = Api.connect(self.settings.kubeconfig, self.settings.context)
            return self._api


@contextmanager
def explained(what: str) -> Generator[None]:
    """Turns errors of the API server and of the connection into refusals that name `what` and, where there is one, the remedy."""
    try:
        yield
    except ApiError as error:
        remedy = ": the cluster does not know the caller; give its role an access entry" if error.status == 401 else ""
        raise Refused(f"{what}: {error}{remedy}") from error
    except Unreachable as error:
        raise Refused(f"{what}: {error}. If the local cloud is stopped: `python -m localcloud start`") from error


def not_yet(error: ApiError) -> bool:
    """Whether the error may be gone by the time of the update: the access entry, permission, namespace or kind is still missing."""
    return error.status in (401, 404) or (error.status == 403 and _NO_PERMISSION.search(error.message) is not None)
