"""What follows from the size of a MySQL server: how many connect, and what RDS watches it with. What it is set to."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from planning.catalogue import DB_INSTANCE_CLASSES

InsightsMode: TypeAlias = Literal["standard", "advanced"]

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.Engines.html, read November 2026.
CLASSES_WITHOUT_INSIGHTS = frozenset({"db.t2.micro", "db.t2.small", "db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small"})

INSIGHTS_DAYS: Mapping[InsightsMode, int] = {"standard": 7, "advanced": 465}
"""How long Performance Insights keeps what it measured. Standard: what costs nothing; advanced takes no less:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.TurningOnAdvanced.html."""

# RDS's own default is one connection for each 12 MiB (DBInstanceClassMemory/12582880), of memory less what it takes for itself, which it
# tells nobody before: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections. The buffer pool
# has three quarters of the memory, so 16 MiB of the whole leave each connection 4 beside it, and the limit stays below RDS's.
_MIB_PER_CONNECTION = 16

# MLflow's four workers (https://mlflow.org/docs/latest/cli.html#mlflow-server), each with what SQLAlchemy's pool opens at most:
# five, and ten that overflow (https://docs.sqlalchemy.org/en/20/core/pooling.html#sqlalchemy.pool.QueuePool).
_MLFLOW = 4 * (5 + 10)
# Jobs and training pods, which read the registry once and leave; people; RDS itself.
_PASSING = 30


def max_connections(instance_class: str) -> int | None:
    """How many may be connected at once to a server of this class. None: its memory is not known, and RDS's default holds."""
    memory_gib = DB_INSTANCE_CLASSES[instance_class].memory_gib
    return None if memory_gib is None else int(memory_gib * 1024) // _MIB_PER_CONNECTION


def connections_needed(feast_pods: int) -> int:
    """How many connect where `feast_pods` pods run Feast: each keeps one, for it reads the registry into memory, one read at a time."""
    return feast_pods + _MLFLOW + _PASSING


def parameters(instance_class: str) -> Mapping[str, str]:
    """The parameters of its group. All are dynamic: a change takes effect at once, without a restart.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html
    """
    limit = max_connections(instance_class)
    return {
        "character_set_server": "utf8mb4",
        "collation_server": "utf8mb4_0900_ai_ci",
        # Only files are exported to CloudWatch Logs: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.LogFileSize.html.
        "log_output": "FILE",
        # Seconds. Feast and MLflow read and write single rows by their keys: what takes one second is amiss.
        "long_query_time": "1",
        **({} if limit is None else {"max_connections": str(limit)}),
        "require_secure_transport": "1",
        "slow_query_log": "1",
    }
