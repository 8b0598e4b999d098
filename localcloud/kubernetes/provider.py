"""The local Kubernetes provider, `pulumi-resource-kubernetes`: server-side apply to a real API server."""

from __future__ import annotations

import hashlib
import importlib.metadata
import subprocess

from localcloud import creating
from localcloud.instance import Instance
from localcloud.kubernetes import adoption, jobs
from localcloud.kubernetes.adoption import MANAGER
from localcloud.kubernetes.api import ApiError, Object, Unreachable
from localcloud.kubernetes.connection import Connection, explained, not_yet
from localcloud.kubernetes.differences import changes, observed
from localcloud.kubernetes.inputs import complete, failures, identity, is_autonamed, resource_id
from localcloud.kubernetes.kinds import TypeName, parse_type, replaced_by
from localcloud.kubernetes.objects import Objects, imported
from localcloud.kubernetes.settings import cluster_of, settings
from localcloud.provider.cancellation import Interrupted
from localcloud.provider.interface import Change, Checked, Difference, InitFailed, Provider, Refused, Target
from localcloud.provider.log import warn
from localcloud.provider.service import serve
from localcloud.provider.values import UNKNOWN, Properties, has_unknown


class KubernetesProvider(Provider):
    """Objects of the kinds in kinds.py, and custom resources of any kind that the cluster serves."""

    def __init__(self) -> None:
        self.version = importlib.metadata.version("pulumi_kubernetes")
        self._instance = Instance.here()
        self._connection: Connection | None = None

    def diff_config(self, old: Properties, new: Properties) -> Difference:
        """Replaces the provider, and with it everything made through it, when it leads to another cluster.

        A kubeconfig that is not known yet may be another cluster's: it replaces as well, as in the official provider.
        """
        before, after = settings(old), settings(new)
        if before.kubeconfig and after.kubeconfig:
            same = cluster_of(before.kubeconfig, before.context) == cluster_of(after.kubeconfig, after.context)
        else:
            same = False
        return Difference(changes(old, new, () if same else ("kubeconfig", "context")))

    def configure(self, arguments: Properties) -> None:
        self._connection = Connection(settings(arguments))
        creating.resume(self._instance, "kubernetes")

    def check(self, target: Target, old_inputs: Properties, new_inputs: Properties, seed: bytes) -> Checked:
        type_name = parse_type(target.type)
        old = old_inputs or adoption.begun(self._instance, target)
        # What the last update found out about the kind still holds: asking again would cost each preview a connection.
        before = identity(old_inputs)[0] if old_inputs else None
        namespaced = before is not None if old_inputs else self._cluster.namespaced(type_name)
        inputs = complete(target.name, old, new_inputs, seed, default_namespace=self._default(before, namespaced=namespaced))
        if old_inputs and not namespaced and changes(old_inputs, inputs, ()):
            # It is asked in a preview of the change anyway.
            namespaced = self._cluster.namespaced(type_name)
            inputs = complete(target.name, old, new_inputs, seed, default_namespace=self._default(before, namespaced=namespaced))
        return Checked(inputs, tuple(failures(inputs, type_name, namespaced=namespaced)))

    def diff(self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties) -> Difference:
        if new_inputs.get("metadata") is UNKNOWN:
            # So the engine asks, before it deletes something, who depends on its name: such an object could not stay.
            return Difference((Change("metadata", "update", replaces=True),))
        if identity(old_inputs)[0] is None and identity(new_inputs)[0] == self._cluster.settings.namespace:
            # Said of what belongs to no namespace, because the cluster could not be asked: no difference in the official provider either.
            new_inputs = {**new_inputs, "metadata": {key: each for key, each in new_inputs["metadata"].items() if key != "namespace"}}
        type_name = parse_type(target.type)
        paths = replaced_by(type_name, new_inputs, mutable_config_maps=self._cluster.settings.mutable_config_maps)
        found = changes(old_inputs, new_inputs, paths)
        replaces = any(change.replaces for change in found)
        # The new object cannot stand beside the old one under the same name.
        return Difference(found, replaces and not is_autonamed(new_inputs) and identity(old_inputs) == identity(new_inputs))

    def create(self, target: Target, inputs: Properties, *, preview: bool) -> tuple[str, Properties]:
        type_name, manager = parse_type(target.type), _manager(target)
        if preview:
            self._try_out(target, type_name, inputs, manager, new=True)
            return "", inputs
        with explained(_named(target)):
            objects = self._objects(type_name)
            if objects.kind.namespaced and not identity(inputs)[0]:
                raise Refused(f"{_named(target)}: {type_name} belongs to a namespace: give metadata.namespace")
            adoption.hand_over(self._instance, target, objects, inputs, manager)
            is_there = adoption.is_there(target, objects, inputs, manager)
        with adoption.remembered(self._instance, target, inputs):
            return resource_id(inputs), self._apply(target, inputs, manager, new=True, is_there=is_there)

    def read(self, target: Target, id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        type_name, manager = parse_type(target.type), state.get(MANAGER) or _manager(target)
        namespace, _, name = id.rpartition("/")
        with explained(_named(target)):
            objects = self._cluster.objects(type_name)
            live = None if objects is None else objects.get(namespace or None, name)
            if objects is None or live is None:
                return None
            if not inputs:
                return _state(live, manager), imported(live)
            desired = objects.desired(inputs, manager)
        return _state(live, manager), observed(inputs, desired if desired is not None else inputs, live)

    def update(
        self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties, *, preview: bool
    ) -> Properties:
        type_name, manager = parse_type(target.type), state.get(MANAGER) or _manager(target)
        if preview:
            self._try_out(target, type_name, new_inputs, manager, new=False)
            # What the server gave the object (its uid) stays known to those who use it.
            return {**state, **new_inputs, "metadata": {**state.get("metadata", {}), **new_inputs["metadata"]}}
        return self._apply(target, new_inputs, manager, new=False)

    def delete(self, target: Target, id: str, state: Properties) -> None:
        namespace, _, name = id.rpartition("/")
        with explained(_named(target)):
            objects = self._cluster.objects(parse_type(target.type))
            # Without its definition no custom resource is left.
            if objects is not None:
                objects.delete(namespace or None, name)

    @property
    def _cluster(self) -> Connection:
        if self._connection is None:
            raise Refused("the Kubernetes provider was used before it was configured: this is an error of the engine or of service.py")
        return self._connection

    def _default(self, before: str | None, *, namespaced: bool | None) -> str | None:
        """The namespace of an object that names none. A kubeconfig that is not known may have another one: then the old one is kept."""
        return (self._cluster.settings.namespace if self._cluster.known else before) if namespaced else None

    def _objects(self, type_name: TypeName) -> Objects:
        objects = self._cluster.objects(type_name)
        if objects is None:
            raise Refused(
                f"the cluster does not serve {type_name}: install its CustomResourceDefinition first, or correct apiVersion and kind"
            )
        return objects

    def _apply(self, target: Target, inputs: Properties, manager: str, *, new: bool, is_there: bool = False) -> Properties:
        """Sends the object, and returns its state when it is as asked for. From the sending on, a failure keeps what there is."""
        id = resource_id(inputs)
        with explained(_named(target)):
            objects = self._objects(parse_type(target.type))
            try:
                live = objects.apply(inputs, manager)
            except (ApiError, Unreachable, Refused) as error:
                if not is_there and (not new or isinstance(error, Refused) or not objects.may_exist(inputs, error)):
                    raise
                # Kept in the state, so that it is not orphaned: a refresh finds it, or forgets it.
                raise InitFailed(id, {**inputs, MANAGER: manager}, inputs, f"{_named(target)}: {error}") from error
        try:
            ready = objects.wait_until_ready(live)
            return _state(jobs.carry_out(self._instance, objects.api, parse_type(target.type), ready), manager)
        except (ApiError, Unreachable, TimeoutError, Interrupted, jobs.Failed, subprocess.TimeoutExpired) as error:
            raise InitFailed(id, _state(live, manager), inputs, f"{_named(target)}: {error}") from error

    def _try_out(self, target: Target, type_name: TypeName, inputs: Properties, manager: str, *, new: bool) -> None:
        """At preview: lets the API server check the object without storing it, where there is a server and all is known."""
        if not self._cluster.known or has_unknown(inputs):
            return
        try:
            objects = self._cluster.objects(type_name)
            namespace, name = identity(inputs)
            if objects is None:
                _not_checked(target, f"the cluster does not serve {type_name} yet")
            # Until the object that this one replaces is gone, the server would compare the two.
            elif not new or objects.get(namespace, name) is None:
                objects.apply(inputs, manager, dry_run=True)
        except Unreachable as error:
            _not_checked(target, str(error))
        except ApiError as error:
            if not not_yet(error):
                raise Refused(f"{_named(target)}: {error}") from error
            _not_checked(target, str(error))


def _not_checked(target: Target, why: str) -> None:
    warn(f"{_named(target)} was not checked by the API server: {why}")


def _named(target: Target) -> str:
    return f"{target.type} {target.name}"


def _manager(target: Target) -> str:
    """A field manager for each resource, as in the official provider; from its URN, so that a retried create knows its own."""
    return f"pulumi-kubernetes-{hashlib.sha256(target.urn.encode()).hexdigest()[:8]}"


def _state(live: Object, manager: str) -> Properties:
    """What is kept of a live object: all but the bookkeeping of field owners, which changes with every touch."""
    metadata = {name: value for name, value in live["metadata"].items() if name != "managedFields"}
    return {**live, "metadata": metadata, MANAGER: manager}


def main() -> None:
    """Serves the engine that started this process."""
    serve(KubernetesProvider())


if __name__ == "__main__":
    main()
