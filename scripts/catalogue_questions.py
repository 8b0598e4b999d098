"""What planning/catalogue.json knows, as questions to AWS: for each section a function from an account's region to the facts there.

An answer holds only what AWS says; scripts/catalogue_file.py puts it together with what is known already.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from botocore.config import Config

from planning import catalogue
from scripts.catalogue_file import Facts

_STANDARD_SUPPORT = "open-source-rds-standard-support"
_ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}


class Account:
    """AWS as some credentials see it in one region. Everything raises what botocore does."""

    def __init__(self, session: Any, region: str) -> None:
        """`session`: a boto3.Session."""
        self._session = session
        self.region = region

    def client(self, service: str) -> Any:
        # What cannot be reached is to be said soon: there are nine questions for each of many regions.
        config = Config(connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
        return self._session.client(service, region_name=self.region, config=config)

    @property
    def elsewhere(self) -> list[str]:
        """The endpoints that are asked and are not AWS's own: an emulator, say."""
        endpoints = {self.client(service).meta.endpoint_url for service in ("ec2", "eks", "rds", "elasticache")}
        return sorted(endpoint for endpoint in endpoints if not (urlsplit(endpoint).hostname or "").endswith(".amazonaws.com"))

    def items(self, service: str, operation: str, key: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        """What an answer lists, from all of its pages."""
        for page in self.client(service).get_paginator(operation).paginate(**parameters):
            yield from page[key]

    @cached_property
    def instance_types(self) -> list[Mapping[str, Any]]:
        return list(self.items("ec2", "describe_instance_types", "InstanceTypes"))


def _regions(account: Account) -> Facts:
    wanted = [{"Name": "zone-type", "Values": ["availability-zone"]}]
    zones = account.client("ec2").describe_availability_zones(Filters=wanted)["AvailabilityZones"]
    return {account.region: {"zones": [zone["ZoneName"] for zone in zones]}} if zones else {}


def _eks(account: Account) -> Facts:
    versions = account.items("eks", "describe_cluster_versions", "clusterVersions", includeAll=True)
    return {
        each["clusterVersion"]: {"standard_support_ends": _day(each["endOfStandardSupportDate"])}
        if "endOfStandardSupportDate" in each
        else {}
        for each in versions
        if each["clusterType"] == "eks"
    }


def _eks_add_ons(account: Account) -> Facts:
    """AWS's default version of each add-on that the file pins, for each Kubernetes version that the file pins any for."""
    found: dict[str, dict[str, Any]] = {}
    for minor, pinned in catalogue.EKS_ADD_ONS.items():
        for add_on in account.items("eks", "describe_addon_versions", "addons", kubernetesVersion=minor):
            for version in add_on["addonVersions"] if add_on["addonName"] in pinned else ():
                if any(each["clusterVersion"] == minor and each["defaultVersion"] for each in version["compatibilities"]):
                    found.setdefault(minor, {"second_hand": False})[add_on["addonName"]] = version["addonVersion"]
    return found


def _mysql(account: Account) -> Facts:
    majors = account.items("rds", "describe_db_major_engine_versions", "DBMajorEngineVersions", Engine="mysql")
    return {
        major["MajorEngineVersion"]: {"standard_support_ends": _day(lifecycle["LifecycleSupportEndDate"])}
        for major in majors
        for lifecycle in major["SupportedEngineLifecycles"]
        if lifecycle["LifecycleSupportName"] == _STANDARD_SUPPORT
    }


def _valkey(account: Account) -> Facts:
    versions = account.items("elasticache", "describe_cache_engine_versions", "CacheEngineVersions", Engine="valkey")
    return {each["EngineVersion"]: {"parameter_group_family": each["CacheParameterGroupFamily"]} for each in versions}


def _db_instance_classes(account: Account) -> Facts:
    """RDS does not say how big a class is: it is as big as the EC2 instance type whose name it has."""
    options = account.items("rds", "describe_orderable_db_instance_options", "OrderableDBInstanceOptions", Engine="mysql", Vpc=True)
    classes = {option["DBInstanceClass"] for option in options}
    types = {f"db.{each['InstanceType']}": each for each in account.instance_types} if classes else {}
    return {name: _size(types[name]) if name in types else {} for name in classes}


def _size(instance_type: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"vcpus": instance_type["VCpuInfo"]["DefaultVCpus"], "memory_gib": instance_type["MemoryInfo"]["SizeInMiB"] / 1024}


def _cache_node_types(account: Account) -> Facts:
    """ElastiCache lists its node types only as what can be reserved, and says nothing about their size."""
    offerings = account.items("elasticache", "describe_reserved_cache_nodes_offerings", "ReservedCacheNodesOfferings")
    return {each["CacheNodeType"]: {} for each in offerings if each["ProductDescription"] != "memcached"}


def _gpu_instance_types(account: Account) -> Facts:
    return {
        each["InstanceType"]: {
            "gpus": sum(gpu["Count"] for gpu in each["GpuInfo"]["Gpus"]),
            "gpu": each["GpuInfo"]["Gpus"][0]["Name"],
            "vcpus": each["VCpuInfo"]["DefaultVCpus"],
            "architecture": _ARCHITECTURES[each["ProcessorInfo"]["SupportedArchitectures"][0]],
        }
        for each in account.instance_types
        if any(gpu["Count"] and gpu["Manufacturer"] == "NVIDIA" for gpu in _gpus(each))
    }


def _families_without_gpus(account: Account) -> Facts:
    """Families of which no type has a whole GPU: a part of one (g6f) counts as none."""
    with_gpus = {_family(each) for each in account.instance_types if any(gpu["Count"] for gpu in _gpus(each))}
    return {family: {"gpus": 0} for family in map(_family, account.instance_types) if family not in with_gpus}


def _gpus(instance_type: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return instance_type.get("GpuInfo", {}).get("Gpus", [])


def _family(instance_type: Mapping[str, Any]) -> str:
    return instance_type["InstanceType"].partition(".")[0]


def _day(moment: datetime) -> str:
    """AWS means days in UTC; botocore may give the moment in the machine's own zone."""
    return f"{moment.astimezone(UTC):%Y-%m-%d}"


Question: TypeAlias = Callable[[Account], Facts]

QUESTIONS: Mapping[str, Question] = {
    "regions": _regions,
    "eks": _eks,
    "eks_add_ons": _eks_add_ons,
    "mysql": _mysql,
    "valkey": _valkey,
    "db_instance_classes": _db_instance_classes,
    "cache_node_types": _cache_node_types,
    "gpu_instance_types": _gpu_instance_types,
    "families_without_gpus": _families_without_gpus,
}
