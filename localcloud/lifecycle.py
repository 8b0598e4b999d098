"""Starting, stopping and forgetting a whole local cloud: AWS, control planes, servers and Pulumi state, which only fit together."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from localcloud import checkpoints, emulator, processes, stack_locks
from localcloud.emulator_server import SAVED
from localcloud.instance import Instance

Say = Callable[[str], None]

_KILLED = "killed-while-saving"


@dataclass(frozen=True)
class Status:
    """What runs and what is kept. Stacks are named as in the state, `PROJECT/STACK`."""

    endpoint: str | None
    processes: list[str]
    servers: list[str]
    clusters: list[str]
    stacks: list[str]


def start(instance: Instance, say: Say = print) -> None:
    """Brings the cloud up as the last stop left it, control planes and servers of databases and caches included. Idempotent.

    When it did not end through `stop`, what AWS and etcd held is lost or out of step: then both and the Pulumi state are
    discarded together, and it says so. A server that was killed is started again: a database recovers, a cache begins empty.
    Raises processes.ProcessFailed, toolchain.ToolMissing.
    """
    from localcloud.data_plane import servers
    from localcloud.kubernetes import control_plane
    from localcloud.kubernetes.layout import Layout

    with instance.locked("lifecycle"):
        ended = _ended_badly(instance)
        if ended:
            say(f"The local cloud did not stop cleanly ({', '.join(ended)} ended). Its AWS data, its Kubernetes data and the")
            say("Pulumi state of its stacks no longer fit together: all three are discarded, and everything starts empty.")
            _discard(instance)
        stack_locks.release_stale(instance, say)
        checkpoints.mend(instance, say)
        emulator.start(instance)
        with ThreadPoolExecutor(max_workers=1) as beside:
            answering = beside.submit(servers.start, instance)
            for key in control_plane.known(instance):
                settings = Layout(instance, key).settings()
                if settings is not None:
                    control_plane.start(instance, key, settings.version, service_cidr=settings.service_cidr)
            answering.result()


def stop(instance: Instance, say: Say = print) -> None:
    """Ends every process of the cloud and keeps what it holds for the next start. Idempotent.

    A stop that is cut short loses nothing: what it has told to end saves what it holds all the same, unless that is killed too.
    """
    from localcloud.data_plane import servers
    from localcloud.kubernetes import control_plane

    with instance.locked("lifecycle"):
        ended = _ended_badly(instance)
        if ended:
            say(f"{', '.join(ended)} had ended without a stop: the next start discards what the cloud held.")
            instance.path(_KILLED).touch()
        for key in control_plane.known(instance):
            control_plane.stop(instance, key)
        servers.stop(instance)
        if not emulator.stop(instance):
            say("The local AWS had to be killed before it had saved its state: the next start discards what the cloud held.")
            instance.path(_KILLED).touch()
        _stop_processes(instance)


def status(instance: Instance) -> Status:
    """What runs and what is kept, without starting or changing anything."""
    from localcloud.data_plane import servers
    from localcloud.kubernetes import control_plane

    up = processes.alive(instance, emulator.NAME)
    return Status(
        endpoint=emulator.endpoint(instance) if up else None,
        processes=processes.running(instance),
        servers=servers.lines(instance),
        clusters=[key.slug for key in control_plane.known(instance)],
        stacks=sorted(f"{path.parent.name}/{path.stem}" for path in instance.path("state", ".pulumi").glob("stacks/*/*.json")),
    )


def _ended_badly(instance: Instance) -> list[str]:
    # The others keep nothing, or, as databases do, recover: their successors simply start.
    stateful = [name for name in processes.lost(instance) if name.startswith("etcd")]
    # etcd writes as it goes, the emulator when it ends: only its mark tells whether it came to that.
    if emulator.NAME in processes.ended(instance) and not instance.path("emulator", SAVED).exists():
        stateful.insert(0, emulator.NAME)
    return [*stateful, *([emulator.NAME] if instance.path(_KILLED).exists() and not stateful else [])]


def _discard(instance: Instance) -> None:
    from localcloud.data_plane import servers
    from localcloud.kubernetes import control_plane

    for key in control_plane.known(instance):
        control_plane.delete(instance, key)
    servers.discard(instance)
    emulator.discard(instance)
    _stop_processes(instance)
    for name in ("state", "creating"):
        shutil.rmtree(instance.path(name), ignore_errors=True)
    shutil.rmtree(instance.path("kubeconfigs"), ignore_errors=True)
    instance.path(_KILLED).unlink(missing_ok=True)


def _stop_processes(instance: Instance) -> None:
    for name in {*processes.running(instance), *processes.ended(instance)}:
        processes.stop(instance, name)
    processes.end_unrecorded(instance)
