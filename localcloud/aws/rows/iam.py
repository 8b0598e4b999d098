"""IAM: roles and policies."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

_OTHER_VERSIONS = Read("list_policy_versions", "{PolicyArn: id}", "Versions[?!IsDefaultVersion].VersionId")
# A policy has five versions at most (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Their ids are v1, v2,
# and so on: the oldest one has the shortest, and of those the first.
_OLDEST_OF_FIVE = Read(
    "list_policy_versions",
    "{PolicyArn: id}",
    """length(Versions) >= `5`
        && sort_by(sort_by(Versions[?!IsDefaultVersion], &VersionId), &length(VersionId))[:1].VersionId || `[]`""",
)
_PUT_ROLE_POLICY = Call("put_role_policy", "{RoleName: role, PolicyName: name, PolicyDocument: policy}")

ROWS = (
    Row(
        "aws:iam/role:Role",
        service="iam",
        id="response.Role.RoleName",
        create=(
            Call(
                "create_role",
                """{RoleName: name, Path: path, AssumeRolePolicyDocument: assumeRolePolicy, Description: description,
                    MaxSessionDuration: maxSessionDuration, PermissionsBoundary: permissionsBoundary, Tags: tagsAll}""",
            ),
        ),
        read=(
            Read(
                "get_role",
                "{RoleName: id}",
                """Role.{name: RoleName, path: Path, arn: Arn, uniqueId: RoleId, createDate: CreateDate,
                    assumeRolePolicy: AssumeRolePolicyDocument, description: Description, maxSessionDuration: MaxSessionDuration,
                    permissionsBoundary: PermissionsBoundary.PermissionsBoundaryArn, tagsAll: Tags}""",
            ),
        ),
        update=(
            Call("update_assume_role_policy", "{RoleName: id, PolicyDocument: assumeRolePolicy}"),
            Call("update_role", "{RoleName: id, Description: description, MaxSessionDuration: maxSessionDuration}"),
            Call("put_role_permissions_boundary", "{RoleName: id, PermissionsBoundary: permissionsBoundary}", when="permissionsBoundary"),
            Call("delete_role_permissions_boundary", "{RoleName: id}", when="!permissionsBoundary"),
        ),
        delete=(Call("delete_role", "{RoleName: id}"),),
        gone=("NoSuchEntity",),
        tags="role",
    ),
    Row(
        "aws:iam/policy:Policy",
        service="iam",
        id="join('', ['arn:', partition, ':iam::', account, ':policy', path, name])",
        create=(Call("create_policy", "{PolicyName: name, Path: path, Description: description, PolicyDocument: policy, Tags: tagsAll}"),),
        read=(
            Read(
                "get_policy",
                "{PolicyArn: id}",
                """Policy.{name: PolicyName, path: Path, arn: Arn, policyId: PolicyId, description: Description,
                    attachmentCount: AttachmentCount, tagsAll: Tags}""",
            ),
            Read(
                "get_policy_version",
                "{PolicyArn: id, VersionId: each}",
                "{policy: all[0].PolicyVersion.Document}",
                each=Read("get_policy", "{PolicyArn: id}", "[Policy.DefaultVersionId]"),
            ),
        ),
        update=(
            Call("delete_policy_version", "{PolicyArn: id, VersionId: each}", when="policy", each=_OLDEST_OF_FIVE),
            Call("create_policy_version", "{PolicyArn: id, PolicyDocument: policy, SetAsDefault: `true`}"),
        ),
        delete=(
            Call("delete_policy_version", "{PolicyArn: id, VersionId: each}", each=_OTHER_VERSIONS),
            Call("delete_policy", "{PolicyArn: id}"),
        ),
        gone=("NoSuchEntity",),
        tags="policy",
    ),
    Row(
        "aws:iam/rolePolicy:RolePolicy",
        service="iam",
        id="join(':', [role, name])",
        id_pattern="(?P<role>[^:]+):(?P<name>.+)",
        create=(_PUT_ROLE_POLICY,),
        read=(Read("get_role_policy", "{RoleName: role, PolicyName: name}", "{role: RoleName, name: PolicyName, policy: PolicyDocument}"),),
        update=(_PUT_ROLE_POLICY,),
        delete=(Call("delete_role_policy", "{RoleName: role, PolicyName: name}"),),
        gone=("NoSuchEntity",),
    ),
    Row(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        service="iam",
        id="join('/', [role, policyArn])",
        id_pattern="(?P<role>[^/]+)/(?P<policyArn>.+)",
        create=(Call("attach_role_policy", "{RoleName: role, PolicyArn: policyArn}"),),
        read=(
            Read(
                "list_attached_role_policies",
                "{RoleName: role}",
                "AttachedPolicies[?PolicyArn=='$policyArn'] | [0].{role: '$role', policyArn: PolicyArn}",
            ),
        ),
        delete=(Call("detach_role_policy", "{RoleName: role, PolicyArn: policyArn}"),),
        gone=("NoSuchEntity",),
        deletes_first=True,
    ),
)
