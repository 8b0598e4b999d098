"""By whom databases are certified: CKV_AWS_211."""

from collections.abc import Iterator

from policies.rule import UNKNOWN, Finding, Resource, ResourceRule, Unverified, Violation

# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
MODERN = ("rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1", "rds-ca-ecc384-g1")


def _check(resource: Resource) -> Iterator[Finding]:
    authority = resource.properties.get("caCertIdentifier")
    if authority is UNKNOWN:
        yield Unverified(f"caCertIdentifier is not known yet; it must be one of {', '.join(MODERN)}.")
    elif authority not in MODERN:
        shown = "not set" if authority is None else repr(authority)
        yield Violation(f"caCertIdentifier is {shown}: set it to one of {', '.join(MODERN)}. Clients verify the server by it.")


RULE = ResourceRule(
    name="rds-ca",
    description="A database's certificate is of an authority that RDS still renews.",
    types=frozenset({"aws:rds/instance:Instance"}),
    check=_check,
)
