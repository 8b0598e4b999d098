"""A `feature_store.yaml` of Feast, as text: what is read where, and whose secret is used for it.

Feast puts environment variables in place of ${NAME} when it reads the file, so that no password is in it:
https://docs.feast.dev/how-to-guides/running-feast-in-production#5.-using-environment-variables-in-your-yaml-configuration
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["reader", "writer", "admin"]

REGISTRY_PASSWORD, ONLINE_STORE_USERNAME, ONLINE_STORE_PASSWORD = "REGISTRY_PASSWORD", "ONLINE_STORE_USERNAME", "ONLINE_STORE_PASSWORD"

RIGHTS = {"reader": "ro", "writer": "dml", "admin": "ddl"}
"""As which user of the project's database each role reads the registry: planning/databases.py."""

RDS_CA = "/etc/ssl/rds/global-bundle.pem"
"""Where the certificates of RDS's authorities are put: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html."""
PUBLIC_CA = "/etc/ssl/certs/ca-certificates.crt"
"""Of Debian's images. ElastiCache's certificates are of Amazon's public authority:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html."""


@dataclass(frozen=True, kw_only=True)
class FeastConfig:
    """What the file is made of; hosts, names and paths as the contract has them."""

    role: Role
    project: str
    """In Feast."""
    database: str
    registry_host: str
    registry_port: int
    registry_ca: str
    registry_secret: str
    online_store_host: str
    online_store_port: int
    online_store_ca: str
    online_store_secret: str
    offline_bucket: str
    staging_bucket: str

    @property
    def registry_user(self) -> str:
        return f"{self.database}_{RIGHTS[self.role]}"


def text(config: FeastConfig) -> str:
    """The file. Whoever reads features cannot make tables, so only `admin` lets Feast do that; the others check that they are there."""
    # Without `ssl_ca` PyMySQL trusts whoever answers.
    path = (
        f"mysql+pymysql://{config.registry_user}:${{{REGISTRY_PASSWORD}}}@{config.registry_host}:{config.registry_port}"
        f"/{config.database}?ssl_ca={config.registry_ca}"
    )
    connection = ",".join(
        (
            f"{config.online_store_host}:{config.online_store_port}",
            "ssl=true",
            "ssl_cert_reqs=required",
            f"ssl_ca_certs={config.online_store_ca}",
            f"username=${{{ONLINE_STORE_USERNAME}}}",
            f"password=${{{ONLINE_STORE_PASSWORD}}}",
        )
    )
    return f"""\
# For a {config.role}, by scripts/feast_config.py. Before Feast is run, put into its environment:
#   {REGISTRY_PASSWORD}: `password` of the secret {config.registry_secret}
#   {ONLINE_STORE_USERNAME}, {ONLINE_STORE_PASSWORD}: `username` and `password` of the secret {config.online_store_secret}
project: {config.project}
provider: local
registry:
  registry_type: sql
  path: "{path}"
  schema_mode: {"auto" if config.role == "admin" else "verify"}
  cache_ttl_seconds: 60
  sqlalchemy_config_kwargs:
    pool_pre_ping: true
    pool_recycle: 300
online_store:
  type: redis
  redis_type: redis_cluster
  connection_string: "{connection}"
  # No user of the platform may scan the cache: values of a view that is deleted stay, unread.
  full_scan_for_deletion: false
offline_store:
  # Feature views read parquet below s3://{config.offline_bucket}/{config.project}/; what jobs leave for each other goes below
  # s3://{config.staging_bucket}/{config.project}/.
  type: dask
entity_key_serialization_version: 3
"""
