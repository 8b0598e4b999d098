"""Physical names that another system must know in advance. A name that breaks an AWS limit is refused, never truncated."""

import re
from dataclasses import dataclass

from planning.refusal import Refused

PROJECT = "ml-platform"

LONGEST_ENVIRONMENT = 16
LONGEST_CLUSTER = 16
LONGEST_TEAM = 32


@dataclass(frozen=True)
class _Limit:
    kind: str
    longest: int
    pattern: str
    rule: str


# Each service's API reference, read November 2026.
_BUCKET = _Limit("S3 bucket", 63, r"[a-z0-9][a-z0-9-]+[a-z0-9]", "lower-case letters, digits and hyphens")
_ROLE = _Limit("IAM role", 64, r"[\w+=,.@-]+", "letters, digits and +=,.@_-")
_CLUSTER = _Limit("EKS cluster", 100, r"[0-9A-Za-z][0-9A-Za-z_-]*", "letters, digits, hyphens and underscores")
_DATABASE = _Limit("RDS identifier", 63, r"[a-z](?!.*--)[a-z0-9-]*[a-z0-9]", "a letter first, no double and no trailing hyphen")
_CACHE = _Limit("ElastiCache replication group", 40, r"[a-z](?!.*--)[a-z0-9-]*[a-z0-9]", "a letter first, no double and no trailing hyphen")
_CACHE_USER = _Limit("ElastiCache user", 40, r"[a-z](?!.*--)[a-z0-9-]*[a-z0-9]", "a letter first, no double and no trailing hyphen")
_ALIAS = _Limit("KMS alias", 256, r"alias/(?!aws/)[\w/-]+", "alias/ first, then letters, digits and /_-")
_LOG_GROUP = _Limit("log group", 512, r"[\w./#-]+", "letters, digits and ./#_-")
_POLICY = _Limit("IAM policy", 128, r"[\w+=,.@-]+", "letters, digits and +=,.@_-")
_TOPIC = _Limit("SNS topic", 256, r"[\w-]+", "letters, digits, hyphens and underscores")
_BUDGET = _Limit("budget", 100, r"[^:\\]+", "no colon and no backslash")
_REPOSITORY = _Limit(
    "ECR repository", 256, r"[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*", "lower-case letters, digits and single ._-/ between"
)
_SECRET = _Limit("Secrets Manager secret", 512, r"[\w/+=.@-]+", "letters, digits and /_+=.@-")
_BUILD_PROJECT = _Limit("CodeBuild project", 150, r"[A-Za-z0-9][\w-]+", "letters, digits, hyphens and underscores")
_STREAM = _Limit("Kinesis stream", 128, r"[\w.-]+", "letters, digits and ._-")
_DELIVERY_STREAM = _Limit("Firehose stream", 64, r"[\w.-]+", "letters, digits and ._-")
_WORKGROUP = _Limit("Athena workgroup", 128, r"[\w.-]+", "letters, digits and ._-")
# Glue takes more, Athena does not: https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html.
_CATALOG_DATABASE = _Limit("Glue database", 255, r"[a-z0-9_]+", "lower-case letters, digits and underscores")

PULL_REQUESTS = "pr-"
"""What the stacks of pull requests are called, before their number. What CI may do with them goes by it: nothing else is called so."""

EXPIRES_TAG = "ml-platform/expires"
"""The tag with the last day of what goes by itself, such as 2027-01-31: scripts/slice.py deletes nothing that does not have it."""

STATE_KEY = "alias/pulumi-state"
"""The alias of the key that encrypts the states of an account, and the secrets in them."""


