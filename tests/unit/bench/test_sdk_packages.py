"""Which SDK packages a stack's resources come from."""

import importlib

from bench.cloud import sdk_packages

TYPES = {
    "aws:ec2/vpc:Vpc": "pulumi_aws.ec2",
    "kubernetes:core/v1:ConfigMap": "pulumi_kubernetes.core.v1",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy": "pulumi_kubernetes.networking.v1",
    "kubernetes:karpenter.sh/v1:NodePool": "pulumi_kubernetes.apiextensions",
}


def test_each_type_has_the_package_that_defines_it() -> None:
    assert sdk_packages([*TYPES, "pulumi:pulumi:Stack", "pulumi:providers:aws", "ml-platform:tiers:Network"]) == sorted(TYPES.values())


def test_each_package_can_be_imported() -> None:
    for package in sdk_packages(TYPES):
        importlib.import_module(package)
