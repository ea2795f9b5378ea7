"""Who may reach whom in a cluster, by evaluating the selectors of network policies (networking.k8s.io/v1)."""

import sys

from shell import run
from steps import claim


def read_yaml(state, text):
    """Documents of a text; the reader comes from PyPI into the suite's own folder."""
    folder = f"{state}/python"
    if folder not in sys.path:
        run(sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "--upgrade", "PyYAML==6.0.3", limit=180)
        sys.path.insert(0, folder)
    import yaml
    return [each for each in yaml.safe_load_all(text) if each]


def objects_of(state, folder):
    """All objects of a folder of manifests."""
    paths = [path for path in sorted(folder.glob("*.yaml")) if path.name != "kustomization.yaml"]
    return [each for path in paths for each in read_yaml(state, path.read_text())]


def follow_the_plan(objects, edges):
    """Services reach exactly those that they refer to; a job reaches what its service reaches, a copy its datastore."""
    allowed = reachable(objects)
    services = {each["metadata"]["name"] for each in objects if each["kind"] in ("Deployment", "StatefulSet")}
    between = {pair for pair in allowed if pair[0] in services}
    wanted = {pair for pair in edges if pair[0] in services and pair[1] in services}
    claim(wanted, "the plan has no edges")
    claim(between == wanted, f"policies allow {sorted(between - wanted)} more than the plan, and lack {sorted(wanted - between)}")
    for source, target, port in allowed - between:
        owner = next(name for name in sorted(services, key=len, reverse=True) if source == name or source.startswith(f"{name}-"))
        claim(target == owner or (owner, target, port) in wanted, f"{source} reaches {target}:{port}")
    print(f"   {len(between)} pairs of services and {len(allowed) - len(between)} of jobs, as in the plan; everything else is closed")


def matches(selector, labels):
    """Whether a label selector selects these labels; an empty one selects everything."""
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for rule in selector.get("matchExpressions", []):
        present, value = rule["key"] in labels, labels.get(rule["key"])
        holds = {"In": value in rule.get("values", []), "NotIn": value not in rule.get("values", []),
                 "Exists": present, "DoesNotExist": not present}[rule["operator"]]
        if not holds:
            return False
    return True


def templates(objects):
    """Pods that the objects make: name, labels, and ports by name."""
    for each in objects:
        spec = each.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        template = spec.get("template") if isinstance(spec, dict) else None
        if isinstance(template, dict) and "containers" in template.get("spec", {}):
            ports = {port["name"]: port["containerPort"] for container in template["spec"]["containers"] for port in container.get("ports", [])}
            yield template["metadata"]["labels"]["app.kubernetes.io/name"], template["metadata"]["labels"], ports


def allows(policies, direction, own, peer, port, ports):
    """Whether policies let pods with labels `own` have this peer in this direction; without a policy everything goes."""
    chosen = [policy["spec"] for policy in policies if direction in policy["spec"]["policyTypes"] and matches(policy["spec"].get("podSelector", {}), own)]
    if not chosen:
        return True
    key, side = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    for rule in (rule for spec in chosen for rule in spec.get(key, [])):
        peers = rule.get(side)
        named = not peers or any("podSelector" in each and "namespaceSelector" not in each and matches(each["podSelector"], peer) for each in peers)
        numbers = [ports.get(each["port"], each["port"]) for each in rule.get("ports", [])]
        if named and (not numbers or port in numbers):
            return True
    return False


def reachable(objects):
    """Pairs (from, to, port) that both sides' policies let through."""
    policies = [each for each in objects if each["kind"] == "NetworkPolicy"]
    pods = list(templates(objects))
    return {(source, target, port)
            for source, source_labels, _ in pods for target, target_labels, ports in pods if source != target for port in ports.values()
            if allows(policies, "Egress", source_labels, target_labels, port, ports) and allows(policies, "Ingress", target_labels, source_labels, port, ports)}
