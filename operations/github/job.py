"""What a job of CI learns from the checkout, and hands to its later steps and to the jobs after it."""

import json
from collections.abc import Mapping
from pathlib import Path

from planning import arns
from planning.documents import ci
from planning.names import Names
from planning.state import backend
from scripts.deployed import SETTINGS, Refused, stack_file


def settings(project: Path, stack: str, purpose: str | None) -> dict[str, str]:
    """In which region a stack is, where pulumi finds the state, and which of its roles a job becomes. Raises Refused."""
    said = stack_file(project, stack)["config"][SETTINGS]
    names = Names(environment=stack, account=str(said["account"]))
    roles = ci.environments(stack, ephemeral=said.get("ci", {}).get("ephemeral", False))
    if purpose not in (None, *roles):
        raise Refused(f"got --role {purpose} of {stack}; expected one of {', '.join(roles)}; set `ci.ephemeral` in its stack file for it")
    role = {} if purpose is None else {"role": arns.role(names.account, names.role(purpose))}
    return {**role, "region": said["region"], "backend": backend(names, said["region"])}


def digest(plan: Path) -> dict[str, str]:
    """The digest of what scripts/deploy.py planned, which is what is approved. Raises Refused."""
    try:
        return {"digest": json.loads(plan.read_text(encoding="utf-8"))["digest"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"got {plan} ({type(error).__name__}); expected a plan; write it with `scripts/deploy.py plan`") from error


def hand_on(outputs: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Appends to the outputs of the step, a line each. Raises Refused for a value that would be two.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
    """
    for name, value in outputs.items():
        if not value.isprintable():
            raise Refused(f"got {name} with {value!r}; expected one line; correct the stack file")
    path = environment.get("GITHUB_OUTPUT")
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())
