#!/usr/bin/env python3
"""Every reference inside a folder of Kubernetes manifests must lead somewhere; must not judge what schemas judge.

Usage: references.py FOLDER. Exit code 1 when something dangles, 2 when there was nothing to look at.
"""

import pathlib
import sys

import yaml

WORKLOADS = {"Deployment", "StatefulSet", "Job", "CronJob"}


def matches(selector, labels):
    expressions = selector.get("matchExpressions", [])
    return (all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
            and all(labels.get(item["key"]) in item["values"] for item in expressions))  # fmt: skip


class Folder:
    """The objects of one folder: kustomize applies them together."""

    def __init__(self, path):
        self.path = path
        self.problems = []
        self.objects = [item for file in sorted(path.glob("*.yaml")) for item in yaml.safe_load_all(file.read_text()) if item]
        self.pods = [pod for item in self.objects if item["kind"] in WORKLOADS for pod in [(item, self.template(item))]]

    def named(self, kind):
        return {item["metadata"]["name"]: item for item in self.objects if item["kind"] == kind}

    @staticmethod
    def template(item):
        spec = item["spec"]["jobTemplate"]["spec"] if item["kind"] == "CronJob" else item["spec"]
        return spec["template"]

    def expect(self, condition, item, what):
        if not condition:
            self.problems.append(f"{self.path}: {item['kind']} {item['metadata'].get('name')}: {what}")

    def judge(self):
        seen = [(item["kind"], item["metadata"]["name"]) for item in self.objects if item["kind"] != "Kustomization"]
        self.problems += [f"{self.path}: {kind} {name} twice" for kind, name in {key for key in seen if seen.count(key) > 1}]
        for item, template in self.pods:
            self.judge_pod(item, template)
        for item in self.objects:
            judge = getattr(self, f"judge_{item['kind'].lower()}", None)
            if judge:
                judge(item)
        return self.problems

    def judge_pod(self, item, template):
        spec = template["spec"]
        self.expect(spec.get("serviceAccountName") in self.named("ServiceAccount"), item, "service account")
        claims = {claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])}
        volumes = [volume["name"] for volume in spec.get("volumes", [])]
        self.expect(len(set(volumes)) == len(volumes), item, "a volume name twice")
        for volume in spec.get("volumes", []):
            self.judge_volume(item, volume)
        for container in spec.get("initContainers", []) + spec["containers"]:
            mounts = container.get("volumeMounts", [])
            paths = [mount["mountPath"] for mount in mounts]
            self.expect(len(set(paths)) == len(paths), item, "a mount path twice")
            for mount in mounts:
                self.expect(mount["name"] in claims | set(volumes), item, f"mount {mount['name']}")
            self.judge_container(item, container)
        if "selector" in item["spec"]:
            self.expect(matches(item["spec"]["selector"], template["metadata"]["labels"]), item, "selector")

    def judge_volume(self, item, volume):
        if "configMap" in volume:
            self.expect(volume["configMap"]["name"] in self.named("ConfigMap"), item, f"volume {volume['name']}")
        if "persistentVolumeClaim" in volume:
            claim = volume["persistentVolumeClaim"]["claimName"]
            self.expect(claim in self.named("PersistentVolumeClaim"), item, f"volume {volume['name']}")
        if "secret" in volume and self.named("ExternalSecret"):
            self.expect(volume["secret"]["secretName"] in self.named("ExternalSecret"), item, f"volume {volume['name']}")

    def judge_container(self, item, container):
        names = [entry["name"] for entry in container.get("env", [])]
        self.expect(len(set(names)) == len(names), item, "a variable twice")
        for entry in container.get("env", []):
            ref = entry.get("valueFrom", {}).get("configMapKeyRef")
            if ref:
                data = self.named("ConfigMap").get(ref["name"], {}).get("data", {})
                self.expect(ref["key"] in data, item, f"variable {entry['name']}")
        ports = {port["name"] for port in container.get("ports", [])}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            action = container.get(probe, {})
            port = (action.get("httpGet") or action.get("tcpSocket") or {}).get("port")
            self.expect(port is None or port in ports, item, f"{probe} asks {port}")

    def judge_service(self, item):
        found = [template for _, template in self.pods if matches({"matchLabels": item["spec"].get("selector", {})}, template["metadata"]["labels"])]
        self.expect(len(found) == 1, item, f"selects {len(found)} workloads")
        names = {port["name"] for template in found for port in template["spec"]["containers"][0].get("ports", [])}
        for port in item["spec"].get("ports", []):
            self.expect(port["targetPort"] in names, item, f"target port {port['targetPort']}")

    def judge_networkpolicy(self, item):
        spec = item["spec"]
        self.judge_peers(item, spec["podSelector"], [port for rule in spec.get("ingress", []) for port in rule.get("ports", [])])
        for rule in spec.get("ingress", []) + spec.get("egress", []):
            ports = rule.get("ports", []) if "to" in rule else []
            for peer in rule.get("from", []) + rule.get("to", []):
                if "podSelector" in peer and "namespaceSelector" not in peer:
                    self.judge_peers(item, peer["podSelector"], ports)

    def judge_peers(self, item, selector, ports):
        """Some pod is selected, every name in the selector is one of a pod, and the pods listen on the ports."""
        found = [template for _, template in self.pods if matches(selector, template["metadata"]["labels"])]
        self.expect(found, item, f"selects no pod: {selector}")
        names = {template["metadata"]["labels"].get("app.kubernetes.io/name") for template in found}
        for name in [value for part in selector.get("matchExpressions", []) for value in part["values"]]:
            self.expect(name in names, item, f"no pod {name}")
        containers = [container for template in found for container in template["spec"]["containers"]]
        listening = {port["containerPort"] for container in containers for port in container.get("ports", [])}
        for port in ports:
            self.expect(port["port"] in listening, item, f"nothing listens on {port['port']}")

    def judge_httproute(self, item):
        for parent in item["spec"]["parentRefs"]:
            gateway = self.named("Gateway").get(parent["name"], {"spec": {"listeners": []}})
            sections = [listener["name"] for listener in gateway["spec"]["listeners"]]
            self.expect(parent["sectionName"] in sections, item, f"parent {parent}")
        for backend in [ref for rule in item["spec"]["rules"] for ref in rule.get("backendRefs", [])]:
            self.expect_backend(item, backend["name"], backend["port"])

    def judge_ingress(self, item):
        for path in [path for rule in item["spec"]["rules"] for path in rule["http"]["paths"]]:
            service = path["backend"]["service"]
            self.expect_backend(item, service["name"], service["port"]["number"])

    def expect_backend(self, item, name, port):
        service = self.named("Service").get(name, {"spec": {}})
        self.expect(port in [known["port"] for known in service["spec"].get("ports", [])], item, f"backend {name}:{port}")

    def judge_horizontalpodautoscaler(self, item):
        target = item["spec"]["scaleTargetRef"]
        self.expect(target["name"] in self.named(target["kind"]), item, "target")

    def judge_poddisruptionbudget(self, item):
        found = [1 for _, template in self.pods if matches(item["spec"]["selector"], template["metadata"]["labels"])]
        self.expect(len(found) == 1, item, f"selects {len(found)} workloads")


def main():
    folders = sorted({path.parent for path in pathlib.Path(sys.argv[1]).glob("**/deploy/*/kubernetes/*.yaml")})
    problems = [problem for folder in folders for problem in Folder(folder).judge()]
    print("\n".join(problems + [f"references: {len(folders)} folders, {len(problems)} findings"]))
    return 1 if problems else 0 if folders else 2


if __name__ == "__main__":
    sys.exit(main())
