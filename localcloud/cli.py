"""`python -m localcloud`: starts, shows and stops the local cloud, and brings stacks up in it."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from localcloud import environment, kubeconfig, lifecycle
from localcloud.engine import EngineFailed
from localcloud.instance import CHECKOUT, Instance, NoPort
from localcloud.processes import ProcessFailed
from localcloud.stack_file import StackFileError, read
from localcloud.toolchain import ToolMissing

_NOT_RUNNING = 3

_ABOUT = """\
A local cloud: an AWS and real Kubernetes control planes on this machine, for the real Pulumi engine.

    python -m localcloud start
    eval "$(python -m localcloud env dev)"
    pulumi up        # and aws, kubectl, boto3: all of them reach the local cloud, as the stack's own account
    python -m localcloud stop

What it holds is in .localcloud/ of the checkout (or $LOCALCLOUD_DIR) and survives stop and start.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 refused or failed with a message, 3 `status` of a cloud that does not run, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(Instance.here(), options)
    except (EngineFailed, ProcessFailed, ToolMissing, StackFileError, NoPort) as problem:
        print(f"localcloud: {problem}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader, `head` say, has seen enough; without this the interpreter complains while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("localcloud: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="localcloud", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Instance, argparse.Namespace], int], text: str, *, stack: bool = False) -> None:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        if stack:
            added.add_argument("stack", metavar="STACK", help="a stack of this project: stacks/Pulumi.STACK.yaml exists")

    command("start", _start, "Start the cloud as the last stop left it; after a crash, empty, and it says so.")
    command("status", _status, "Show what runs, which clusters and stacks there are. Exit code 3 when it does not run.")
    command("stop", _stop, "Stop every process and keep what the cloud holds.")
    command("env", _env, "Print what a shell must export to reach the cloud as STACK's account; for eval.", stack=True)
    commands.choices["env"].add_argument(
        "--project", type=Path, default=CHECKOUT, metavar="DIR", help="the project with the stack's file (default: this checkout)"
    )
    command(
        "kubeconfig", _kubeconfig, "Write the kubeconfig of $LOCALCLOUD_ACCOUNT again when clusters changed; kubectl here does it itself."
    )
    command("ca", _ca, "Print where the certificate authority of the databases and caches is, for clients to trust.")
    command("gaps", _gaps, "Show per type how many properties are verified, and which are not, and why.")
    commands.choices["gaps"].add_argument("type", nargs="?", metavar="TYPE", help="one type only, such as aws:eks/cluster:Cluster")
    commands.choices["gaps"].add_argument("--json", action="store_true", help="print the gaps as JSON, those of AWS's types alone")
    command("demo", _demo, "Start the cloud, bring STACK up with `pulumi up`, and show what is there.", stack=True)
    command("down", _down, "Destroy STACK, remove it from the state, and stop the cloud.", stack=True)
    return parser


def _start(instance: Instance, options: argparse.Namespace) -> int:
    before = lifecycle.status(instance).endpoint
    lifecycle.start(instance)
    print("The local cloud runs already." if before else "The local cloud is started.")
    _show(lifecycle.status(instance))
    return 0


def _status(instance: Instance, options: argparse.Namespace) -> int:
    found = lifecycle.status(instance)
    _show(found)
    return 0 if found.endpoint else _NOT_RUNNING


def _stop(instance: Instance, options: argparse.Namespace) -> int:
    lifecycle.stop(instance)
    print("The local cloud is stopped; what it holds is kept.")
    return 0


def _env(instance: Instance, options: argparse.Namespace) -> int:
    values = environment.variables(instance, options.stack, read(options.project, options.stack))
    print(environment.exports(values))
    if lifecycle.status(instance).endpoint is None:
        print("localcloud: not running yet: python -m localcloud start", file=sys.stderr)
    return 0


def _kubeconfig(instance: Instance, options: argparse.Namespace) -> int:
    from botocore.exceptions import BotoCoreError

    try:
        kubeconfig.refresh(instance, os.environ["LOCALCLOUD_ACCOUNT"])
    except KeyError:
        print('localcloud: $LOCALCLOUD_ACCOUNT is not set: eval "$(python -m localcloud env STACK)" first', file=sys.stderr)
        return 1
    except BotoCoreError as error:
        print(f"localcloud: the local AWS does not answer ({error}): python -m localcloud start", file=sys.stderr)
        return 1
    return 0


def _ca(instance: Instance, options: argparse.Namespace) -> int:
    from localcloud.data_plane import authority

    file = authority.file(instance)
    if not file.exists():
        print(
            "localcloud: there is no database or cache yet, so no certificate authority: python -m localcloud demo STACK", file=sys.stderr
        )
        return 1
    print(file)
    return 0


def _gaps(instance: Instance, options: argparse.Namespace) -> int:
    from localcloud.aws import gaps_text
    from localcloud.aws.rows import ROWS
    from localcloud.data_plane import gaps as data_plane_gaps
    from localcloud.kubernetes.gaps import GAPS

    if options.type and options.type not in ROWS:
        print(f"localcloud: {options.type} is not modelled by the local cloud; add its row to localcloud/aws/rows", file=sys.stderr)
        return 1
    types = [options.type] if options.type else sorted(ROWS)
    if options.json:
        print(gaps_text.as_json(types))
        return 0
    print(gaps_text.text(types))
    if not options.type:
        print("\nIn the clusters:\n")
        for what, why in GAPS:
            print(f"  {what}: {why}")
        print(f"\n{data_plane_gaps.text()}")
    return 0


def _demo(instance: Instance, options: argparse.Namespace) -> int:
    from localcloud import demo

    return demo.up(instance, CHECKOUT, options.stack)


def _down(instance: Instance, options: argparse.Namespace) -> int:
    from localcloud import demo

    return demo.down(instance, CHECKOUT, options.stack)


def _show(found: lifecycle.Status) -> None:
    print(f"Local AWS     {found.endpoint or 'not running'}")
    print(f"Clusters      {', '.join(found.clusters) or 'none'}")
    print(f"Stacks        {', '.join(found.stacks) or 'none'}")
    for index, server in enumerate(found.servers):
        print(f"{'' if index else 'Servers':<14}{server}")
    print(f"Processes     {', '.join(found.processes) or 'none'}")
