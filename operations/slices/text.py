"""What is said of environments of pull requests, as Markdown: in a comment, in a summary, on a terminal."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from operations.slices.environments import Kind
from operations.slices.reaping import Verdict
from planning import arns
from planning.cost import Bill
from planning.names import Names
from stacks.models import Settings

_SHOWN = 8
"""How many of the things without a price are named: a comment is short."""


def created(kind: Kind, stack: str, platform: Settings, expires: str, bill: Bill, missing: str | None) -> str:
    """How an environment is reached, what it costs, and when it goes; `missing` says why nothing has a price, where that is so."""
    return "\n".join(
        [
            f"### `{stack}` is up: {'a slice of ' + f'`{platform.environment}`' if kind == 'slice' else 'a whole environment'}",
            "",
            f"It goes after {expires}, and when this pull request is closed or the label is taken off. Each push brings it up to date.",
            "",
            *(_slice(stack, platform) if kind == "slice" else _full(stack, platform)),
            "",
            *_costs(kind, platform, bill, missing),
            "",
        ]
    )


def destroyed(stack: str, listed: Sequence[str]) -> str:
    """What became of an environment; `listed` is what AWS still lists with its tag."""
    lines = [f"`{stack}` is destroyed, its state and its stack file are gone."]
    if listed:
        lines += ["", f"AWS still lists {len(listed)} with its tag, as it does for a while; `scripts/slice.py reap` looks again:", ""]
        lines += [f"- `{arn}`" for arn in listed]
    return "\n".join([*lines, ""])


def table(verdicts: Iterable[Verdict]) -> str:
    """All that was found, one line each."""
    rows = [
        (
            f"`{each.found.stack}`",
            f"{each.found.expires or 'never'}",
            "none" if each.found.recorded is None else f"{each.found.recorded.resources} resources",
            f"{len(each.found.tagged.arns)}" if each.found.tagged else "0",
            f"{each.then.value}: {each.why}",
        )
        for each in verdicts
    ]
    head = ("Environment", "Last day", "In the state", "Listed by tag", "What happens")
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


def _slice(stack: str, platform: Settings) -> list[str]:
    names = Names(environment=platform.environment, account=platform.account)
    return _commands(
        platform, names, platform.feature_store.cluster, f"kubectl --namespace {stack} get configmap ml-platform-contract --output yaml"
    )


def _full(stack: str, platform: Settings) -> list[str]:
    names = Names(environment=stack, account=platform.account)
    return _commands(platform, names, "main", f"pulumi stack output --stack {stack}  # everything that it publishes")


def _commands(platform: Settings, names: Names, cluster: str, then: str) -> list[str]:
    """As whoever deploys to the platform: `access.deployers` of its stack file."""
    role = arns.role(platform.account, names.role("cluster-deployer"))
    return [
        "```sh",
        f"aws eks update-kubeconfig --region {platform.region} --name {names.cluster(cluster)} --role-arn {role}",
        then,
        "```",
    ]


def _costs(kind: Kind, platform: Settings, bill: Bill, missing: str | None) -> Iterable[str]:
    if missing is not None:
        yield f"What it costs is not known: {missing}."
        return
    more = f", and {len(bill.unpriced)} things without a price" if bill.unpriced else ""
    yield f"**{per_day(bill):.2f} US dollars a day**{more}."
    if kind == "slice":
        yield f"Its pods run on the nodes of `{platform.environment}`, and are paid there."
    if bill.unpriced:
        named = [f"{each.what} of {each.resource}" for each in bill.unpriced[:_SHOWN]]
        rest = [f"and {len(bill.unpriced) - _SHOWN} more"] if len(bill.unpriced) > _SHOWN else []
        yield f"Without a price, and not in it: {', '.join([*named, *rest])}."


def per_day(bill: Bill) -> Decimal:
    """US dollars."""
    return bill.usd_per_hour * 24
