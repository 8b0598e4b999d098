"""CodeBuild: projects that run builds, or the jobs of GitHub Actions, and what starts them."""

from __future__ import annotations

from localcloud.aws.row import Call, NotKept, Read, Row

_DROPPED = "the emulator drops it"
# The API wants the status of each kind of log; the provider has defaults for them.
_LOGS = """{cloudWatchLogs: logsConfig.cloudwatchLogs && {status: logsConfig.cloudwatchLogs.status || 'ENABLED',
        groupName: logsConfig.cloudwatchLogs.groupName, streamName: logsConfig.cloudwatchLogs.streamName},
    s3Logs: logsConfig.s3Logs && {status: logsConfig.s3Logs.status || 'DISABLED', location: logsConfig.s3Logs.location,
        encryptionDisabled: logsConfig.s3Logs.encryptionDisabled, bucketOwnerAccess: logsConfig.s3Logs.bucketOwnerAccess}}"""
_PROJECT = """name: name, description: description, source: source, sourceVersion: sourceVersion, artifacts: artifacts,
    environment: environment, serviceRole: serviceRole, encryptionKey: encryptionKey, timeoutInMinutes: buildTimeout,
    queuedTimeoutInMinutes: queuedTimeout, tags: tagsAll"""

ROWS = (
    Row(
        "aws:codebuild/project:Project",
        service="codebuild",
        id="join('', ['arn:', partition, ':codebuild:', region, ':', account, ':project/', name])",
        create=(
            Call(
                "create_project",
                f"{{{_PROJECT}, vpcConfig: vpcConfig, logsConfig: {_LOGS}, concurrentBuildLimit: concurrentBuildLimit}}",
            ),
        ),
        read=(
            Read(
                "batch_get_projects",
                "{names: [id]}",
                """projects[0].{name: name, arn: arn, description: description, source: source, sourceVersion: sourceVersion,
                    artifacts: artifacts, environment: environment, serviceRole: serviceRole, encryptionKey: encryptionKey,
                    buildTimeout: timeoutInMinutes, tagsAll: tags}""",
            ),
        ),
        update=(
            Call(
                "update_project",
                # What is not sent stays as it is: an empty object takes a configuration away, -1 a limit.
                f"""{{{_PROJECT}, vpcConfig: vpcConfig || (old.vpcConfig && `{{}}`),
                    logsConfig: (logsConfig && {_LOGS}) || (old.logsConfig && `{{}}`),
                    concurrentBuildLimit: concurrentBuildLimit || (old.concurrentBuildLimit && `-1`)}}""",
            ),
        ),
        # By its name: AWS takes the ARN too, the emulator does not.
        delete=(Call("delete_project", "{name: name}"),),
        gone=("ResourceNotFoundException",),
        tags="codebuild",
        not_kept={
            "concurrentBuildLimit": NotKept(_DROPPED, answer="projects[0].concurrentBuildLimit"),
            "logsConfig": NotKept(_DROPPED, answer="projects[0].logsConfig"),
            "queuedTimeout": NotKept(_DROPPED, answer="projects[0].queuedTimeoutInMinutes"),
            "vpcConfig": NotKept(_DROPPED, answer="projects[0].vpcConfig"),
        },
    ),
    Row(
        "aws:codebuild/webhook:Webhook",
        service="codebuild",
        absent="the emulator has no webhooks, and reaches no GitHub",
        id="projectName",
        create=(
            Call(
                "create_webhook",
                """{projectName: projectName, branchFilter: branchFilter, buildType: buildType, filterGroups: filterGroups[*].filters,
                    pullRequestBuildPolicy: pullRequestBuildPolicy}""",
            ),
        ),
        read=(
            Read(
                "batch_get_projects",
                "{names: [id]}",
                """projects[0].webhook && projects[0].{projectName: name, branchFilter: webhook.branchFilter, buildType: webhook.buildType,
                    filterGroups: webhook.filterGroups[*].{filters: @}, pullRequestBuildPolicy: webhook.pullRequestBuildPolicy,
                    payloadUrl: webhook.payloadUrl, url: webhook.url}""",
            ),
        ),
        update=(
            Call(
                "update_webhook",
                """{projectName: projectName, filterGroups: filterGroups[*].filters, buildType: buildType,
                    pullRequestBuildPolicy: pullRequestBuildPolicy}""",
                when="filterGroups",
            ),
            # An empty filter builds every branch.
            Call(
                "update_webhook",
                """{projectName: projectName, branchFilter: branchFilter || '', buildType: buildType,
                    pullRequestBuildPolicy: pullRequestBuildPolicy}""",
                when="!filterGroups",
            ),
        ),
        delete=(Call("delete_webhook", "{projectName: projectName}"),),
        gone=("ResourceNotFoundException",),
    ),
)
