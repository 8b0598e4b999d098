"""ARNs of things whose names are known before they exist. Partition `aws` only."""


def role(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def account_root(account: str) -> str:
    return f"arn:aws:iam::{account}:root"


def managed_policy(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


def cluster_access_policy(name: str) -> str:
    return f"arn:aws:eks::aws:cluster-access-policy/{name}"


def cluster(region: str, account: str, name: str) -> str:
    return f"arn:aws:eks:{region}:{account}:cluster/{name}"


def log_group(region: str, account: str, name: str) -> str:
    return f"arn:aws:logs:{region}:{account}:log-group:{name}"


def log_deliveries(region: str, account: str) -> str:
    """A pattern that matches whatever an account has delivered as logs: flow logs among them."""
    return f"arn:aws:logs:{region}:{account}:*"


def bucket(name: str) -> str:
    return f"arn:aws:s3:::{name}"
