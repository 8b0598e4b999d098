"""Whom jobs of GitHub Actions become, each role in GitHub environments of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.boundary import Boundary, BoundaryArgs
from components.ci_role import CiRole, CiRoleArgs
from planning.documents import ci, ephemeral, ephemeral_boundary, trust
from stacks import models
from tiers.environment import Environment


@dataclass(frozen=True, kw_only=True)
class CiRolesArgs:
    environment: Environment
    ci: models.Ci
    boundary_arn: pulumi.Input[str]
    """The environment's own."""


@dataclass(frozen=True, kw_only=True)
class _Does:
    """What a role does, in words and in policies, and within which boundary."""

    description: str
    policies: Mapping[str, str]
    boundary_arn: pulumi.Input[str]


def ci_roles(args: CiRolesArgs, child: pulumi.ResourceOptions) -> None:
    """One role that previews and one that deploys; where pull requests get environments of their own, one that makes these and one that
    removes them, within a boundary that all roles of these carry too."""
    environment, names = args.environment, args.environment.names
    repository = trust.in_subjects(args.ci.github_repository, args.ci.github_ids)
    roles = {ci.PREVIEW: _preview(args), ci.DEPLOY: _deploy(args), **(_for_pull_requests(args, child) if args.ci.ephemeral else {})}
    jobs = ci.environments(names.environment, ephemeral=args.ci.ephemeral)
    for purpose, does in roles.items():
        made = CiRoleArgs(
            role=names.role(purpose),
            description=does.description,
            trust=trust.github(environment.account, *(trust.deployment(repository, each) for each in jobs[purpose])),
            boundary_arn=does.boundary_arn,
            session_seconds=ci.SESSION_SECONDS[purpose],
            policies=does.policies,
        )
        CiRole(purpose, made, child)


def _preview(args: CiRolesArgs) -> _Does:
    policies = ci.preview(args.environment.names, args.environment.region)
    return _Does(description="Previews pull requests", policies=policies, boundary_arn=args.boundary_arn)


def _deploy(args: CiRolesArgs) -> _Does:
    environment = args.environment
    policies = ci.deploy(environment.names, environment.region, destroyable=environment.destroyable)
    return _Does(description="Deploys the environment", policies=policies, boundary_arn=args.boundary_arn)


def _for_pull_requests(args: CiRolesArgs, child: pulumi.ResourceOptions) -> Mapping[str, _Does]:
    environment, names, region = args.environment, args.environment.names, args.environment.region
    policy, document = names.policy(ephemeral_boundary.PURPOSE), ephemeral_boundary.boundary(names, region)
    boundary = Boundary(ephemeral_boundary.PURPOSE, BoundaryArgs(account=environment.account, policy=policy, document=document), child)
    return {
        ci.EPHEMERAL: _Does(
            description="Makes environments of pull requests", policies=ephemeral.create(names, region), boundary_arn=boundary.arn
        ),
        ci.REAP: _Does(
            description="Removes environments of pull requests", policies=ephemeral.reap(names, region), boundary_arn=boundary.arn
        ),
    }
