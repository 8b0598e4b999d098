"""Compliant resources, one per type that the rules are about. A test breaks one property and sees the rule find it."""

import json
from collections.abc import Mapping
from typing import Any

from policies.rule import Finding, Resource, ResourceRule, Unverified, Violation

BUCKET = "aws:s3/bucket:Bucket"
BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
BUCKET_ACL = "aws:s3/bucketAcl:BucketAcl"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
LOGGING = "aws:s3/bucketLogging:BucketLogging"
REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
STREAM = "aws:kinesis/stream:Stream"
DELIVERY = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
WORKGROUP = "aws:athena/workgroup:Workgroup"
DATABASE = "aws:rds/instance:Instance"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
EVENTS = "aws:rds/eventSubscription:EventSubscription"
SELECTION = "aws:backup/selection:Selection"
SNAPSHOT = "aws:rds/snapshot:Snapshot"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
CACHE_USER = "aws:elasticache/user:User"
SECRET = "aws:secretsmanager/secret:Secret"
CLUSTER = "aws:eks/cluster:Cluster"
KEY = "aws:kms/key:Key"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
VPC = "aws:ec2/vpc:Vpc"
FLOW_LOG = "aws:ec2/flowLog:FlowLog"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"

TAGS = {
    "environment": "test",
    "profile": "production",
    "owner": "team",
    "cost-centre": "ml-1",
    "data-classification": "internal",
}
READING = {"Sid": "Reading", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::data/*"}
TO_ROLE = {**READING, "Principal": {"AWS": "arn:aws:iam::111111111111:role/reader"}}

TLS_ONLY = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ACCOUNT = "111111111111"
KEY_ARN = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"


def document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


COMPLIANT: Mapping[str, Mapping[str, Any]] = {
    BUCKET: {"bucket": "data", "acl": "private", "forceDestroy": False, "objectLockEnabled": True},
    BLOCK: {"bucket": "data", "blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True},
    BUCKET_ACL: {"bucket": "data", "acl": "private"},
    BUCKET_POLICY: {"bucket": "data", "policy": document(TLS_ONLY, TO_ROLE)},
    ENCRYPTION: {
        "bucket": "data",
        "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY_ARN}}],
    },
    VERSIONING: {"bucket": "data", "versioningConfiguration": {"status": "Enabled"}},
    LIFECYCLE: {
        "bucket": "data",
        "rules": [
            {
                "status": "Enabled",
                "noncurrentVersionExpiration": {"noncurrentDays": 30},
                "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
            }
        ],
    },
    LOGGING: {"bucket": "data", "targetBucket": "logs", "targetPrefix": "data/"},
    LOCK: {"bucket": "data", "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 365}}},
    REPLICATION: {"bucket": "data", "rules": [{"status": "Enabled", "destination": {"bucket": "arn:aws:s3:::copy"}}]},
    NOTIFICATION: {"bucket": "data", "eventbridge": True},
    STREAM: {"encryptionType": "KMS", "kmsKeyId": KEY_ARN},
    DELIVERY: {"kinesisSourceConfiguration": {"kinesisStreamArn": "arn"}, "extendedS3Configuration": {"kmsKeyArn": KEY_ARN}},
    WORKGROUP: {
        "configuration": {
            "enforceWorkgroupConfiguration": True,
            "resultConfiguration": {"encryptionConfiguration": {"encryptionOption": "SSE_KMS", "kmsKeyArn": KEY_ARN}},
        }
    },
    DATABASE: {
        "storageEncrypted": True,
        "kmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/1",
        "publiclyAccessible": False,
        "dbSubnetGroupName": "data",
        "parameterGroupName": "registry",
        "caCertIdentifier": "rds-ca-rsa2048-g1",
        "identifier": "registry",
        "arn": f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:registry",
        "engine": "mysql",
        "engineLifecycleSupport": "open-source-rds-extended-support-disabled",
        "username": "administrator",
        "port": 3307,
        "manageMasterUserPassword": True,
        "iamDatabaseAuthenticationEnabled": True,
        "autoMinorVersionUpgrade": True,
        "copyTagsToSnapshot": True,
        "multiAz": True,
        "backupRetentionPeriod": 14,
        "deletionProtection": True,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "registry-final",
        "enabledCloudwatchLogsExports": ["error", "slowquery"],
        "monitoringInterval": 60,
        "performanceInsightsEnabled": True,
        "performanceInsightsKmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/1",
    },
    PARAMETERS: {"name": "registry", "family": "mysql8.4", "parameters": [{"name": "require_secure_transport", "value": "1"}]},
    EVENTS: {"sourceType": "db-instance", "sourceIds": ["registry"], "eventCategories": ["maintenance", "configuration change", "failure"]},
    SELECTION: {"planId": "plan", "resources": [f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:*"]},
    SNAPSHOT: {"sharedAccounts": ["111111111111"]},
    CACHE: {
        "transitEncryptionEnabled": True,
        "transitEncryptionMode": "required",
        "atRestEncryptionEnabled": True,
        "kmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/1",
        "userGroupIds": ["online-store"],
        "subnetGroupName": "data",
        "automaticFailoverEnabled": True,
        "multiAzEnabled": True,
        "replicasPerNodeGroup": 1,
        "autoMinorVersionUpgrade": True,
        "snapshotRetentionLimit": 14,
        "finalSnapshotIdentifier": "online-store-final",
    },
    CACHE_USER: {"userName": "default", "accessString": "off resetchannels -@all"},
    SECRET: {"kmsKeyId": "arn:aws:kms:eu-west-1:111111111111:key/1"},
    CLUSTER: {"deletionProtection": True},
    KEY: {"enableKeyRotation": True},
    POLICY: {"policy": document(READING)},
    ROLE: {"inlinePolicies": [{"name": "reading", "policy": document(READING)}]},
    ATTACHMENT: {"role": "reader", "policyArn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"},
    VPC: {"id": "vpc-1", "cidrBlock": "10.0.0.0/16"},
    FLOW_LOG: {"vpcId": "vpc-1", "trafficType": "ALL"},
    DEFAULT_GROUP: {"vpcId": "vpc-1", "ingress": [], "egress": []},
    GROUP: {"vpcId": "vpc-1", "ingress": [{"protocol": "tcp", "cidrBlocks": ["10.0.0.0/16"]}]},
    INGRESS: {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/16"},
    GROUP_RULE: {"type": "ingress", "protocol": "tcp", "cidrBlocks": ["10.0.0.0/16"]},
}

BUCKET_SETTINGS = (BUCKET_POLICY, ENCRYPTION, VERSIONING, LIFECYCLE, LOGGING, LOCK, REPLICATION, NOTIFICATION)


def resource(type: str, **changes: Any) -> Resource:
    """The compliant resource of `type` with `changes`; a property changed to None is left out."""
    properties = {name: value for name, value in {**COMPLIANT[type], **changes}.items() if value is not None}
    return Resource(type, f"urn:pulumi:test::probe::{type}::it", properties, TAGS, protect=True, accounts=frozenset({ACCOUNT}))


def violations(rule: ResourceRule, asked: Resource) -> list[str]:
    return [each.message for each in findings(rule, asked) if isinstance(each, Violation)]


def unverified(rule: ResourceRule, asked: Resource) -> list[str]:
    return [each.message for each in findings(rule, asked) if isinstance(each, Unverified)]


def findings(rule: ResourceRule, asked: Resource) -> list[Finding]:
    return list(rule.check(asked)) if rule.concerns(asked.type) else []
