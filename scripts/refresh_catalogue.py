#!/usr/bin/env python3
"""Reads the dated facts of planning/catalogue.json again from AWS.

    scripts/refresh_catalogue.py                                 # asks in every region that the file has
    scripts/refresh_catalogue.py --region eu-west-1 us-east-2    # asks in these
    scripts/refresh_catalogue.py --check                         # says what differs, writes nothing

Run it with the project's Python and the credentials of any account: it only describes. What AWS does not name stays in the file. A
section that was not answered in every region asked is kept whole, with its date, and said; so nothing is lost where a call is not
permitted. The file is replaced at the end, in one go, and only with what AWS itself says: what an emulator answers can be looked at with
--check. The calls, each of which the credentials should be permitted:
ec2 DescribeAvailabilityZones and DescribeInstanceTypes; eks DescribeClusterVersions; rds DescribeDBMajorEngineVersions and
DescribeOrderableDBInstanceOptions; elasticache DescribeCacheEngineVersions and DescribeReservedCacheNodesOfferings.

Exit code: 0 all was read (and, with --check, nothing differs), 1 --check found differences, 2 something could not be asked.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

sys.path.insert(0, str(Path(__file__).parents[1]))

from planning.catalogue import FILE
from scripts.catalogue_file import Catalogue, Facts, dated, differences, merged, read, write
from scripts.catalogue_questions import QUESTIONS, Account, Question

SAME, DIFFERS, NOT_ASKED, INTERRUPTED = 0, 1, 2, 130


class Unanswered(RuntimeError):
    """A section about which AWS said nothing, or not everywhere; the message has where and why."""


def main(arguments: Sequence[str] | None = None, file: Path = FILE) -> int:
    """The exit code. `file` is read and, without --check, replaced."""
    options = _parser().parse_args(arguments)
    known = read(file)
    regions: list[str] = options.region or list(known["regions"]["facts"])
    try:
        return _refresh(file, known, regions, check=options.check)
    except KeyboardInterrupt:
        print("refresh_catalogue: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


def _refresh(file: Path, known: Catalogue, regions: Sequence[str], *, check: bool) -> int:
    session: Any = boto3.Session()
    accounts = [Account(session, region) for region in regions]
    try:
        accounts[0].client("sts").get_caller_identity()
        elsewhere = accounts[0].elsewhere
    except (BotoCoreError, ClientError) as error:
        print(f"refresh_catalogue: AWS cannot be asked ({error}): log in to any account, and run it again", file=sys.stderr)
        return NOT_ASKED
    if elsewhere and not check:
        endpoints = ", ".join(elsewhere)
        print(
            f"refresh_catalogue: {endpoints} is not AWS, and these are facts about AWS: unset AWS_ENDPOINT_URL, or use --check",
            file=sys.stderr,
        )
        return NOT_ASKED
    now, changed, kept = dict(known), 0, 0
    for name, section in known.items():
        try:
            facts = merged(name, section["facts"], _answered(name, QUESTIONS[name], accounts))
        except Unanswered as reason:
            kept += 1
            print(f"{name}: kept as it was read on {section['read_on']}: {reason}")
            continue
        for line in differences(name, section["facts"], facts):
            changed += 1
            print(line)
        now[name] = dated(section, facts, read_on=f"{datetime.now(UTC):%Y-%m-%d}", asked=f"in {', '.join(regions)}")
    written = not check and kept < len(known)
    if written:
        write(file, now)
    print(_summary(changed=changed, kept=kept, sections=len(known), written=written))
    if check and changed:
        return DIFFERS
    return NOT_ASKED if kept else SAME


def _answered(name: str, question: Question, accounts: Sequence[Account]) -> Facts:
    """What AWS has in all of the regions together. Raises Unanswered."""
    facts: Facts = {}
    for account in accounts:
        print(f"asking {account.region}: {name}", file=sys.stderr, flush=True)
        try:
            facts = {**facts, **question(account)}
        except (BotoCoreError, ClientError, ResponseParserError) as error:
            raise Unanswered(f"{account.region}: {error}") from error
        except KeyError as error:
            raise Unanswered(f"{account.region}: the answer has no {error}") from error
    if not facts:
        raise Unanswered(f"{', '.join(account.region for account in accounts)}: the answer is empty")
    return facts


def _summary(*, changed: int, kept: int, sections: int, written: bool) -> str:
    read_anew = f"{sections - kept} of {sections} sections were read, {changed} facts {'changed' if written else 'differ'}"
    remedy = "; for the others get the permission, or ask in other regions with --region" if kept else ""
    return f"{read_anew}; {'the file is written' if written else 'nothing was written'}{remedy}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Reads the dated facts of planning/catalogue.json again from AWS.")
    parser.add_argument("--region", nargs="+", metavar="REGION", help="where to ask; not given: in every region that the file has")
    parser.add_argument("--check", action="store_true", help="only say what differs; exit code 1 when something does")
    return parser


if __name__ == "__main__":
    sys.exit(main())
