"""What AWS answers to the questions about the dated facts, in the shapes of botocore's own models."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

PACIFIC = timezone(timedelta(hours=-8))


def instance_type(name: str, architecture: str, vcpus: int, **gpu: Any) -> dict[str, Any]:
    return {
        "InstanceType": name,
        "ProcessorInfo": {"SupportedArchitectures": [architecture]},
        "VCpuInfo": {"DefaultVCpus": vcpus},
        "MemoryInfo": {"SizeInMiB": vcpus * 4096},
        **({"GpuInfo": {"Gpus": [{"Manufacturer": "NVIDIA", **gpu}]}} if gpu else {}),
    }


ANSWERS: dict[str, Any] = {
    "GetCallerIdentity": {"Account": "123456789012"},
    "DescribeAvailabilityZones": "abc",
    "DescribeInstanceTypes": {
        "InstanceTypes": [
            instance_type("m7g.large", "arm64", 2),
            instance_type("g6f.large", "x86_64", 2, Count=0, Name="L4"),
            instance_type("g5g.16xlarge", "arm64", 64, Count=2, Name="T4g"),
            instance_type("g4ad.xlarge", "x86_64", 4, Count=1, Name="Radeon Pro V520", Manufacturer="AMD"),
        ]
    },
    "DescribeClusterVersions": {
        "clusterVersions": [
            {"clusterVersion": "1.36", "clusterType": "eks", "endOfStandardSupportDate": datetime(2027, 8, 1, 16, tzinfo=PACIFIC)},
            {"clusterVersion": "1.37", "clusterType": "eks"},
            {"clusterVersion": "1.38", "clusterType": "another"},
        ]
    },
    "DescribeAddonVersions": {
        "addons": [
            {
                "addonName": "metrics-server",
                "addonVersions": [
                    {"addonVersion": "v0.9.2-eksbuild.1", "compatibilities": [{"clusterVersion": "1.36", "defaultVersion": False}]},
                    {"addonVersion": "v0.9.1-eksbuild.1", "compatibilities": [{"clusterVersion": "1.36", "defaultVersion": True}]},
                ],
            },
            {
                "addonName": "vpc-cni",
                "addonVersions": [{"addonVersion": "v1", "compatibilities": [{"clusterVersion": "1.36", "defaultVersion": True}]}],
            },
        ]
    },
    "DescribeDBMajorEngineVersions": {
        "DBMajorEngineVersions": [
            {
                "Engine": "mysql",
                "MajorEngineVersion": "8.4",
                "SupportedEngineLifecycles": [
                    {
                        "LifecycleSupportName": "open-source-rds-standard-support",
                        "LifecycleSupportStartDate": datetime(2024, 11, 21, tzinfo=UTC),
                        "LifecycleSupportEndDate": datetime(2029, 7, 31, 23, 59, 59, tzinfo=UTC),
                    },
                    {
                        "LifecycleSupportName": "open-source-rds-extended-support",
                        "LifecycleSupportStartDate": datetime(2029, 8, 1, tzinfo=UTC),
                        "LifecycleSupportEndDate": datetime(2032, 7, 31, tzinfo=UTC),
                    },
                ],
            }
        ]
    },
    "DescribeOrderableDBInstanceOptions": {
        "OrderableDBInstanceOptions": [
            {"Engine": "mysql", "DBInstanceClass": "db.m7g.large", "StorageType": "gp3"},
            {"Engine": "mysql", "DBInstanceClass": "db.z9.large", "StorageType": "gp3"},
        ]
    },
    "DescribeCacheEngineVersions": {
        "CacheEngineVersions": [{"Engine": "valkey", "EngineVersion": "8.1", "CacheParameterGroupFamily": "valkey8"}]
    },
    "DescribeReservedCacheNodesOfferings": {
        "ReservedCacheNodesOfferings": [
            {"CacheNodeType": "cache.t4g.micro", "ProductDescription": "redis"},
            {"CacheNodeType": "cache.r9g.large", "ProductDescription": "valkey"},
            {"CacheNodeType": "cache.m1.small", "ProductDescription": "memcached"},
        ]
    },
}


class Aws:
    """Stands for the calls of every client; a call that has no answer here goes to `otherwise`."""

    def __init__(self, otherwise: Any) -> None:
        self.answers = dict(ANSWERS)
        self.denied: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._otherwise = otherwise

    def call(self, client: Any, operation: str, parameters: Any) -> Any:
        region = client.meta.region_name
        self.asked.append((region, operation))
        if operation in self.denied:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not for you"}}, operation)
        if operation not in self.answers:
            return self._otherwise(client, operation, parameters)
        answer = self.answers[operation]
        if isinstance(answer, BaseException):
            raise answer
        if operation == "DescribeAvailabilityZones":
            answer = {"AvailabilityZones": [{"ZoneName": f"{region}{letter}"} for letter in answer]}
        report = ParamValidator().validate(answer, client.meta.service_model.operation_model(operation).output_shape)
        assert not report.has_errors(), report.generate_report()
        return answer
