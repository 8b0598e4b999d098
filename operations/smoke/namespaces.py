"""Where the pods of the tiers run: limited, closed, with their service accounts, and nothing that runs in several without a budget."""

from collections.abc import Mapping, Sequence
from typing import Any

from operations.smoke.access import Access, Contract
from operations.smoke.check import Check, Differs, Nothing
from operations.smoke.kubernetes import Api, Object
from planning.cluster_access import DEFAULT_DENY

_AGAIN = "run `pulumi up --refresh`: it makes again what is gone"


def checks(found: Contract, access: Access, apis: Mapping[str, Api]) -> list[Check]:
    """`apis`: by physical names of clusters."""
    made: list[Check] = []
    for workspace in found.workspaces.values():
        api, namespace = apis[workspace.cluster], workspace.namespace
        made += [
            Check(
                name=f"namespace {namespace}: quota",
                expected="a ResourceQuota that is counted",
                remedy=_AGAIN,
                waits_for=workspace.cluster,
                look=lambda api=api, namespace=namespace: _quota(api.items(_in(namespace, "resourcequotas"))),
                needs="clusters",
            ),
            Check(
                name=f"namespace {namespace}: default deny",
                expected=f"NetworkPolicy {DEFAULT_DENY}: all pods, nothing in, nothing out",
                remedy=_AGAIN,
                waits_for=workspace.cluster,
                look=lambda api=api, namespace=namespace: _default_deny(
                    api.get(_in(namespace, f"networkpolicies/{DEFAULT_DENY}", "apis/networking.k8s.io/v1"))
                ),
                needs="clusters",
            ),
        ]
        for account, role_arn in _accounts(found, namespace).items():
            made += _of_account(access, api, workspace.cluster, namespace, account, role_arn)
        made.append(
            Check(
                name=f"namespace {namespace}: disruption budgets",
                expected="a PodDisruptionBudget for each Deployment of several replicas",
                remedy="deploy a PodDisruptionBudget whose selector matches its pods",
                waits_for=workspace.cluster,
                look=lambda api=api, namespace=namespace: _budgets(
                    api.items(_in(namespace, "deployments", "apis/apps/v1")),
                    api.items(_in(namespace, "poddisruptionbudgets", "apis/policy/v1")),
                ),
                needs="clusters",
            )
        )
    return made


def _accounts(found: Contract, namespace: str) -> Mapping[str, str]:
    """The roles of a namespace's service accounts."""
    if namespace == found.feature_store.namespace:
        return found.feature_store.role_arns
    return {each.service_account: each.role_arn for each in found.workspaces.values() if each.namespace == namespace}


def _of_account(access: Access, api: Api, cluster: str, namespace: str, account: str, role_arn: str) -> list[Check]:
    return [
        Check(
            name=f"service account {namespace}/{account}",
            expected="there",
            remedy=_AGAIN,
            waits_for=cluster,
            look=lambda: api.get(_in(namespace, f"serviceaccounts/{account}"))["metadata"]["name"],
            needs="clusters",
        ),
        Check(
            name=f"service account {namespace}/{account}: Pod Identity",
            expected=role_arn,
            remedy=f"{_AGAIN}; pods that run already get no credentials before they are started again",
            waits_for="EKS",
            look=lambda: _association(access.client("eks"), cluster, namespace, account, role_arn),
        ),
    ]


def _in(namespace: str, what: str, group: str = "api/v1") -> str:
    return f"/{group}/namespaces/{namespace}/{what}"


def _quota(quotas: Sequence[Object]) -> str:
    for each in quotas:
        hard = each["spec"].get("hard", {})
        # Kubernetes' own controller fills the status in, and only what is there limits anything.
        if hard and each.get("status", {}).get("hard") == hard:
            return ", ".join(f"{name} {value}" for name, value in sorted(hard.items()))
    raise Differs("a quota that is not counted" if quotas else "no quota")


def _default_deny(policy: Object) -> str:
    spec = policy["spec"]
    open_to = [way for way in ("ingress", "egress") if spec.get(way)]
    if spec.get("podSelector") or set(spec.get("policyTypes", ())) != {"Ingress", "Egress"} or open_to:
        raise Differs(f"pods {spec.get('podSelector')}, {spec.get('policyTypes')}, open: {', '.join(open_to) or 'nothing'}")
    return "all pods, nothing in, nothing out"


def _association(eks: Any, cluster: str, namespace: str, account: str, role_arn: str) -> str:
    found = eks.list_pod_identity_associations(clusterName=cluster, namespace=namespace, serviceAccount=account)["associations"]
    if not found:
        raise Differs("no association")
    (each,) = found
    about = eks.describe_pod_identity_association(clusterName=cluster, associationId=each["associationId"])["association"]
    if about["roleArn"] != role_arn:
        raise Differs(about["roleArn"])
    return about["roleArn"]


def _budgets(deployments: Sequence[Object], budgets: Sequence[Object]) -> str:
    several = [each for each in deployments if each["spec"].get("replicas", 1) > 1]
    if not several:
        raise Nothing("no Deployment of several replicas")
    labels = {each["metadata"]["name"]: each["spec"]["template"]["metadata"].get("labels", {}) for each in several}
    bare = [name for name, own in labels.items() if not any(_selects(each["spec"].get("selector"), own) for each in budgets)]
    if bare:
        raise Differs(f"none for {', '.join(sorted(bare))}")
    return f"{len(several)} of {len(several)}"


def _selects(selector: Object | None, labels: Mapping[str, str]) -> bool:
    """As Kubernetes does: in policy/v1 an empty selector selects all pods, and none selects none
    (https://kubernetes.io/docs/tasks/run-application/configure-pdb/)."""
    if selector is None:
        return False
    matches = all(labels.get(key) == value for key, value in (selector.get("matchLabels") or {}).items())
    return matches and all(_holds(each, labels) for each in selector.get("matchExpressions") or [])


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values") or []
    match expression["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case _:
            return value is None
