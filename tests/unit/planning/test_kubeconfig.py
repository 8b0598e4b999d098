import json

from planning.kubeconfig import kubeconfig

CONFIG = json.loads(
    kubeconfig(
        cluster="dev-main",
        endpoint="https://example",
        certificate_authority="Q0E=",
        role_arn="arn:aws:iam::111111111111:role/dev-cluster-admin",
    )
)
EXEC = CONFIG["users"][0]["user"]["exec"]


def test_the_user_becomes_the_role_for_this_cluster() -> None:
    assert EXEC["command"] == "aws"
    assert EXEC["args"][:2] == ["eks", "get-token"]
    assert EXEC["args"][EXEC["args"].index("--cluster-name") + 1] == "dev-main"
    assert EXEC["args"][EXEC["args"].index("--role-arn") + 1] == "arn:aws:iam::111111111111:role/dev-cluster-admin"


def test_nothing_of_whoever_made_it_is_in_it() -> None:
    assert "env" not in EXEC
    assert not {"--profile", "--region"} & set(EXEC["args"])


def test_the_server_is_checked_against_the_clusters_own_authority() -> None:
    assert CONFIG["clusters"][0]["cluster"] == {"server": "https://example", "certificate-authority-data": "Q0E="}
