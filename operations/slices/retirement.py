"""Dropping the database and users of a slice before it is destroyed, which runs nothing: docs/decisions/0017."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from time import sleep
from typing import Any

from operations.slices import environments
from operations.slices.place import Place
from scripts.deployed import Refused
from scripts.retire import DATABASE_JOB
from scripts.sweep import LONGEST_SECONDS, pauses

_JOB = "kubernetes:batch/v1:Job"


def retire(here: Place, stack: str, expires: date) -> None:
    """Updates its Job alone, whatever else the checkout says now, and waits until that is complete. Raises Refused, KeyboardInterrupt.

    A slice that was never made so far has no Job, and no database.
    """
    parts = [each["urn"] for each in here.backend.resources(stack) if DATABASE_JOB in each["urn"]]
    if not parts:
        return
    settings = environments.settings_of("slice", here.platform, environments.pull_request_of(stack), expires)
    retiring = {**settings, "retiring": f"{datetime.now(UTC):%Y%m%d-%H%M%S}"}
    here.stack_file(stack).write_text(environments.text(retiring), encoding="utf-8")
    here.backend.update(stack, parts)
    for seconds in pauses():
        if seconds:
            sleep(seconds)
            here.backend.refresh(stack, parts)
        if _is_complete(here, stack):
            return
    raise Refused(
        f"the Job that drops the database of {stack} is not complete after {LONGEST_SECONDS} s, and nothing is destroyed: see"
        " `kubectl --namespace feature-store get jobs,pods`; where its image is missing, docs/procedures/push-the-database-image.md"
    )


def _is_complete(here: Place, stack: str) -> bool:
    """Every Job of it: the one before is gone from the state when the next one is made."""
    jobs = [each for each in here.backend.resources(stack) if each["type"] == _JOB and DATABASE_JOB in each["urn"]]
    return all(_has_ended_well(each.get("outputs", {})) for each in jobs)


def _has_ended_well(job: Mapping[str, Any]) -> bool:
    """https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions"""
    conditions = (job.get("status") or {}).get("conditions") or []
    return any(each.get("type") == "Complete" and each.get("status") == "True" for each in conditions)
