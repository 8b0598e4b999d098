"""What the roles of a tenant may do: in its own prefixes of the platform's buckets, and with its own secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning import arns
from planning.actions import TenantAction
from planning.documents.keys import Service
from planning.documents.statements import allow, document
from planning.documents.workloads import ANY_SUFFIX

_LIST = "s3:ListBucket"


@dataclass(frozen=True, kw_only=True)
class Own:
    """What is the tenant's."""

    region: str
    account: str
    buckets: Sequence[str]
    """Names of those of the platform in which it has a prefix."""
    prefix: str
    """Ends with `/`."""
    secrets: Sequence[str]
    """Their names."""


def rights(actions: Sequence[TenantAction], own: Own) -> Mapping[str, str]:
    """Documents by name that allow these actions on what is the tenant's, and nowhere else."""
    in_buckets = sorted(action for action in actions if action.startswith("s3:") and action != _LIST)
    with_secrets = sorted(action for action in actions if action.startswith("secretsmanager:"))
    names = [arns.bucket(bucket) for bucket in own.buckets]
    objects = [
        *([allow("List", _LIST, resources=names, conditions={"StringLike": {"s3:prefix": f"{own.prefix}*"}})] if _LIST in actions else []),
        *([allow("Objects", in_buckets, resources=[f"{name}/{own.prefix}*" for name in names])] if in_buckets else []),
    ]
    secrets = [arns.secret(own.region, own.account, f"{name}{ANY_SUFFIX}") for name in own.secrets]
    return {
        **({"buckets": document(*objects)} if objects else {}),
        **({"secrets": document(allow("Secrets", with_secrets, resources=secrets))} if with_secrets else {}),
    }


def services(actions: Sequence[TenantAction]) -> tuple[Service, ...]:
    """Through which services these actions use the key of the data."""
    used: tuple[Service, ...] = ("s3", "secretsmanager")
    return tuple(service for service in used if any(action.startswith(f"{service}:") for action in actions))
