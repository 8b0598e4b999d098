#!/usr/bin/env python3
"""Makes what the stacks of an account stand on, once per account: the key and the bucket of their states, and the trust in GitHub's tokens.

    scripts/bootstrap_state.py prod            # in the account and region of the stack file of prod
    scripts/bootstrap_state.py --account 444444444444 --region eu-central-1
    scripts/bootstrap_state.py prod --check    # changes nothing, says what is missing or differs

Run it in the project's directory with an administrator's credentials of that account. It makes a KMS key that rotates, under
alias/pulumi-state; the bucket ml-platform-state-ACCOUNT, versioned, encrypted with that key, private, TLS only, and logged into
ml-platform-state-ACCOUNT-logs; and the OpenID Connect provider of GitHub Actions. What is there and is as it should be is left alone, what
differs is put right if it carries the tag deployment=ml-platform, and refused otherwise, before anything is changed. It can be interrupted
and run again: it goes on. At the end it prints what `pulumi login` and `pulumi stack init` take.

Exit code: 0 everything is as it should be, 1 refused or, with --check, something is missing or differs, 2 it does not know which account,
130 interrupted.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from planning.documents import buckets
from planning.names import Names
from planning.state import LOG_DAYS, backend, secrets_provider
from scripts.deployed import SETTINGS, Refused, compare_accounts, stack_file
from scripts.shown import INTERRUPTED
from scripts.state_bucket import Bucket, BucketArgs
from scripts.state_parts import Key, Provider
from scripts.state_settings import Look, Part, bring, look


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code is as `--help` says."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.stack is None) == (options.account is None) or (options.account is None) != (options.region is None):
        parser.error("it takes the name of a stack, or --account and --region")
    try:
        return _bootstrap(options)
    except Refused as refusal:
        print(f"bootstrap_state: {refusal}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"bootstrap_state: not finished ({error}): run it again when that is mended, and it goes on", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bootstrap_state: interrupted; run it again to go on", file=sys.stderr)
        return INTERRUPTED


def _bootstrap(options: argparse.Namespace) -> int:
    account, region, said_by = options.account, options.region, "--account"
    if options.stack is not None:
        settings = stack_file(Path.cwd(), options.stack)["config"][SETTINGS]
        account, region, said_by = settings["account"], settings["region"], f"the stack file of {options.stack}"
    compare_accounts(account, region, said_by)
    names = Names(environment=options.stack or "STACK", account=account)
    found = [look(each) for each in parts(names, region)]
    wrong = [each for each in found if not each.exists or each.differs]
    if options.check:
        print("\n".join(str(each) for each in found))
    if refused := [each for each in wrong if each.refused]:
        raise Refused("\n".join(["nothing was changed:", *map(_refusal, refused)]))
    if options.check and wrong:
        return 1
    for each in wrong:
        print(bring(each), flush=True)
    if not wrong:
        print(f"Account {account} has all of it, as it should be, in {region}. Nothing was changed.")
    print(_next(names, region))
    return 0


def parts(names: Names, region: str) -> Sequence[Part]:
    """In the order in which each needs the one before it."""
    import boto3

    kms, s3, iam = (boto3.client(service, region_name=region) for service in ("kms", "s3", "iam"))  # pyright: ignore[reportArgumentType]
    key = Key(kms, names, region)
    logs = BucketArgs(
        bucket=names.state_logs_bucket,
        account=names.account,
        region=region,
        policy=buckets.log_delivery(names.state_logs_bucket, names.account),
        # S3 delivers access logs to no bucket with a key: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
        encryption=lambda: {"SSEAlgorithm": "AES256"},
        expiration_days=LOG_DAYS,
        logs_bucket=None,
    )
    states = BucketArgs(
        bucket=names.state_bucket,
        account=names.account,
        region=region,
        policy=buckets.tls_only(names.state_bucket),
        encryption=lambda: {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.arn},
        expiration_days=None,
        logs_bucket=names.state_logs_bucket,
    )
    return key, Bucket(s3, logs), Bucket(s3, states), Provider(iam, names.account)


def _refusal(found: Look) -> str:
    return f"  {found}: change it by hand, or let this do it, after `{found.part.adopt}`"


def _next(names: Names, region: str) -> str:
    return (
        "Next, in the project's directory:\n"
        f"  pulumi login '{backend(names, region)}'\n"
        f"  pulumi stack init {names.environment} --secrets-provider '{secrets_provider(names, region)}'"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bootstrap_state.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stack", metavar="STACK", nargs="?", help="a stack of this project, whose file says which account and region")
    parser.add_argument("--account", help="the AWS account, 12 digits, instead of a stack")
    parser.add_argument("--region", help="with --account: the region of its states")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is missing or differs")
    return parser


if __name__ == "__main__":
    # `kill` ends it as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
