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


def policy(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:policy/{name}"


def oidc_provider(account: str, issuer: str) -> str:
    return f"arn:aws:iam::{account}:oidc-provider/{issuer}"


def secret(region: str, account: str, name: str) -> str:
    return f"arn:aws:secretsmanager:{region}:{account}:secret:{name}"


def database(region: str, account: str, identifier: str) -> str:
    return f"arn:aws:rds:{region}:{account}:db:{identifier}"


def topic(region: str, account: str, name: str) -> str:
    return f"arn:aws:sns:{region}:{account}:{name}"


def build_project(region: str, account: str, name: str) -> str:
    return f"arn:aws:codebuild:{region}:{account}:project/{name}"


def subnet(region: str, account: str, subnet_id: str) -> str:
    return f"arn:aws:ec2:{region}:{account}:subnet/{subnet_id}"


def repository(region: str, account: str, name: str) -> str:
    return f"arn:aws:ecr:{region}:{account}:repository/{name}"


def parameter(region: str, account: str, name: str) -> str:
    """Of a parameter whose name begins with a slash, which `name` has, and the ARN only once."""
    return f"arn:aws:ssm:{region}:{account}:parameter{name}"
