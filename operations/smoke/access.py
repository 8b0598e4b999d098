"""How smoke reaches an environment: its contract, the APIs of AWS, and whom it trusts to say who a server is."""

import functools
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

import contract
from operations.smoke.check import NotChecked
from planning.names import Names
from scripts.deployed import Refused

CONNECT_SECONDS, READ_SECONDS = 5, 10
"""Of one call; one that fails is made once more, which is within a check's deadline."""


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What the environment publishes (contract.py)."""

    foundation: contract.Foundation
    network: contract.Network
    clusters: contract.Clusters
    feature_store: contract.FeatureStore
    serving: contract.Serving
    training: contract.Training

    @property
    def workspaces(self) -> Mapping[str, contract.Workspace]:
        """By the names of their sections."""
        return {"feature_store": self.feature_store, "serving": self.serving, "training": self.training}


@dataclass(frozen=True, kw_only=True)
class Access:
    names: Names
    region: str
    client: Callable[[str], Any]
    """boto3's client of a service."""
    ca: Path | None
    """PEM of the authorities that sign what the registry shows, and the online store may show."""

    def secret(self, name: str) -> Mapping[str, str]:
        return json.loads(self.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])

    def registry_trust(self) -> ssl.SSLContext:
        """Trusts the given authorities and no other. Raises NotChecked without any."""
        return ssl.create_default_context(cafile=str(self._given()))

    def online_store_trust(self) -> ssl.SSLContext:
        """Trusts public authorities, of which Amazon's signs for ElastiCache, and those that are given:
        https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html. Raises NotChecked for a file that is not there.
        """
        context = ssl.create_default_context()
        if self.ca is not None:
            context.load_verify_locations(cafile=str(self._given()))
        return context

    def _given(self) -> Path:
        if self.ca is None:
            raise NotChecked("no certificate authority to hold the server against: give --ca")
        if not self.ca.is_file():
            raise NotChecked(f"--ca got {self.ca}, which is no file")
        return self.ca


def of_aws(names: Names, region: str, ca: Path | None) -> Access:
    """With the credentials and the endpoints that boto3 finds."""
    import boto3

    config = Config(connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS, retries={"total_max_attempts": 2, "mode": "standard"})

    def client(service: str) -> Any:
        return boto3.client(service, region_name=region, config=config)  # pyright: ignore[reportArgumentType, reportCallIssue]

    return Access(names=names, region=region, client=functools.cache(client), ca=ca)


def read_contract(access: Access) -> Contract:
    """All sections. Raises Refused for one that is not there, or of another version: nothing can be looked at then."""
    return Contract(**{section: _section(access, section, model) for section, model in contract.SECTIONS.items()})  # pyright: ignore[reportArgumentType]


def _section(access: Access, section: str, model: type[contract.Section]) -> contract.Section:
    environment = access.names.environment
    name = contract.parameter_name(environment, section)
    try:
        return model.model_validate_json(access.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
    except (BotoCoreError, ClientError) as error:
        remedy = "deploy it, correct the stack's name, or get the right to read it"
        raise Refused(f"the contract of {environment} cannot be read from {name} ({error}): {remedy}") from error
    except ValidationError as error:
        remedy = f"use the one that {environment} was deployed from"
        raise Refused(f"{name} is of another version than this checkout: {remedy} ({error})") from error
