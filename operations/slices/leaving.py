"""Deleting the environment of a pull request, so that nothing is left of it."""

import json
from typing import Any

import contract
from operations.slices import environments, tagged
from operations.slices.place import Place
from operations.slices.retirement import retire
from operations.slices.tagged import Tagged
from planning import feast_projects
from scripts import sweep
from scripts.deployed import Refused
from scripts.leftovers import KINDS

_MOST_OBJECTS = 1000
"""Of one request: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html."""


def destroy(here: Place, stack: str) -> Tagged | None:
    """Deletes everything of an environment, what its pods and controllers made included, and forgets it. Nothing there is no error.

    Returns what AWS lists after that with its tag, which may be there for minutes after it is deleted. Raises Refused and
    KeyboardInterrupt; the same again goes on from there.
    """
    backend = here.backend
    if backend.has(stack):
        here.must_be_ours(stack)
        found = backend.recorded(stack)
        is_slice = not found.whole and backend.kind(stack) == "slice"
        if is_slice and found.expires is not None:
            retire(here, stack, found.expires)
        backend.destroy(stack)
        if is_slice:
            _delete_objects(here, stack)
        _sweep(here.platform.region, here.deployment(stack))
        backend.forget(stack)
    here.stack_file(stack).unlink(missing_ok=True)
    return tagged.by_stack(here.platform.region).get(stack)


def _delete_objects(here: Place, stack: str) -> None:
    """What its pods wrote below its prefix, in every version. Without a platform there are no buckets either."""
    import boto3

    region = here.platform.region
    ssm: Any = boto3.client("ssm", region_name=region)
    name = contract.parameter_name(here.platform.environment, "feature_store")
    try:
        # Of a platform that is older or newer than the checkout, too: no more of its contract is read than is needed.
        store = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        return
    prefix = f"{feast_projects.of_tenant(environments.feast_project_of(stack), stack)}/"
    s3: Any = boto3.client("s3", region_name=region)
    for bucket in (store["offline_bucket"], store["staging_bucket"]):
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix, MaxKeys=_MOST_OBJECTS)
        for page in pages:
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            refused = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}).get("Errors") if objects else None
            if refused:
                first = f"{refused[0]['Key']}: {refused[0].get('Message', refused[0].get('Code'))}"
                raise Refused(f"{len(refused)} objects of {stack} in {bucket} were not deleted, the first {first}; do the same again")


def _sweep(region: str, deployment: str) -> None:
    """Raises Refused while anything is left: once the stack is forgotten, nobody would look for it again."""
    clients = sweep.clients_of(region)
    for kind in KINDS:
        for line in sweep.delete(kind, clients, deployment):
            print(line, flush=True)
    left = [each.id for kind in KINDS for each in kind.find(clients, deployment)]
    if left:
        raise Refused(f"{', '.join(left)} of {deployment} are still there; expected nothing; do the same again")
