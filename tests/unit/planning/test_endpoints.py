import pytest

from planning import endpoints


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), ("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth")),
        (("eks-auth", "ecr.dkr", "sts"), ("ec2", "ecr.api", "eks")),
        (("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth"), ()),
    ],
)
def test_what_nodes_lack_is_named(given: tuple[str, ...], missing: tuple[str, ...]) -> None:
    assert endpoints.missing(given) == missing
