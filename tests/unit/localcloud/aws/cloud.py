"""An AWS of a few types in this process, whose calls may kill the provider that sends them."""

from __future__ import annotations

from typing import Any

from localcloud.aws.clients import CallFailed, Clients

Tags = dict[str, str]
_LOGGED = {"ResourceId": "vpc-1", "TrafficType": "ALL", "LogDestinationType": "s3", "LogDestination": "arn:aws:s3:::b"}


class Killed(BaseException):
    """The provider's process is gone: no handler of its own runs."""


class Cloud(Clients):
    """Addresses, buckets and flow logs with their tags. A call of `deadly` kills its provider: one that makes something has taken effect
    then, one that tags it has not."""

    def __init__(self) -> None:
        super().__init__("eu-west-1")
        self.addresses: dict[str, Tags] = {}
        self.buckets: dict[str, Tags] = {}
        self.flow_logs: dict[str, Tags] = {}
        self.deadly = ""

    def call(self, service: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if operation == self.deadly and "tag" in operation:
            raise Killed
        answer = self._answer(operation, parameters)
        if operation == self.deadly:
            raise Killed
        return answer

    def _answer(self, operation: str, given: dict[str, Any]) -> dict[str, Any]:
        bucket = given.get("Bucket", "")
        match operation:
            case "allocate_address":
                id = f"eipalloc-{len(self.addresses)}"
                self.addresses[id] = dict(given["TagSpecifications"][0]["Tags"])
                return {"AllocationId": id}
            case "describe_addresses":
                ids = given.get("AllocationIds") or list(self.addresses)
                return {"Addresses": [{"AllocationId": id, "Domain": "vpc", "Tags": self.addresses[id]} for id in ids]}
            case "create_tags":
                (self.addresses | self.flow_logs)[given["Resources"][0]] |= given["Tags"]
            case "create_flow_logs":
                id = f"fl-{len(self.flow_logs)}"
                self.flow_logs[id] = {}
                return {"FlowLogIds": [id]}
            case "describe_flow_logs":
                ids = given.get("FlowLogIds") or list(self.flow_logs)
                return {"FlowLogs": [{"FlowLogId": id, **_LOGGED, "Tags": self.flow_logs[id]} for id in ids]}
            case "create_bucket" if bucket in self.buckets:
                raise CallFailed(operation, "BucketAlreadyOwnedByYou", "", 409)
            case "create_bucket":
                self.buckets[bucket] = {}
            case "head_bucket" if bucket not in self.buckets:
                raise CallFailed(operation, "404", "", 404)
            case "get_bucket_tagging":
                return {"TagSet": self.buckets[bucket]}
            case "put_bucket_tagging":
                self.buckets[bucket] = given["Tagging"]["TagSet"]
            case _:
                pass
        return {}
