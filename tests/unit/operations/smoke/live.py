"""An environment that is as it should be, for a test to break in one place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

import contract
from operations.smoke.access import Access, Contract
from operations.smoke.kubernetes import Api, Missing, Object
from planning.documents import buckets
from planning.names import Names

ACCOUNT, REGION = "111111111111", "eu-west-1"
HERE = f"{REGION}:{ACCOUNT}"
KEYS = {domain: f"arn:aws:kms:{HERE}:key/{domain}" for domain in ("features", "models", "clusters", "logs")}
TOPIC = f"arn:aws:sns:{HERE}:dev-alarms"


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/dev-{name}"


def _workspace(tier: str, service_account: str, node_pool: str) -> dict[str, Any]:
    return {
        "cluster": "dev-main",
        "node_pool": node_pool,
        "namespace": tier,
        "service_account": service_account,
        "role_arn": role(f"{tier}-{service_account}"),
        "priority_class": "batch",
    }


CONTRACT = Contract(
    foundation=contract.Foundation(
        repositories={}, alarm_topic_arn=TOPIC, key_arns=KEYS, boundary_arn="arn", profile="development", destroyable=True
    ),
    network=contract.Network(
        vpc_id="vpc-1",
        cidr="10.0.0.0/16",
        zones=("eu-west-1a", "eu-west-1b"),
        public_subnet_ids=(),
        private_subnet_ids=(),
        data_subnet_ids=(),
        private_cidrs=(),
        data_cidrs=(),
    ),
    clusters=contract.Clusters(
        clusters={
            "main": contract.Cluster(
                cluster="dev-main",
                arn="arn",
                version="1.36",
                endpoint="https://api",
                certificate_authority="",
                service_cidr="10.1.0.0/16",
                admin_role_arn=role("cluster-admin"),
            )
        }
    ),
    feature_store=contract.FeatureStore(
        **_workspace("feature-store", "materializer", "feature-store"),
        role_arns={name: role(f"feature-store-{name}") for name in ("materializer", "feature-reader")},
        projects={"credit": contract.FeastProject(project="credit", database="feast_credit")},
        registry_host="registry",
        registry_port=3306,
        registry_database="registry",
        registry_secret_prefix="dev-registry-",
        registry_master_secret_arn="arn",
        mlflow_database="mlflow",
        online_store_host="online-store",
        online_store_port=6379,
        online_store_secret_prefix="dev-online-store-",
        online_store_user_group="dev-online-store",
        offline_bucket="offline",
        staging_bucket="staging",
        glue_database="dev_features",
        athena_workgroup="dev-features",
        feature_event_stream="dev-feature-events",
        decision_event_stream=None,
        decision_log_bucket=None,
    ),
    serving=contract.Serving(
        **_workspace("serving", "model-server", "serving"),
        models_bucket="models",
        release_prefix="release/",
        replica_cpus=1,
        replicas_min=2,
        replicas_wanted=2,
        replicas_max=4,
    ),
    training=contract.Training(
        **_workspace("training", "trainer", "training-cpu"),
        datasets_bucket="datasets",
        checkpoints_bucket="checkpoints",
        models_bucket="models",
        candidate_prefix="candidates/",
        gpu_node_pool=None,
    ),
)
BUCKETS = {"offline": "features", "staging": "features", "models": "models", "datasets": "models", "checkpoints": "models"}

Answer = Any
"""What an operation returns, or raises."""


def refusal(code: str, operation: str = "Operation") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "because"}}, operation)


class World:
    """AWS's answers by service, operation and what is asked about; and the objects of the cluster by path."""

    def __init__(self) -> None:
        self.aws: dict[tuple[str, str, str], Answer] = copy.deepcopy(_aws())
        self.objects: dict[str, Object] = copy.deepcopy(_objects())
        self.asked: set[tuple[str, str]] = set()

    def access(self, ca: Path | None = None) -> Access:
        return Access(names=Names(environment="dev", account=ACCOUNT), region=REGION, client=lambda service: _Client(self, service), ca=ca)

    def api(self) -> Api:
        return _Api(self)


class _Api(Api):
    def __init__(self, world: World) -> None:
        super().__init__(CONTRACT.clusters.clusters["main"], REGION)
        self._world = world

    def answers(self) -> str:
        return self.get("/version")["gitVersion"]

    def get(self, path: str) -> Object:
        if path not in self._world.objects:
            raise Missing("not there")
        return self._world.objects[path]


