#!/usr/bin/env python3
"""Prints the `feature_store.yaml` with which Feast runs on a stack's feature store, made of what the stack publishes.

    scripts/feast_config.py prod --role reader > feature_store.yaml

No password is in it: Feast puts environment variables in their place, and comments say which secret each comes from. A `reader` reads
features and the registry, a `writer` also writes them, an `admin` makes the registry's tables. The contract is read from its SSM parameter,
with credentials of the stack's own account.

Where AWS's certificates are elsewhere, or another authority signs, say so with --registry-ca and --online-store-ca: they are paths where
Feast runs, not here.

Exit code: 0 printed, 1 refused with a message on stderr.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import contract
from planning.feast_config import PUBLIC_CA, RDS_CA, RIGHTS, FeastConfig, Role, text
from scripts.deployed import Refused, own_settings

SECTION = "feature_store"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    options = _parser().parse_args(arguments)
    try:
        settings = own_settings(options.stack)
        store = _contract(options.stack, settings["region"])
        print(text(_config(store, _project(store, options.project), options)), end="")
    except Refused as refusal:
        print(f"feast_config: {refusal}", file=sys.stderr)
        return 1
    return 0


def _contract(stack: str, region: str) -> contract.FeatureStore:
    import boto3

    name = contract.parameter_name(stack, SECTION)
    try:
        published: str = boto3.client("ssm", region_name=region).get_parameter(Name=name)["Parameter"]["Value"]
    except (BotoCoreError, ClientError) as error:
        raise Refused(
            f"the contract of {stack} cannot be read from {name} ({error}): deploy the stack, or get the right to read it"
        ) from error
    try:
        return contract.FeatureStore.model_validate_json(published)
    except ValidationError as error:
        raise Refused(f"{name} is of another version than this checkout: use the one that {stack} was deployed from ({error})") from error


def _project(store: contract.FeatureStore, asked: str | None) -> str:
    known = list(store.projects)
    if asked is None and len(known) == 1:
        return known[0]
    if asked is None or asked not in store.projects:
        got = "nothing" if asked is None else f"`{asked}`"
        raise Refused(f"--project got {got}; expected one of {', '.join(known)}; name one of them")
    return asked


def _config(store: contract.FeatureStore, project: str, options: argparse.Namespace) -> FeastConfig:
    role: Role = options.role
    found = store.projects[project]
    return FeastConfig(
        role=role,
        project=found.project,
        database=found.database,
        registry_host=store.registry_host,
        registry_port=store.registry_port,
        registry_ca=options.registry_ca,
        registry_secret=f"{store.registry_secret_prefix}{found.database}_{RIGHTS[role]}",
        online_store_host=store.online_store_host,
        online_store_port=store.online_store_port,
        online_store_ca=options.online_store_ca,
        # Who makes tables writes features too: no user may do more in the online store.
        online_store_secret=f"{store.online_store_secret_prefix}{project}-{'reader' if role == 'reader' else 'writer'}",
        offline_bucket=store.offline_bucket,
        staging_bucket=store.staging_bucket,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/feast_config.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stack", metavar="STACK", help="a stack of this project that is deployed")
    parser.add_argument("--project", metavar="NAME", help="as in the stack file; may be left out where there is one only")
    parser.add_argument("--role", choices=get_args(Role), default="reader", help="default: %(default)s")
    parser.add_argument("--registry-ca", metavar="PATH", default=RDS_CA, help="RDS's certificates; default: %(default)s")
    parser.add_argument("--online-store-ca", metavar="PATH", default=PUBLIC_CA, help="Amazon's public authority; default: %(default)s")
    return parser


if __name__ == "__main__":
    sys.exit(main())
