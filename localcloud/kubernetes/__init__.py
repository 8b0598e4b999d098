"""A real Kubernetes control plane per EKS cluster, the webhook that knows its callers, and the Pulumi provider for its objects."""
