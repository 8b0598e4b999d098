"""What stands after `pulumi up`, from the engine's own state: by tier, with its endpoints, and what was not verified."""

import base64
import ssl
import urllib.error
import urllib.request
from collections import Counter
from typing import Any

from localcloud.instance import Instance

_TIER_TYPE = "ml-platform:tiers:"
_ENDPOINT_WORDS = ("endpoint", "url", "host", "address")


def text(stack: str, exported: Any, outputs: Any, instance: Instance) -> str:
    """The summary that `make demo` prints. `exported` and `outputs` are pulumi's JSON of the stack."""
    resources: list[dict[str, Any]] = exported["deployment"].get("resources", [])
    parts = [
        _tiers(stack, resources),
        _endpoints(outputs),
        _servers(instance),
        _clusters(instance),
        _unverified(resources),
        _look_inside(stack),
    ]
    return "\n\n".join(parts) + "\n"


def by_tier(resources: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Tier → type → how many resources that a provider made; components and providers are not counted.

    A tier is the nearest ancestor that is a component of type `ml-platform:tiers:*`; what has none is under `(no tier)`.
    """
    parents = {each["urn"]: each.get("parent") for each in resources}
    found: dict[str, Counter[str]] = {}
    for each in resources:
        if each.get("custom") and not each["type"].startswith("pulumi:providers:"):
            found.setdefault(_tier(each["urn"], parents), Counter())[each["type"]] += 1
    return found


def _tier(urn: str, parents: dict[str, str | None]) -> str:
    ancestor: str | None = urn
    while ancestor is not None:
        # urn:pulumi:STACK::PROJECT::PARENT_TYPE$TYPE::NAME
        kind, _, name = ancestor.split("::", 2)[2].partition("::")
        if kind.rpartition("$")[2].startswith(_TIER_TYPE):
            return name
        ancestor = parents.get(ancestor)
    return "(no tier)"


def _tiers(stack: str, resources: list[dict[str, Any]]) -> str:
    lines = [f"What stands in stack {stack}, from Pulumi's state:"]
    for tier, types in by_tier(resources).items():
        kinds = ", ".join(f"{count} {kind.rpartition(':')[2]}" for kind, count in types.most_common(4))
        more = f", {len(types) - 4} more kinds" if len(types) > 4 else ""
        lines.append(f"  {tier:<16} {types.total():>3} resources: {kinds}{more}")
    return "\n".join(lines)


def _endpoints(outputs: Any) -> str:
    shown = [f"  {name} = {value}" for name, value in _flat(outputs) if any(word in name.lower() for word in _ENDPOINT_WORDS)]
    heading = "Endpoints, from the stack's outputs (`pulumi stack output` has them all):"
    return "\n".join([heading, *(shown or ["  none"])])


def _servers(instance: Instance) -> str:
    """What answers behind the endpoints of databases and caches, asked just now."""
    from localcloud.data_plane import servers

    return "\n".join(["Databases and caches:", *(f"  {line}" for line in servers.lines(instance))])


def _clusters(instance: Instance) -> str:
    """Each cluster's API server, asked just now; any HTTP answer under its own certificate is one."""
    from localcloud.kubernetes import control_plane

    lines: list[str] = []
    for key in control_plane.known(instance):
        endpoint = control_plane.endpoint(instance, key)
        answers = endpoint is not None and _answers(endpoint.url, base64.b64decode(endpoint.ca_data).decode())
        lines.append(f"Kubernetes API of {key.name} in account {key.account}: {'answers' if answers else 'DOES NOT ANSWER'}")
    return "\n".join(lines or ["No cluster"])


def _answers(url: str, authority: str) -> bool:
    trusted = urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=authority))
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({}), trusted).open(f"{url}/readyz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _flat(value: Any, name: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _flat(item, f"{name}.{key}" if name else str(key))]
    return [(name, value)]


def _unverified(resources: list[dict[str, Any]]) -> str:
    from localcloud.aws.gaps import accepted_not_verified, emulator
    from localcloud.aws.share import share

    used = accepted_not_verified((each["type"], each.get("inputs", {})) for each in resources if each.get("custom"))
    found = share(resources)
    return (
        f"Of what this stack asks of AWS: {found}, read back from {emulator()}.\n"
        f"The other {len(found.unverified)} are accepted, not verified (values given: {len(used)}): nothing reads them back;\n"
        "`python -m localcloud gaps` names each, and why."
    )


def _look_inside(stack: str) -> str:
    lines = [
        "Look inside:",
        f'  eval "$(.venv/bin/python -m localcloud env {stack})"',
        "  pulumi stack output        pulumi preview        pulumi refresh",
        "  aws s3 ls                  aws eks list-clusters",
        "  kubectl get namespaces     kubectl get resourcequotas,networkpolicies -A",
    ]
    return "\n".join(lines)
