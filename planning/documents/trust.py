"""Who may become a role."""

from collections.abc import Sequence

from planning import arns
from planning.documents.statements import allow, document


def cluster_service(region: str, account: str, clusters: str) -> str:
    """EKS itself, for clusters of this account whose names match `clusters` (a pattern). Auto Mode tags its sessions."""
    return document(
        allow(
            "ControlPlane",
            ["sts:AssumeRole", "sts:TagSession"],
            principal={"Service": "eks.amazonaws.com"},
            conditions={
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": arns.cluster(region, account, clusters)},
            },
        )
    )


def nodes() -> str:
    """EC2 instances. EC2 sends no source, so nothing narrower can be asked for."""
    return document(allow("Nodes", "sts:AssumeRole", principal={"Service": "ec2.amazonaws.com"}))


def pods(*, account: str, cluster: str, namespace: str, service_account: str) -> str:
    """The pods of one service account, in one namespace, of one cluster: EKS Pod Identity sends all three as session tags.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    return document(
        allow(
            "PodIdentity",
            ["sts:AssumeRole", "sts:TagSession"],
            principal={"Service": "pods.eks.amazonaws.com"},
            conditions={
                "StringEquals": {
                    "aws:SourceAccount": account,
                    "aws:RequestTag/eks-cluster-name": cluster,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        )
    )


GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
"""Whom the tokens of jobs are for: https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws."""


def in_subjects(repository: str, ids: str | None) -> str:
    """How the subjects of a repository, OWNER/NAME, name it: with its `ids`, OWNER/NAME too, where GitHub puts them in.

    It does for repositories that were made, renamed or moved after July 2026, so that nobody who gets an old name is taken for them:
    https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
    """
    if ids is None:
        return repository
    return "/".join(f"{name}@{number}" for name, number in zip(repository.split("/"), ids.split("/"), strict=True))


def deployment(repository: str, environment: str) -> str:
    """The subject of a job of a GitHub environment, which says who may approve it, and from which branches; whatever started it:
    https://docs.github.com/en/actions/reference/security/oidc."""
    return f"repo:{repository}:environment:{environment}"


def github(account: str, *subjects: str) -> str:
    """GitHub Actions jobs with exactly one of these subjects, through the OpenID Connect provider that the account has for GitHub.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """
    return document(
        allow(
            "GitHubActions",
            "sts:AssumeRoleWithWebIdentity",
            principal={"Federated": arns.oidc_provider(account, GITHUB)},
            conditions={
                "StringEquals": {f"{GITHUB}:aud": AUDIENCE, f"{GITHUB}:sub": subjects[0] if len(subjects) == 1 else list(subjects)}
            },
        )
    )


def build_project(region: str, account: str, project: str) -> str:
    """CodeBuild, for one project: https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html."""
    return document(
        allow(
            "CodeBuild",
            "sts:AssumeRole",
            principal={"Service": "codebuild.amazonaws.com"},
            conditions={"StringEquals": {"aws:SourceAccount": account, "aws:SourceArn": arns.build_project(region, account, project)}},
        )
    )


def delivery(account: str) -> str:
    """Firehose, for streams of this account only, which it says as the external id:
    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role."""
    return document(
        allow(
            "Firehose",
            "sts:AssumeRole",
            principal={"Service": "firehose.amazonaws.com"},
            conditions={"StringEquals": {"sts:ExternalId": account}},
        )
    )


def replication() -> str:
    """S3, which replicates as the role: AWS documents no narrower condition for it.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    """
    return document(allow("Replication", "sts:AssumeRole", principal={"Service": "s3.amazonaws.com"}))


def database_monitoring(region: str, account: str, identifier: str) -> str:
    """Enhanced Monitoring of RDS, for one instance and the copies that drills restore of it:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html."""
    instances = [arns.database(region, account, name) for name in (identifier, f"{identifier}-drill-*")]
    return document(
        allow(
            "EnhancedMonitoring",
            "sts:AssumeRole",
            principal={"Service": "monitoring.rds.amazonaws.com"},
            conditions={"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": instances}},
        )
    )


def people(account: str, principals: Sequence[str]) -> str:
    """Whoever this account's own IAM policies let in, and `principals`, which may be of other accounts."""
    return document(allow("People", "sts:AssumeRole", principal={"AWS": [arns.account_root(account), *principals]}))
