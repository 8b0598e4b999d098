"""What planning/prices.json knows, as questions to AWS's price list: which names there are, and how the answers are read."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from planning import catalogue
from planning.prices import name

# The price list is answered here for all regions: https://docs.aws.amazon.com/general/latest/gr/billing.html.
ENDPOINT_REGION = "us-east-1"

# A usage type begins with the region it is billed in (EU-, EUC1-, USE1-), or with nothing; `EU-Regional…` is another one.
_REGION = r"(?:[A-Z]{2,4}\d?-|[a-z]{2}-[a-z]+-\d-)?"

_SERVICES_WITH_ENGINES = {"AmazonRDS": ("databaseEngine", "MySQL"), "AmazonElastiCache": ("cacheEngine", "Valkey")}


class Ambiguous(RuntimeError):
    """AWS has more than one price for what was asked."""


@dataclass(frozen=True)
class Question:
    """One usage type, however the region is put in front of it; `attributes` tell it from others of the same usage type."""

    service: str
    usage_type: str
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def name(self) -> str:
        engine = _SERVICES_WITH_ENGINES.get(self.service)
        return name(self.service, self.usage_type, engine[1] if engine else "")

    def filters(self, region: str) -> list[dict[str, str]]:
        equal = {"regionCode": region, **self.attributes}
        terms = [{"Type": "TERM_MATCH", "Field": key, "Value": value} for key, value in equal.items()]
        return [*terms, {"Type": "CONTAINS", "Field": "usagetype", "Value": self.usage_type}]

    def answer(self, products: Iterable[str], source: str) -> Mapping[str, Any] | None:
        """The price at the smallest quantity that is not free, as the file has it; None: AWS has none. Raises Ambiguous."""
        found = {each["usd"]: each for product in products for each in self._prices(json.loads(product), source)}
        if len(found) > 1:
            raise Ambiguous(f"{self.name}: {', '.join(found)} USD")
        return next(iter(found.values()), None)

    def _prices(self, product: Mapping[str, Any], source: str) -> Iterator[Mapping[str, Any]]:
        if not re.fullmatch(_REGION + re.escape(self.usage_type), product["product"]["attributes"].get("usagetype", "")):
            return
        for term in product["terms"].get("OnDemand", {}).values():
            dimensions = [each for each in term["priceDimensions"].values() if Decimal(each["pricePerUnit"].get("USD", 0))]
            for each in sorted(dimensions, key=lambda one: Decimal(one["beginRange"]))[:1]:
                usd = f"{Decimal(each['pricePerUnit']['USD']).normalize():f}"
                yield {"usd": usd, "unit": each["unit"], "published": product["publicationDate"][:10], "source": source}


def _engine(service: str) -> Mapping[str, str]:
    return dict([_SERVICES_WITH_ENGINES[service]])


def questions(instance_types: Iterable[str]) -> list[Question]:
    """Everything that planning/charges.py and planning/node_charges.py may ask for, with these EC2 instance types for nodes."""
    # `RunInstances` alone is Linux without licences: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html
    linux = {"tenancy": "Shared", "operation": "RunInstances", "capacitystatus": "Used"}
    rds, elasticache = _engine("AmazonRDS"), _engine("AmazonElastiCache")
    return [
        Question("AmazonEKS", "AmazonEKS-Hours:perCluster"),
        Question("AmazonEC2", "NatGateway-Hours"),
        Question("AmazonEC2", "NatGateway-Bytes"),
        Question("AmazonEC2", "EBS:VolumeUsage.gp3"),
        Question("AmazonVPC", "PublicIPv4:InUseAddress"),
        Question("AmazonVPC", "VpcEndpoint-Hours"),
        Question("AmazonVPC", "VpcEndpoint-Bytes"),
        Question("AmazonCloudWatch", "DataProcessing-Bytes"),
        Question("AmazonCloudWatch", "CW:AlarmMonitorUsage"),
        Question("AmazonS3", "TimedStorage-ByteHrs"),
        Question("AmazonS3", "Requests-Tier1"),
        Question("AmazonS3", "Requests-Tier2"),
        Question("awskms", "KMS-Keys"),
        Question("AWSSecretsManager", "AWSSecretsManager-Secrets"),
        Question("AmazonRDS", "RDS:GP3-Storage", rds),
        Question("AmazonRDS", "RDS:Multi-AZ-GP3-Storage", rds),
        *(
            Question("AmazonRDS", f"{usage}:{each}", rds)
            for usage in ("InstanceUsage", "Multi-AZUsage")
            for each in catalogue.DB_INSTANCE_CLASSES
        ),
        *(Question("AmazonElastiCache", f"NodeUsage:{each}", elasticache) for each in catalogue.CACHE_NODE_TYPES),
        *(
            question
            for each in instance_types
            for question in (
                Question("AmazonEC2", f"BoxUsage:{each}", linux),
                Question("AmazonEKS", f"EKS-Auto:{each}-management-hours"),
            )
        ),
    ]
