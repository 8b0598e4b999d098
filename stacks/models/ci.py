"""Who previews and deploys."""

from stacks.fields import GithubIds, GithubRepository, LogRetentionDays
from stacks.models.base import Model


class Ci(Model):
    """GitHub Actions: jobs of the GitHub environments `preview-STACK` and `read-STACK` preview, those of STACK deploy; those of
    `ephemeral-STACK` and `reap-STACK` make and remove environments of pull requests."""

    github_repository: GithubRepository
    """OWNER/NAME. Jobs of no other repository, and of no fork, become a role of this environment."""
    github_ids: GithubIds | None = None
    """Ids of owner and repository, where GitHub puts them into the subjects of jobs, as it does for repositories made, renamed or moved
    after July 2026: `gh api repos/OWNER/NAME/actions/oidc/customization/sub` shows them."""
    runner: bool
    """Whether jobs run inside the VPC, in CodeBuild: needed where a cluster's API is reached only from there."""
    ephemeral: bool = False
    """Whether pull requests get environments of their own beside this one: slices of it, and whole ones in its account. Only with the
    profile `development`."""
    log_retention_days: LogRetentionDays = 365
    """How long the logs of the runner's jobs are kept."""
