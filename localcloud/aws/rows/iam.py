"""IAM: roles and policies."""

from __future__ import annotations

from localcloud.aws.row import Call, Read, Row

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
    ),
)
