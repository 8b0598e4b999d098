"""Load balancers of Ingresses."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.order import known_after

API_GROUP = "eks.amazonaws.com"


@dataclass(frozen=True, kw_only=True)
class IngressClassArgs:
    ingress_class: str
    tags: Mapping[str, str]
    """On the load balancers: they are EKS's, and Pulumi's default tags do not reach them."""


class IngressClass(pulumi.ComponentResource):
    """What an Ingress gets that does not say which class: an Application Load Balancer of Auto Mode, with our tags.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html; tags as a list, which is how the controller that Auto Mode
    runs takes them: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/, both read
    November 2026. Whether a load balancer faces the internet is for the Ingress to say.
    """

    ingress_class: pulumi.Output[str]
    """Known only once the class is there: a load balancer whose class is gone is deleted by nobody."""

    def __init__(self, name: str, args: IngressClassArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ml-platform:components:IngressClass", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        params = kubernetes.apiextensions.CustomResource(
            f"{name}-params",
            api_version=f"{API_GROUP}/v1",
            kind="IngressClassParams",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=args.ingress_class),
            spec={"tags": [{"key": key, "value": value} for key, value in args.tags.items()]},
            opts=child,
        )
        made = kubernetes.networking.v1.IngressClass(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=args.ingress_class, annotations={"ingressclass.kubernetes.io/is-default-class": "true"}
            ),
            spec=kubernetes.networking.v1.IngressClassSpecArgs(
                controller=f"{API_GROUP}/alb",
                parameters=kubernetes.networking.v1.IngressClassParametersReferenceArgs(
                    api_group=API_GROUP,
                    kind="IngressClassParams",
                    name=known_after(pulumi.Output.from_input(args.ingress_class), [params]),
                ),
            ),
            opts=child,
        )
        self.ingress_class = known_after(pulumi.Output.from_input(args.ingress_class), [made])
        self.register_outputs({"ingress_class": self.ingress_class})
