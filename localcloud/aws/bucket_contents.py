"""What is in a bucket: removed before the bucket when `forceDestroy` is in the state, as the official provider does."""

from __future__ import annotations

from localcloud.aws.clients import CallFailed, Clients
from localcloud.instance import Instance
from localcloud.provider.values import Properties


class _BucketContents:
    def ensure(self, instance: Instance, account: str, state: Properties) -> Properties:
        return {}

    def remove(self, instance: Instance, account: str, state: Properties) -> None:
        if not state.get("forceDestroy"):
            return
        clients, bucket = Clients(state["region"]), state["bucket"]
        while True:
            try:
                page = clients.call("s3", "list_object_versions", {"Bucket": bucket})
            except CallFailed as error:
                if error.code == "NoSuchBucket":
                    return
                raise
            versions = [
                {"Key": each["Key"], "VersionId": each["VersionId"]}
                for kind in ("Versions", "DeleteMarkers")
                for each in page.get(kind, [])
            ]
            if not versions:
                return
            clients.call("s3", "delete_objects", {"Bucket": bucket, "Delete": {"Objects": versions, "Quiet": True}})


BUCKET_CONTENTS = _BucketContents()