class _Client:
    def __init__(self, world: World, service: str) -> None:
        self._world, self._service = world, service

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**given: Any) -> Any:
            self._world.asked.add((self._service, operation))
            about = next((value for key, value in given.items() if isinstance(value, str) and key not in ("clusterName", "namespace")), "")
            answer = self._world.aws[self._service, operation, about]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    def get_paginator(self, operation: str) -> Any:
        return _Pages(getattr(self, operation))


class _Pages:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **given: Any) -> list[Any]:
        return [self._call(**given)]


def _aws() -> dict[tuple[str, str, str], Answer]:
    found: dict[tuple[str, str, str], Answer] = {
        ("eks", "describe_cluster", "dev-main"): {"cluster": {"status": "ACTIVE", "version": "1.36"}},
        ("cloudwatch", "describe_alarms", TOPIC): {"MetricAlarms": [{"AlarmName": "lag", "StateValue": "OK", "AlarmActions": [TOPIC]}]},
        ("kinesis", "describe_stream_summary", "dev-feature-events"): {
            "StreamDescriptionSummary": {"StreamStatus": "ACTIVE", "EncryptionType": "KMS", "KeyId": KEYS["features"]}
        },
        ("rds", "describe_db_instances", "dev-registry"): {
            "DBInstances": [
                {
                    "DBInstanceStatus": "available",
                    "PubliclyAccessible": False,
                    "KmsKeyId": KEYS["features"],
                }
            ]
        },
        ("elasticache", "describe_replication_groups", "dev-online-store"): {
            "ReplicationGroups": [
                {
                    "Status": "available",
                    "TransitEncryptionEnabled": True,
                    "TransitEncryptionMode": "required",
                    "AtRestEncryptionEnabled": True,
                    "KmsKeyId": KEYS["features"],
                }
            ]
        },
    }
    for key in KEYS.values():
        found["kms", "describe_key", key] = {"KeyMetadata": {"KeyState": "Enabled"}}
        found["kms", "get_key_rotation_status", key] = {"KeyRotationEnabled": True}
    for bucket, domain in BUCKETS.items():
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEYS[domain]}
        blocks = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
        found["s3", "get_bucket_encryption", bucket] = {
            "ServerSideEncryptionConfiguration": {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
        }
        found["s3", "get_public_access_block", bucket] = {"PublicAccessBlockConfiguration": blocks}
        found["s3", "get_bucket_versioning", bucket] = {"Status": "Enabled"}
        found["s3", "get_bucket_policy", bucket] = {"Policy": tls_only(bucket)}
    for account, arn in {**CONTRACT.feature_store.role_arns, "model-server": role("serving-model-server")}.items():
        found.update(_association(account, arn))
    found.update(_association("trainer", role("training-trainer")))
    return found


def tls_only(bucket: str) -> str:
    return buckets.tls_only(bucket)


def _association(account: str, arn: str) -> dict[tuple[str, str, str], Answer]:
    return {
        ("eks", "list_pod_identity_associations", account): {"associations": [{"associationId": f"a-{account}"}]},
        ("eks", "describe_pod_identity_association", f"a-{account}"): {"association": {"roleArn": arn}},
    }


def _objects() -> dict[str, Object]:
    pools = [
        {"metadata": {"name": name}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
        # Nodes of serving are static: a pool for each zone.
        for name in ("platform", "feature-store", "serving-eu-west-1a", "serving-eu-west-1b", "training-cpu")
    ]
    found: dict[str, Object] = {"/version": {"gitVersion": "v1.36.2"}, "/apis/karpenter.sh/v1/nodepools": {"items": pools}}
    hard = {"pods": "10"}
    for workspace in CONTRACT.workspaces.values():
        namespace = workspace.namespace
        found[f"/api/v1/namespaces/{namespace}/resourcequotas"] = {"items": [{"spec": {"hard": hard}, "status": {"hard": hard}}]}
        found[f"/apis/networking.k8s.io/v1/namespaces/{namespace}/networkpolicies/default-deny"] = {
            "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
        }
        found[f"/apis/apps/v1/namespaces/{namespace}/deployments"] = {"items": [deployment("web", replicas=2)]}
        found[f"/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets"] = {"items": [budget({"matchLabels": {"app": "web"}})]}
        for account in {**CONTRACT.feature_store.role_arns, "model-server": "", "trainer": ""}:
            found[f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}"] = {"metadata": {"name": account}}
    return found


def deployment(name: str, *, replicas: int, labels: dict[str, str] | None = None) -> Object:
    labels = {"app": name} if labels is None else labels
    return {"metadata": {"name": name}, "spec": {"replicas": replicas, "template": {"metadata": {"labels": labels}}}}


def budget(selector: Object | None) -> Object:
    return {"spec": {} if selector is None else {"selector": selector}}
