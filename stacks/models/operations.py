"""Who is told, what is spent, and where copies are kept."""

from typing import Annotated

from pydantic import AfterValidator, Field

from stacks.fields import Email, Positive, Region, different
from stacks.models.base import NOT_BUILT, Model


class Observability(Model):
    """Who hears of alarms, and of the bill."""

    alarm_emails: Annotated[tuple[Email, ...], Field(max_length=10), AfterValidator(different)] = ()
    """Who is on call: these addresses are subscribed to the alarm topic, and confirm it once. A budget tells 10 at most."""
    budget_usd_per_month: Positive | None = None
    """At 80 and 100 % of it, and when it will not last, the alarm topic and alarm_emails are told. Without it there is no budget."""


class Backup(Model):
    """Copies beyond each service's own."""

    vault_retention_days: Annotated[Annotated[int, Field(ge=7, le=3650)] | None, NOT_BUILT] = None
    """How long AWS Backup keeps recovery points, under a vault lock; without it there is no vault."""
    copy_region: Annotated[Region | None, NOT_BUILT] = None
    """The other region to which recovery points and buckets are copied."""
    restore_testing: Annotated[bool, NOT_BUILT] = False
    """Whether AWS Backup restores and checks a recovery point every month."""
