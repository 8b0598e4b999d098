"""EKS: what AWS installs in a cluster and keeps current."""

from __future__ import annotations

from localcloud.aws.row import Call, NotKept, Read, Row

_ONLY_FOR_THE_CALL = "how a call treats what it finds in the cluster; AWS keeps none of it"

ROWS = (
    Row(
        "aws:eks/addon:Addon",
        service="eks",
        id="join(':', [clusterName, addonName])",
        id_pattern="(?P<clusterName>[^:]+):(?P<addonName>.+)",
        create=(
            Call(
                "create_addon",
                """{clusterName: clusterName, addonName: addonName, addonVersion: addonVersion, configurationValues: configurationValues,
                    podIdentityAssociations: podIdentityAssociations, serviceAccountRoleArn: serviceAccountRoleArn,
                    resolveConflicts: resolveConflictsOnCreate, tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "describe_addon",
                "{clusterName: clusterName, addonName: addonName}",
                """addon.{clusterName: clusterName, addonName: addonName, addonVersion: addonVersion, arn: addonArn,
                    configurationValues: configurationValues, serviceAccountRoleArn: serviceAccountRoleArn,
                    createdAt: createdAt, modifiedAt: modifiedAt, tagsAll: tags}""",
            ),
        ),
        update=(
            Call(
                "update_addon",
                # Without its role an add-on gets that of the nodes: it is sent each time.
                """{clusterName: clusterName, addonName: addonName, addonVersion: addonVersion, configurationValues: configurationValues,
                    podIdentityAssociations: podIdentityAssociations || (dropped.podIdentityAssociations && `[]`),
                    serviceAccountRoleArn: serviceAccountRoleArn || old.serviceAccountRoleArn || `null`,
                    resolveConflicts: resolveConflictsOnUpdate}""",
                # Not for a change of how conflicts are resolved alone, and not after the create call.
                when="""old && (addonVersion || configurationValues || podIdentityAssociations || dropped.podIdentityAssociations
                    || serviceAccountRoleArn)""",
                only_changed=True,
            ),
        ),
        delete=(Call("delete_addon", "{clusterName: clusterName, addonName: addonName, preserve: preserve}"),),
        gone=("ResourceNotFoundException",),
        tags="eks",
        waiter="addon_active",
        unread={
            "preserve": "whether its objects stay in the cluster when it is deleted; AWS keeps none of it",
            "resolveConflictsOnCreate": _ONLY_FOR_THE_CALL,
            "resolveConflictsOnUpdate": _ONLY_FOR_THE_CALL,
        },
        not_kept={
            "podIdentityAssociations": NotKept(
                "the emulator repeats them, where AWS makes associations that the add-on owns",
                elsewhere=Read("list_pod_identity_associations", "{clusterName: clusterName}", "associations[0].associationId"),
            )
        },
    ),
)