@dataclass(frozen=True)
class Names:
    """The names of one environment in one account. Every method raises Refused for a name that AWS would not take."""

    environment: str
    account: str

    @property
    def deployment(self) -> str:
        """What marks everything this stack makes, whoever makes it: the value of the tag `deployment`."""
        return f"{PROJECT}/{self.environment}"

    def bucket(self, purpose: str) -> str:
        """Bucket names are global: the account keeps them apart from everybody else's."""
        return _checked(_BUCKET, f"{PROJECT}-{self.environment}-{purpose}-{self.account}")

    def role(self, purpose: str) -> str:
        return _checked(_ROLE, f"{self.environment}-{purpose}")

    def cluster(self, cluster: str) -> str:
        return _checked(_CLUSTER, f"{self.environment}-{cluster}")

    def add_on_role(self, cluster: str, service_account: str) -> str:
        """The role of an add-on, by the service account that it runs as: add-ons have names too long for a role's."""
        return self.role(f"{cluster}-{service_account}")

    @property
    def any_role(self) -> str:
        """A pattern that matches every role of this environment, and no other's."""
        return f"{self.environment}-*"

    def policy(self, purpose: str) -> str:
        return _checked(_POLICY, f"{self.environment}-{purpose}")

    def topic(self, purpose: str) -> str:
        return _checked(_TOPIC, f"{self.environment}-{purpose}")

    def budget(self, period: str) -> str:
        return _checked(_BUDGET, f"{self.environment}-{period}")

    def repository(self, image: str) -> str:
        return _checked(_REPOSITORY, f"{PROJECT}/{self.environment}/{image}")

    @property
    def any_repository(self) -> str:
        """A pattern that matches every repository of this environment."""
        return f"{PROJECT}/{self.environment}/*"

    @property
    def any_bucket(self) -> str:
        """A pattern that matches every bucket of this environment, and not that of the states, whatever the environment is called."""
        return f"{PROJECT}-{self.environment}-*-{self.account}"

    @property
    def any_secret(self) -> str:
        """A pattern that matches every secret of this environment. RDS names those of databases itself."""
        return f"{self.environment}-*"

    def secret(self, of: str, user: str) -> str:
        """What holds the password of a user of `of`, which is what the user belongs to."""
        return _checked(_SECRET, f"{self.environment}-{of}-{user}")

    def build_project(self, purpose: str) -> str:
        return _checked(_BUILD_PROJECT, f"{self.environment}-{purpose}")

    def build_log_group(self, purpose: str) -> str:
        return _checked(_LOG_GROUP, f"/aws/codebuild/{self.build_project(purpose)}")

    @property
    def state_bucket(self) -> str:
        """Where the account keeps the states of its stacks: made once per account, and by no stack."""
        return _checked(_BUCKET, f"{PROJECT}-state-{self.account}")

    @property
    def state_logs_bucket(self) -> str:
        """Who read or wrote the states. It ends with its purpose, so that it is no bucket of an environment called `state`."""
        return _checked(_BUCKET, f"{PROJECT}-state-{self.account}-logs")

    @property
    def any_cluster(self) -> str:
        """A pattern that matches every cluster of this environment."""
        return f"{self.environment}-*"

    def cluster_log_group(self, cluster: str) -> str:
        """Where EKS writes control-plane logs: it offers no choice."""
        return _checked(_LOG_GROUP, f"/aws/eks/{self.cluster(cluster)}/cluster")

    def container_log_group(self, cluster: str, of: str) -> str:
        """Where the CloudWatch add-on writes what containers and nodes say: it offers no choice."""
        return _checked(_LOG_GROUP, f"/aws/containerinsights/{self.cluster(cluster)}/{of}")

    @property
    def any_log_group(self) -> tuple[str, ...]:
        """Patterns that match every log group of this environment."""
        services = ("codebuild", "containerinsights", "eks", "kinesisfirehose", "rds/instance", "vendedlogs/elasticache")
        return tuple(f"/aws/{service}/{self.environment}-*" for service in services)

    def database(self, purpose: str) -> str:
        return _checked(_DATABASE, f"{self.environment}-{purpose}")

    def database_log_group(self, purpose: str, export: str) -> str:
        """Where RDS writes an exported log: it offers no choice."""
        return _checked(_LOG_GROUP, f"/aws/rds/instance/{self.database(purpose)}/{export}")

    def replication_group(self, purpose: str) -> str:
        return _checked(_CACHE, f"{self.environment}-{purpose}")

    def stream(self, purpose: str) -> str:
        return _checked(_STREAM, f"{self.environment}-{purpose}")

    def delivery_stream(self, purpose: str) -> str:
        return _checked(_DELIVERY_STREAM, f"{self.environment}-{purpose}")

    def delivery_log_group(self, purpose: str) -> str:
        """Where a Firehose stream says what it could not deliver."""
        return _checked(_LOG_GROUP, f"/aws/kinesisfirehose/{self.delivery_stream(purpose)}")

    def workgroup(self, purpose: str) -> str:
        return _checked(_WORKGROUP, f"{self.environment}-{purpose}")

    def catalog_database(self, purpose: str) -> str:
        """In SQL a hyphen ends a name."""
        return _checked(_CATALOG_DATABASE, f"{self._in_sql}_{purpose}")

    @property
    def any_catalog_database(self) -> str:
        """A pattern that matches every Glue database of this environment."""
        return f"{self._in_sql}_*"

    @property
    def _in_sql(self) -> str:
        return self.environment.replace("-", "_")

    def cache_user(self, user: str) -> str:
        """Users are an account's and a region's, not a replication group's."""
        return _checked(_CACHE_USER, f"{self.environment}-{user}")

    def cache_log_group(self, purpose: str, log: str) -> str:
        """Under the prefix that AWS allows all log deliveries in once the account's policy for them, of 5,120 characters, is nearly full:
        https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html."""
        return _checked(_LOG_GROUP, f"/aws/vendedlogs/elasticache/{self.replication_group(purpose)}/{log}")

    def key_alias(self, domain: str) -> str:
        return _checked(_ALIAS, f"alias/{self.environment}-{domain}")


def _checked(limit: _Limit, name: str) -> str:
    if len(name) > limit.longest:
        raise Refused(
            got=f"{limit.kind} `{name}`, {len(name)} characters",
            expected=f"at most {limit.longest}",
            remedy=f"shorten the environment or the purpose by {len(name) - limit.longest}",
        )
    if not re.fullmatch(limit.pattern, name):
        raise Refused(got=f"{limit.kind} `{name}`", expected=limit.rule, remedy="rename the environment or the purpose")
    return name
