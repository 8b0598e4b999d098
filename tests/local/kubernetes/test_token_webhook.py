"""Who gets into a cluster: whoever has an access entry, as far as its access policies go, and nobody else."""

import base64
import time
from typing import Any

import boto3
import pytest
from botocore.signers import RequestSigner

from localcloud import emulator
from localcloud.kubernetes import control_plane
from localcloud.kubernetes.api import Api, ApiError, Kind
from tests.local.kubernetes.conftest import ACCOUNT, REGION, Cluster

NAMESPACES = Kind("v1", "Namespace", "namespaces", namespaced=False)
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "made"}}


def with_token(cluster: Cluster, token: str) -> Api:
    kubeconfig = cluster.kubeconfig(None)
    kubeconfig["users"][0]["user"] = {"token": token}
    return Api.connect(kubeconfig)


def token(cluster: Cluster, *, role: str, name: str = "dev", secret: str | None = None) -> str:
    """The token that `aws eks get-token` makes, for a cluster called `name`; signed with another secret where one is given."""
    keys = cluster.aws("sts").assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="test")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], secret or keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    client: Any = session.client("sts", endpoint_url=emulator.endpoint(cluster.instance))
    signer = RequestSigner(client.meta.service_model.service_id, REGION, "sts", "v4", session.get_credentials(), session.events)
    url = f"{emulator.endpoint(cluster.instance)}/?Action=GetCallerIdentity&Version=2011-06-15"
    request = {"method": "GET", "url": url, "body": {}, "headers": {"x-k8s-aws-id": name}, "context": {}}
    signed = signer.generate_presigned_url(request, region_name=REGION, expires_in=60, operation_name="")
    assert signed is not None
    return "k8s-aws-v1." + base64.urlsafe_b64encode(signed.encode()).decode().rstrip("=")


def status(api: Api) -> int:
    """The HTTP status of looking at the cluster's namespaces."""
    try:
        api.request("GET", "/api/v1/namespaces")
    except ApiError as error:
        return error.status
    return 200


def test_an_administrator_signs_in_with_the_aws_cli(cluster: Cluster) -> None:
    api = Api.connect(cluster.kubeconfig("admin"))
    assert api.apply(NAMESPACES, NAMESPACE, "test", dry_run=True)["metadata"]["name"] == "made"
    review = api.request("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", body={"apiVersion": "authentication.k8s.io/v1"})
    assert review["status"]["userInfo"]["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/EKSGetTokenAuth"


def test_a_viewer_reads_and_may_not_write(cluster: Cluster) -> None:
    api = Api.connect(cluster.kubeconfig("team/viewer"))
    assert status(api) == 200
    with pytest.raises(ApiError, match="cannot patch resource") as refusal:
        api.apply(NAMESPACES, NAMESPACE, "test", dry_run=True)
    assert refusal.value.status == 403


@pytest.mark.parametrize("role", ["nobody", None])
def test_without_an_access_entry_there_is_no_way_in_not_even_for_root(cluster: Cluster, role: str | None) -> None:
    assert status(Api.connect(cluster.kubeconfig(role))) == 401


def test_a_token_for_another_cluster_is_refused(cluster: Cluster) -> None:
    assert status(with_token(cluster, token(cluster, role="admin"))) == 200
    assert status(with_token(cluster, token(cluster, role="admin", name="other"))) == 401


def test_a_forged_signature_is_refused(cluster: Cluster) -> None:
    assert status(with_token(cluster, token(cluster, role="admin", secret="forged"))) == 401


def test_nobody_is_let_in_without_a_token(cluster: Cluster) -> None:
    kubeconfig = cluster.kubeconfig(None)
    kubeconfig["users"][0]["user"] = {}
    assert status(Api.connect(kubeconfig)) == 401


def test_a_removed_access_entry_shuts_the_door_within_seconds(cluster: Cluster) -> None:
    eks, principal = cluster.aws("eks"), f"arn:aws:iam::{ACCOUNT}:role/nobody"
    eks.create_access_entry(clusterName=cluster.key.name, principalArn=principal, kubernetesGroups=["readers"])
    api = with_token(cluster, token(cluster, role="nobody"))
    assert status(api) == 403
    eks.delete_access_entry(clusterName=cluster.key.name, principalArn=principal)
    deadline = time.monotonic() + 10
    while status(api) != 401:
        assert time.monotonic() < deadline, "still let in 10 s after its access entry was removed"
        time.sleep(0.5)


def test_a_refusal_is_explained_in_the_webhooks_log(cluster: Cluster) -> None:
    status(with_token(cluster, token(cluster, role="nobody")))
    log = cluster.instance.path("log", f"{control_plane.WEBHOOK_PROCESS}.log").read_text()
    assert f"create one for arn:aws:iam::{ACCOUNT}:role/nobody" in log
