#!/usr/bin/env python3
"""Reads the dated prices of planning/prices.json again from AWS's price list.

    scripts/refresh_prices.py                                   # asks for every region that the file has
    scripts/refresh_prices.py --region eu-west-1 eu-north-1     # asks for these
    scripts/refresh_prices.py --instance-type m8g.xlarge        # and for nodes of this type, with EKS Auto Mode's fee
    scripts/refresh_prices.py --check                           # says what differs, writes nothing

Run it with the project's Python and the credentials of any account that permits pricing:GetProducts. What AWS has no price of stays in
the file as it was, with its date. The file is replaced at the end, in one go, and only with what AWS itself says.

Exit code: 0 all was asked (and, with --check, nothing differs), 1 --check found differences, 2 something could not be asked.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).parents[1]))

from planning import catalogue
from planning.prices import FILE
from scripts import price_file
from scripts.price_questions import ENDPOINT_REGION, Ambiguous, Question, questions

SAME, DIFFERS, NOT_ASKED, INTERRUPTED = 0, 1, 2, 130

NODES = ("m6i.xlarge", *catalogue.GPU_INSTANCE_TYPES)
"""The types that nodes are priced as where nothing else is said, and those that pools of GPUs may name."""


def main(arguments: Sequence[str] | None = None, file: Path = FILE) -> int:
    """The exit code. `file` is read and, without --check, replaced."""
    options = _parser().parse_args(arguments)
    known = price_file.read(file)
    regions: list[str] = options.region or list(known["regions"])
    asked = questions(dict.fromkeys([*NODES, *options.instance_type]))
    config = Config(connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 5})
    client: Any = boto3.client("pricing", region_name=ENDPOINT_REGION, config=config)
    endpoint: str = client.meta.endpoint_url
    if not (urlsplit(endpoint).hostname or "").endswith(".amazonaws.com") and not options.check:
        print(
            f"refresh_prices: {endpoint} is not AWS, and these are prices of AWS: unset AWS_ENDPOINT_URL, or use --check", file=sys.stderr
        )
        return NOT_ASKED
    try:
        answered = {region: _prices(client, region, asked) for region in regions}
    except KeyboardInterrupt:
        print("refresh_prices: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except (BotoCoreError, ClientError) as error:
        remedy = "log in to an account that permits pricing:GetProducts, and run it again"
        print(f"refresh_prices: AWS could not be asked ({error}); nothing was written: {remedy}", file=sys.stderr)
        return NOT_ASKED
    except (Ambiguous, KeyError) as error:
        print(f"refresh_prices: the answer is not one price ({error}); nothing was written: correct price_questions.py", file=sys.stderr)
        return NOT_ASKED
    return _done(file, known, answered, check=options.check)


def _done(file: Path, known: price_file.PriceFile, answered: Mapping[str, price_file.Region], *, check: bool) -> int:
    regions: dict[str, price_file.Region] = dict(known["regions"])
    changed = 0
    for region, found in answered.items():
        before = regions.get(region, {})
        for line in price_file.differences(region, before, found):
            changed += 1
            print(line)
        regions[region] = {**before, **found}
    if not check:
        price_file.write(file, {**known, "regions": regions})
    print(f"{sum(map(len, answered.values()))} prices were read, {changed} {'differ' if check else 'changed'}")
    return DIFFERS if check and changed else SAME


def _prices(client: Any, region: str, asked: Sequence[Question]) -> price_file.Region:
    found: dict[str, Mapping[str, Any]] = {}
    for number, question in enumerate(asked, start=1):
        print(f"\rasking for {region}: {number} of {len(asked)}", end="", file=sys.stderr, flush=True)
        pages = client.get_paginator("get_products").paginate(ServiceCode=question.service, Filters=question.filters(region))
        products = [product for page in pages for product in page["PriceList"]]
        answer = question.answer(products, "AWS Price List API, GetProducts")
        if answer is not None:
            found[question.name] = answer
    print(file=sys.stderr)
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--region", nargs="+", metavar="REGION", help="for which; not given: for every region that the file has")
    parser.add_argument("--instance-type", nargs="+", default=[], metavar="TYPE", help="EC2 instance types to ask for besides")
    parser.add_argument("--check", action="store_true", help="only say what differs; exit code 1 when something does")
    return parser


if __name__ == "__main__":
    sys.exit(main())
