"""Databases and users inside of a database server."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from planning.egress import REACHES_AWS
from planning.node_pools import LABEL

STATEMENTS = "ml-platform/database-statements"
"""The annotation of such a Job that names the ConfigMap with its statements."""

_MOUNTED_AT = "/databases"
_USER = 65532


@dataclass(frozen=True, kw_only=True)
class DatabaseJobArgs:
    namespace: pulumi.Input[str]
    service_account: pulumi.Input[str]
    """Known only once pods of it get the credentials of their role."""
    node_pool: pulumi.Input[str]
    priority_class: pulumi.Input[str]
    image: str
    ca_bundle: str
    """Where the image has the certificates of the server's authority."""
    script: str
    """What is run: a Python program that takes the directory of the statements."""
    statements: Sequence[Mapping[str, object]]
    users: Mapping[str, Mapping[str, pulumi.Input[str | int]]]
    """By name: how each proves who it is, and the name of the secret that has its password."""
    clauses: Mapping[str, str]
    """How the server is told so."""
    host: pulumi.Input[str]
    port: pulumi.Input[int]
    master_secret: pulumi.Input[str]
    """The secret of who makes the users."""


class DatabaseJob(pulumi.ComponentResource):
    """A Kubernetes Job that runs statements, which hold no secret, in a database server.

    It runs again, as another Job, whenever it would do something else. Nothing waits for its end: until its image is pushed, its pod
    waits in ImagePullBackOff, and goes on by itself.
    """

    job: pulumi.Output[str]
    """Its name."""

    def __init__(self, name: str, args: DatabaseJobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:DatabaseJob", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        files = pulumi.Output.json_dumps(args.users, sort_keys=True).apply(
            lambda users: {
                "run.py": args.script,
                "statements.json": json.dumps(args.statements),
                "users.json": users,
                "clauses.json": json.dumps(args.clauses),
            }
        )
        # A Job's template cannot change, nor should what a running one has mounted: whatever differs has another name.
        unique = files.apply(lambda data: f"{name}-{_digest([args.image, *data.values()])}")
        config_map = kubernetes.core.v1.ConfigMap(
            name, metadata=kubernetes.meta.v1.ObjectMetaArgs(name=unique, namespace=args.namespace), immutable=True, data=files, opts=child
        )
        statements = config_map.metadata.apply(lambda metadata: metadata.name or "")
        labels = {"app.kubernetes.io/name": name}
        self.job = kubernetes.batch.v1.Job(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=unique,
                namespace=args.namespace,
                labels=labels,
                # No pod runs before its image is pushed, and the image is pushed to a repository of the same stack.
                annotations={"pulumi.com/skipAwait": "true", STATEMENTS: statements},
            ),
            spec=kubernetes.batch.v1.JobSpecArgs(
                # About ten minutes of retries, which wait longer each time: a new instance is reached within them.
                backoff_limit=6,
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels={**labels, REACHES_AWS: "true"}), spec=_pod(args, statements)
                ),
            ),
            opts=child,
        ).metadata.apply(lambda metadata: metadata.name or "")
        self.register_outputs({"job": self.job})


def _pod(args: DatabaseJobArgs, statements: pulumi.Output[str]) -> kubernetes.core.v1.PodSpecArgs:
    environment: dict[str, pulumi.Input[str]] = {
        "DATABASE_HOST": args.host,
        "DATABASE_PORT": pulumi.Output.from_input(args.port).apply(str),
        "DATABASE_CA": args.ca_bundle,
        "MASTER_SECRET": args.master_secret,
    }
    return kubernetes.core.v1.PodSpecArgs(
        service_account_name=args.service_account,
        automount_service_account_token=False,
        restart_policy="OnFailure",
        priority_class_name=args.priority_class,
        node_selector={LABEL: args.node_pool},
        security_context=kubernetes.core.v1.PodSecurityContextArgs(
            run_as_non_root=True, run_as_user=_USER, seccomp_profile=kubernetes.core.v1.SeccompProfileArgs(type="RuntimeDefault")
        ),
        containers=[
            kubernetes.core.v1.ContainerArgs(
                name="databases",
                image=args.image,
                command=["python", f"{_MOUNTED_AT}/run.py", _MOUNTED_AT],
                env=[kubernetes.core.v1.EnvVarArgs(name=key, value=value) for key, value in environment.items()],
                resources=kubernetes.core.v1.ResourceRequirementsArgs(
                    requests={"cpu": "100m", "memory": "128Mi"}, limits={"memory": "256Mi"}
                ),
                security_context=kubernetes.core.v1.SecurityContextArgs(
                    allow_privilege_escalation=False,
                    read_only_root_filesystem=True,
                    capabilities=kubernetes.core.v1.CapabilitiesArgs(drop=["ALL"]),
                ),
                volume_mounts=[kubernetes.core.v1.VolumeMountArgs(name="statements", mount_path=_MOUNTED_AT, read_only=True)],
            )
        ],
        volumes=[
            kubernetes.core.v1.VolumeArgs(name="statements", config_map=kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=statements))
        ],
    )


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]
