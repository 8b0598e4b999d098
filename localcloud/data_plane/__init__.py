"""The servers that answer behind databases and caches: MariaDB for RDS MySQL, a redis cluster for ElastiCache."""
