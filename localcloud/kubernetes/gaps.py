"""What the local clusters do not prove: no test or claim may rest on it."""

from __future__ import annotations

GAPS: tuple[tuple[str, str], ...] = (
    ("eks.amazonaws.com/v1 NodeClass", "a definition of ours (crds/nodeclass.yaml) after AWS's user guide; AWS does not publish its own"),
    (
        "eks.amazonaws.com/v1 IngressClassParams",
        "a definition of ours (crds/ingressclassparams.yaml) after AWS's user guide; AWS does not publish its own",
    ),
    ("IngressClass and IngressClassParams", "checked and stored; no controller acts on them, and there are no load balancers"),
    ("NodeClass and NodePool", "checked and stored; no controller acts on them, and there are no nodes"),
    ("NodePool requirement keys", "Karpenter's definition takes keys that EKS Auto Mode does not"),
    ("NetworkPolicy", "checked and stored; no traffic flows that it could stop"),
    ("StorageClass, PriorityClass", "checked and stored; nothing is mounted or scheduled"),
    (
        "Job databases",
        "no pod runs: its program runs here, with its files and environment as the API server has them, but MariaDB's clauses for passwords"
        " (one password a user, so that the one before a rotation ends at once; no IAM users), the local authority's certificate, and the"
        " credentials of whoever runs the update, not those of its service account; its image is not needed",
    ),
    ("EKS access policies", "RBAC bindings to Kubernetes' user-facing roles, which AWS documents its policies as similar to"),
    ("EKS access policies for namespaces", "not modelled: such an association gives nothing, and the webhook's log says so"),
    ("Pod Identity", "associations are AWS's alone: no agent hands credentials to pods, and there are no pods"),
    ("EKS add-ons, control-plane logs, secrets encryption, endpoint access", "properties of the cluster in AWS only"),
)
"""What, and why it is not proven."""
