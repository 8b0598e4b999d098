"""Who previews and deploys."""

from stacks.fields import GithubRepository, LogRetentionDays
from stacks.models.base import Model


class Ci(Model):
    """GitHub Actions: its pull requests preview, its GitHub environment of the stack's name deploys."""

    github_repository: GithubRepository
    """OWNER/NAME. Jobs of no other repository, and of no fork, become a role of this environment."""
    runner: bool
    """Whether jobs run inside the VPC, in CodeBuild: needed where a cluster's API is reached only from there."""
    log_retention_days: LogRetentionDays = 365
    """How long the logs of the runner's jobs are kept."""
