"""Which stacks a change of a file can touch."""

import pytest

from operations.preview.affected import affected, of_program
from tests.unit.test_imports import ROOT

THERE = {"dev", "prod", "staging", "team-risk"}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ([], []),
        (["stacks/Pulumi.prod.yaml"], ["prod"]),
        (["stacks/Pulumi.team-risk.yaml", "stacks/Pulumi.dev.yaml"], ["dev", "team-risk"]),
        (["docs/previews.md", "stacks/Pulumi.dev.yaml"], ["dev"]),
        (["tiers/network.py"], sorted(THERE)),
        (["stacks/Pulumi.dev.yaml", "planning/names.py"], sorted(THERE)),
        (["requirements/project.txt"], sorted(THERE)),
        (["requirements/project.in"], sorted(THERE)),
        (["policies/rules/rds_tls.py"], sorted(THERE)),
        (["stacks/profiles.yaml"], sorted(THERE)),
        (["planning/prices.json"], sorted(THERE)),
        (["__main__.py"], sorted(THERE)),
        (["Pulumi.yaml"], sorted(THERE)),
        (["contract.py"], sorted(THERE)),
        (["a_new_module.py"], sorted(THERE)),
        (["stacks/README.md"], []),
        (["stacks/schema.json"], []),
        (["README.md", "tiers/README.md"], []),
        (["tests/unit/test_imports.py", "examples/feast/README.md", "bench/cloud.py", "scripts/cost.py"], []),
        (["localcloud/aws/rows/rds.py", "requirements/emulator.txt"], []),
        ([".github/workflows/preview.yaml"], []),
        # What is under a directory of the same name elsewhere is the program's.
        (["tiers/tests/network.py"], sorted(THERE)),
        # A file that is none of a stack's that is, or was, there.
        (["stacks/Pulumi.gone.yaml"], []),
    ],
)
def test_a_change_touches_what_is_made_from_it(changed: list[str], found: list[str]) -> None:
    assert affected(changed, THERE) == found


@pytest.mark.parametrize("part", ["tiers", "components", "planning", "policies", "stacks"])
def test_every_module_that_the_program_or_its_policies_import_touches_every_stack(part: str) -> None:
    not_run = {"stacks/generate.py", "stacks/documentation.py"}
    inert = {str(path.relative_to(ROOT)) for path in (ROOT / part).rglob("*.py") if not of_program(str(path.relative_to(ROOT)))}
    assert inert - not_run == set()
