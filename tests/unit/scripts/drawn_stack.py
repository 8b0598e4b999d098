"""A small stack as a state has it: a cluster, a database that it is let into, a bucket, and a role of one service account."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

TIER = "ml-platform:tiers:FeatureStore"
ROLE_ARN = "arn:aws:iam::111111111111:role/reader"
BUCKET_ARN = "arn:aws:s3:::dev-features"


def urn(type_: str, name: str, *components: str) -> str:
    return f"urn:pulumi:dev::ml-platform::{'$'.join((TIER, *components, type_))}::{name}"


def made(
    type_: str, name: str, /, *, inside: str = "", taken_from: Mapping[str, Sequence[str]] | None = None, **inputs: Any
) -> dict[str, Any]:
    """A resource of the tier, or inside of the component with this name."""
    component = "ml-platform:components:Some"
    return {
        "urn": urn(type_, name, *([component] if inside else [])),
        "type": type_,
        "id": f"{name}-id",
        "parent": urn(component, inside) if inside else f"urn:pulumi:dev::ml-platform::{TIER}::feature-store",
        "inputs": inputs,
        "propertyDependencies": taken_from or {},
    }


def component(name: str) -> dict[str, Any]:
    parent = f"urn:pulumi:dev::ml-platform::{TIER}::feature-store"
    return {"urn": urn("ml-platform:components:Some", name), "type": "ml-platform:components:Some", "parent": parent}


def document(actions: Any, resource: Any, effect: str = "Allow") -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": actions, "Resource": resource}]})


CLUSTER = made("aws:eks/cluster:Cluster", "main", name="dev-main")
DATABASE = made("aws:rds/instance:Instance", "registry", inside="registry", identifier="dev-registry")
GROUP = made("aws:ec2/securityGroup:SecurityGroup", "registry", inside="registry")
RULE = made(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "registry-main",
    inside="registry",
    taken_from={"referencedSecurityGroupId": [CLUSTER["urn"]], "securityGroupId": [GROUP["urn"]]},
    fromPort=3306,
)
BUCKET = made("aws:s3/bucket:Bucket", "features", inside="features", bucket="dev-features")
VERSIONING = made("aws:s3/bucketVersioning:BucketVersioning", "features", inside="features", bucket="dev-features")
STREAM = made("aws:kinesis/stream:Stream", "events", name="dev-events")
SECRET = made("aws:secretsmanager/secret:Secret", "password", name="dev-password")
ROLE = made("aws:iam/role:Role", "reader", inside="reader", name="reader")
ASSOCIATION = made(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "reader",
    inside="reader",
    taken_from={"roleArn": [ROLE["urn"]], "clusterName": [CLUSTER["urn"]]},
    namespace="serving",
    serviceAccount="reader",
)
COMPONENTS = [component(name) for name in ("registry", "features", "reader")]
STACK = [*COMPONENTS, CLUSTER, DATABASE, GROUP, RULE, BUCKET, VERSIONING, STREAM, SECRET, ROLE, ASSOCIATION]


def allowed(policy: str, *taken_from: str) -> dict[str, Any]:
    """A document of the role."""
    behind = {"role": [ROLE["urn"]], "policy": list(taken_from)}
    return made("aws:iam/rolePolicy:RolePolicy", "reader-data", inside="reader", taken_from=behind, policy=policy)
