"""EKS: clusters, who may enter them, and which pods are which role."""

from __future__ import annotations

from localcloud.aws.eks_control_plane import CONTROL_PLANE
from localcloud.aws.row import Call, Effect, NotChanged, NotKept, Read, Row, StandIn

_DROPPED = "the emulator drops it"
_ASSOCIATE_KEY = Call("associate_encryption_config", "{clusterName: id, encryptionConfig: encryptionConfig && [encryptionConfig]}")
_NO_UPDATE = "the emulator has no such call"

ROWS = (
    Row(
        "aws:eks/cluster:Cluster",
        service="eks",
        id="name",
        create=(
            Call(
                "create_cluster",
                """{name: name, roleArn: roleArn, version: version, bootstrapSelfManagedAddons: bootstrapSelfManagedAddons,
                    accessConfig: accessConfig, computeConfig: computeConfig, storageConfig: storageConfig,
                    kubernetesNetworkConfig: kubernetesNetworkConfig, encryptionConfig: encryptionConfig && [encryptionConfig],
                    logging: enabledClusterLogTypes && {clusterLogging: [{types: enabledClusterLogTypes, enabled: `true`}]},
                    upgradePolicy: upgradePolicy, deletionProtection: deletionProtection, zonalShiftConfig: zonalShiftConfig,
                    resourcesVpcConfig: vpcConfig, tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_cluster",
                "{name: id}",
                """cluster.{name: name, arn: arn, roleArn: roleArn, version: version, endpoint: endpoint, status: status,
                    createdAt: createdAt,
                    platformVersion: platformVersion, certificateAuthority: certificateAuthority,
                    identities: identity.oidc && [{oidcs: [{issuer: identity.oidc.issuer}]}],
                    accessConfig: {authenticationMode: accessConfig.authenticationMode},
                    kubernetesNetworkConfig: kubernetesNetworkConfig, encryptionConfig: encryptionConfig[0],
                    enabledClusterLogTypes: logging.clusterLogging[?enabled].types[], vpcConfig: resourcesVpcConfig, tagsAll: tags}""",
            ),
        ),
        update=(_ASSOCIATE_KEY,),
        delete=(Call("delete_cluster", "{name: id}"),),
        gone=("ResourceNotFoundException",),
        tags="eks",
        waiter="cluster_active",
        replaced_when={
            "encryptionConfig": "old.encryptionConfig && !(new.encryptionConfig)",
            "computeConfig.nodeRoleArn": "old.computeConfig.nodeRoleArn",
        },
        unread={
            "bootstrapSelfManagedAddons": "an argument of the create call",
            "accessConfig.bootstrapClusterCreatorAdminPermissions": Effect("the creator has an access entry"),
        },
        not_kept={
            "computeConfig": NotKept(_DROPPED, answer="cluster.computeConfig"),
            "storageConfig": NotKept(_DROPPED, answer="cluster.storageConfig"),
            "kubernetesNetworkConfig.ipFamily": NotKept(
                "the emulator answers ipv4, whatever is asked for", answer="cluster.kubernetesNetworkConfig.ipFamily"
            ),
            "kubernetesNetworkConfig.elasticLoadBalancing": NotKept(
                _DROPPED, answer="cluster.kubernetesNetworkConfig.elasticLoadBalancing"
            ),
            "upgradePolicy": NotKept(_DROPPED, answer="cluster.upgradePolicy"),
            "deletionProtection": NotKept(_DROPPED, answer="cluster.deletionProtection"),
            "zonalShiftConfig": NotKept(_DROPPED, answer="cluster.zonalShiftConfig"),
            "vpcConfig.controlPlaneEgressMode": NotKept(_DROPPED, answer="cluster.resourcesVpcConfig.controlPlaneEgressMode"),
        },
        not_changed={
            "version": NotChanged(_NO_UPDATE, Call("update_cluster_version", "{name: id, version: version}")),
            "accessConfig.authenticationMode": NotChanged(
                _NO_UPDATE,
                Call("update_cluster_config", "{name: id, accessConfig: {authenticationMode: accessConfig.authenticationMode}}"),
            ),
            "enabledClusterLogTypes": NotChanged(
                _NO_UPDATE,
                Call("update_cluster_config", "{name: id, logging: {clusterLogging: [{types: enabledClusterLogTypes, enabled: `true`}]}}"),
            ),
            "encryptionConfig.provider": NotChanged("AWS refuses it too: a cluster keeps its key", _ASSOCIATE_KEY, refused_by_aws=True),
            "encryptionConfig.resources": NotChanged("AWS refuses it too: a cluster keeps its key", _ASSOCIATE_KEY, refused_by_aws=True),
            "vpcConfig": NotChanged(_NO_UPDATE, Call("update_cluster_config", "{name: id, resourcesVpcConfig: vpcConfig}")),
        },
        stand_ins={
            "vpcConfig.clusterSecurityGroupId": StandIn(
                "the emulator invents the id: no such group exists in EC2",
                "ec2",
                Read(
                    "describe_security_groups",
                    "{Filters: [{Name: 'group-id', Values: [vpcConfig.clusterSecurityGroupId]}]}",
                    "SecurityGroups[0].GroupId",
                ),
            ),
            "vpcConfig.vpcId": StandIn(
                "the emulator does not look up the VPC of the subnets",
                "ec2",
                Read("describe_subnets", "{SubnetIds: vpcConfig.subnetIds}", "Subnets[0].VpcId"),
            ),
        },
        hook=CONTROL_PLANE,
    ),
    Row(
        "aws:eks/accessEntry:AccessEntry",
        service="eks",
        id="join(':', [clusterName, principalArn])",
        id_pattern="(?P<clusterName>[^:]+):(?P<principalArn>.+)",
        create=(
            Call(
                "create_access_entry",
                """{clusterName: clusterName, principalArn: principalArn, type: (type != 'EC2' && type) || 'STANDARD',
                    kubernetesGroups: kubernetesGroups, username: userName, tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_access_entry",
                "{clusterName: clusterName, principalArn: principalArn}",
                """accessEntry.{clusterName: clusterName, principalArn: principalArn, kubernetesGroups: kubernetesGroups,
                    userName: username, accessEntryArn: accessEntryArn, createdAt: createdAt, modifiedAt: modifiedAt, tagsAll: tags}""",
            ),
        ),
        update=(
            Call(
                "update_access_entry",
                "{clusterName: clusterName, principalArn: principalArn, kubernetesGroups: kubernetesGroups, username: userName}",
            ),
        ),
        delete=(Call("delete_access_entry", "{clusterName: clusterName, principalArn: principalArn}"),),
        gone=("ResourceNotFoundException",),
        tags="eks",
        not_kept={
            "type": NotKept(
                "the emulator refuses type EC2, which the nodes of Auto Mode need: it is sent as STANDARD",
                refused=Call("create_access_entry", "{clusterName: clusterName, principalArn: principalArn, type: 'EC2'}"),
            )
        },
    ),
    Row(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        service="eks",
        id="join('#', [clusterName, principalArn, policyArn])",
        id_pattern="(?P<clusterName>[^#]+)#(?P<principalArn>[^#]+)#(?P<policyArn>.+)",
        create=(
            Call(
                "associate_access_policy",
                "{clusterName: clusterName, principalArn: principalArn, policyArn: policyArn, accessScope: accessScope}",
            ),
        ),
        read=(
            Read(
                "list_associated_access_policies",
                "{clusterName: clusterName, principalArn: principalArn}",
                """associatedAccessPolicies[?policyArn=='$policyArn'] | [0].{clusterName: '$clusterName', principalArn: '$principalArn',
                    policyArn: policyArn, accessScope: accessScope, associatedAt: associatedAt, modifiedAt: modifiedAt}""",
            ),
        ),
        delete=(Call("disassociate_access_policy", "{clusterName: clusterName, principalArn: principalArn, policyArn: policyArn}"),),
        gone=("ResourceNotFoundException",),
    ),
    Row(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        service="eks",
        id="response.association.associationId",
        # Import takes `cluster,association id`: the association's id alone does not say where it is.
        id_pattern="(?P<clusterName>[^,]+),(?P<associationId>.+)",
        create=(
            Call(
                "create_pod_identity_association",
                """{clusterName: clusterName, namespace: namespace, serviceAccount: serviceAccount, roleArn: roleArn, tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_pod_identity_association",
                "{clusterName: clusterName, associationId: associationId || id}",
                """association.{clusterName: clusterName, namespace: namespace, serviceAccount: serviceAccount, roleArn: roleArn,
                    associationId: associationId, associationArn: associationArn}""",
            ),
        ),
        update=(
            Call(
                "update_pod_identity_association",
                "{clusterName: clusterName, associationId: state.associationId || id, roleArn: roleArn}",
            ),
        ),
        delete=(Call("delete_pod_identity_association", "{clusterName: clusterName, associationId: associationId || id}"),),
        gone=("ResourceNotFoundException", "NotFoundException"),
        tags="eks",
        not_kept={
            "tags": NotKept(
                "the emulator sets them on create, and refuses to change them",
                refused=Call("tag_resource", "{resourceArn: associationArn, tags: {another: 'tag'}}"),
            )
        },
    ),
)
