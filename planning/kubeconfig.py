"""How a client reaches a cluster."""

import json


def kubeconfig(*, cluster: str, endpoint: str, certificate_authority: str, role_arn: str) -> str:
    """A kubeconfig, as JSON, whose user becomes `role_arn` through the caller's own AWS credentials.

    It holds no secret and nothing of the machine or person that made it (no profile, region or user), so it is the same for
    everybody and never shows up as a change. `certificate_authority` is base64 of PEM, as EKS gives it.
    """
    arguments = ["eks", "get-token", "--cluster-name", cluster, "--role-arn", role_arn, "--output", "json"]
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": cluster, "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority}}],
            "users": [
                {
                    "name": cluster,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1",
                            "command": "aws",
                            "args": arguments,
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
            "contexts": [{"name": cluster, "context": {"cluster": cluster, "user": cluster}}],
            "current-context": cluster,
        }
    )
