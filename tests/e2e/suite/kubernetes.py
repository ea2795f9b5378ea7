"""Kubernetes: the emitted manifests on a real node, applied by the emitted `ops deploy`.

The node is older than the manifests. What differs is done here and nowhere else, and printed:
newer API versions become the closest served ones, requests for processors become small because the node has two,
and the Secrets that an operator would make from ExternalSecrets are made from planted values.
"""

import json
import os
import pathlib
import secrets
import shutil
import signal
import time

import images
import policies
from door import reads_and_writes
from project import CANARY
from shell import docker, run
from steps import claim
from tls import Door

# API version and kind that the node does not serve: what takes its place, and fields that it lacks.
OLDER = {
    ("policy/v1", "PodDisruptionBudget"): ("policy/v1beta1", ("unhealthyPodEvictionPolicy",)),
    ("autoscaling/v2", "HorizontalPodAutoscaler"): ("autoscaling/v2beta2", ()),
    ("apps/v1", "StatefulSet"): ("apps/v1", ("minReadySeconds",)),
    ("batch/v1", "CronJob"): ("batch/v1beta1", ("timeZone",)),
}

# Settings of a backup whose copies leave the cluster.
AWAY = ("offsite", "offsite_env", "credentials", "encrypt", "keep_offsite")


def kubectl(*arguments, **options):
    """The cluster's command line."""
    return run("kubectl", *arguments, **options)


class Cluster:
    """The objects of one environment, and what is seen of them on the node."""

    def __init__(self, project, folder, objects):
        self.project = project
        self.folder = folder
        self.objects = objects
        self.namespace = next(each["metadata"]["name"] for each in self.objects if each["kind"] == "Namespace")

    def of_kind(self, *kinds):
        """Emitted objects of these kinds."""
        return [each for each in self.objects if each["kind"] in kinds]

    def get(self, *arguments):
        """Objects of the namespace as the API server has them."""
        return json.loads(kubectl("get", "--namespace", self.namespace, *arguments, "--output", "json"))

    def pods(self, name):
        """Pods of a service that run."""
        items = self.get("pods", "--selector", f"app.kubernetes.io/name={name}")["items"]
        return [pod for pod in items if "deletionTimestamp" not in pod["metadata"]]

    def address(self, name):
        """Address of a Service inside of the cluster; this machine is its node."""
        return self.get("service", name)["spec"]["clusterIP"]

    # -- what the suite does in place of the surroundings

    def served(self):
        """The objects as this node can take them."""
        changes = set()
        # This node's API server crashes on objects of kinds that it does not know.
        adapted = [each for each in json.loads(json.dumps(self.objects)) if each["kind"] != "ExternalSecret"]
        for each in adapted:
            version, lacking = OLDER.get((each["apiVersion"], each["kind"]), (None, ()))
            if version:
                changes.add(f"{each['apiVersion']} {each['kind']} is applied as {version}" + "".join(f", without {name}" for name in lacking))
                each["apiVersion"] = version
                for name in lacking:
                    each["spec"].pop(name, None)
            for container in containers_of(each):
                container.get("resources", {}).get("requests", {}).pop("cpu", None)
                container.setdefault("resources", {}).setdefault("requests", {})["cpu"] = "20m"
        for change in sorted(changes) + ["requests for processors are 20m", "Secrets take the place of ExternalSecrets"]:
            print(f"   {change}")
        return {"apiVersion": "v1", "kind": "List", "items": adapted}

    def play_operator(self):
        """Makes the Secrets that ExternalSecrets ask for, with planted values; the same name has the same value."""
        values = {}
        self.apply(*self.of_kind("Namespace"))
        for wanted in self.of_kind("ExternalSecret"):
            data = {item["secretKey"]: values.setdefault(item["remoteRef"]["key"], CANARY + secrets.token_hex(24)) for item in wanted["spec"]["data"]}
            self.apply({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": wanted["spec"]["target"]["name"], "namespace": self.namespace}, "stringData": data})

    def apply(self, *objects):
        """Applies objects."""
        kubectl("apply", "--filename", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))

    # -- claims

    def ops(self, *arguments, **options):
        """A command of the emitted script."""
        return run(str(self.folder.parent / "ops"), *arguments, **options)

    def deploy(self):
        """`ops deploy`, with the objects that the node can take in place of what kustomize makes."""
        work = self.project.folder.parent / "node"
        work.mkdir(exist_ok=True)
        (work / "manifests.json").write_text(json.dumps(self.served()))
        kubectl_before = work / "kubectl"
        kubectl_before.write_text(f'#!/bin/sh\nif [ "$1" = kustomize ]; then exec cat "{work}/manifests.json"; fi\nexec "{shutil.which("kubectl")}" "$@"\n')
        kubectl_before.chmod(0o755)
        try:
            self.ops("deploy", env={**os.environ, "PATH": f"{work}:{os.environ['PATH']}"}, limit=1100)
        except Exception:
            print(kubectl("get", "pods", "--all-namespaces", "--output", "wide", check=False).stdout)
            print(kubectl("get", "events", "--namespace", self.namespace, "--sort-by=.lastTimestamp", check=False).stdout[-3000:])
            raise

    def rolls_out(self):
        """Everything, from nothing but a namespace and the secrets."""
        self.play_operator()
        self.deploy()

    def is_ready(self):
        """Every workload has as many ready pods as it wants, and none was restarted."""
        for each in self.get("deployments,statefulsets")["items"]:
            wanted, ready = each["spec"]["replicas"], each["status"].get("readyReplicas", 0)
            claim(wanted == ready and wanted > 0, f"{each['metadata']['name']}: {ready} of {wanted} pods are ready")
        for pod in self.get("pods")["items"]:
            for status in pod["status"].get("containerStatuses", []):
                claim(status["restartCount"] == 0, f"{pod['metadata']['name']} was restarted {status['restartCount']} times")

    def is_restricted(self):
        """Processes have numbers, no capabilities and no new privileges."""
        for pod in self.get("pods", "--field-selector", "status.phase=Running")["items"]:
            for status in pod["status"]["containerStatuses"]:
                identity = status["containerID"].removeprefix("docker://")
                pid = run("docker", "inspect", "--format", "{{.State.Pid}}", identity).strip()
                lines = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
                name = pod["metadata"]["name"]
                claim(int(lines["CapEff"], 16) == 0 and lines["NoNewPrivs"] == "1", f"{name} has rights")
                claim(lines["Uid"].split()[0] != "0", f"{name} runs as root")

    def survives_a_broken_rollout(self, name):
        """An image that cannot start leaves the old pods serving; undoing it brings the rollout to its end."""
        before = {pod["metadata"]["name"] for pod in self.pods(name)}
        container = self.get("deployment", name)["spec"]["template"]["spec"]["containers"][0]
        patch = {"spec": {"template": {"spec": {"containers": [{"name": container["name"], "args": ["node", "missing.js"]}]}}}}
        kubectl("patch", "--namespace", self.namespace, "deployment", name, "--patch", json.dumps(patch))
        time.sleep(45)
        ready = {pod["metadata"]["name"] for pod in self.pods(name) if is_pod_ready(pod)}
        claim(before <= ready, f"of {sorted(before)} only {sorted(ready)} are ready")
        kubectl("rollout", "undo", "--namespace", self.namespace, f"deployment/{name}")
        kubectl("rollout", "status", "--namespace", self.namespace, "--timeout=4m", f"deployment/{name}", limit=260)

    def keeps_data(self, name, ask, read):
        """The pod of a database is deleted; its successor has the data."""
        kept = read(ask)
        pod = self.pods(name)[0]["metadata"]["name"]
        kubectl("delete", "pod", "--namespace", self.namespace, pod, "--wait=true", "--timeout=90s", limit=100)
        kubectl("rollout", "status", "--namespace", self.namespace, "--timeout=3m", f"statefulset/{name}", limit=200)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if read(ask) == kept:
                    return
            except (OSError, ValueError, KeyError):
                pass
            time.sleep(2)
        claim(read(ask) == kept, "the data is not what it was")

    def rows(self):
        """What the database holds; the API would answer from its cache."""
        return self.ops("db", "-A", "-t", "-c", "select * from micro_credentials order by 1", limit=60)

    def comes_back(self, name, ask):
        """A copy is made and tried; what is written afterwards is gone when it is put back, and everything else is there."""
        before = self.rows()
        self.ops("backup", name, limit=300)
        copies = self.ops("backups", name, limit=180).split()
        claim(len(copies) == 1, f"`ops backups` lists {copies}")
        self.ops("rehearse", name, limit=300)
        reads_and_writes(ask)
        claim(self.rows() != before, "nothing was written after the copy")
        self.ops("--yes", "restore", name, copies[0], limit=900)
        after = self.rows()
        claim(after == before, f"restored {len(after)} characters of {len(before)}")

    def identities(self):
        """The running pods of every workload, by its name."""
        names = [each["metadata"]["name"] for each in self.of_kind("Deployment", "StatefulSet")]
        return {name: {pod["metadata"]["uid"] for pod in self.pods(name)} for name in names}

    def rolls_on_changed_settings(self, state, name, setting, value):
        """A setting that is changed in the source and deployed replaces the pods of its service and no others; the same deployed again replaces none."""
        self.replaces(name, lambda: self.release(state, setting, value))
        after = self.identities()
        self.deploy()
        claim(self.identities() == after, "the same settings replaced pods")

    def release(self, state, old, new):
        """Another text in the source, built and deployed."""
        source = next(path for path in self.project.folder.glob("*.stack") if old in path.read_text())
        source.write_text(source.read_text().replace(old, new))
        self.project.build()
        self.objects = policies.objects_of(state, self.folder)
        self.deploy()

    def replaces(self, name, action):
        """What replaces all pods of this service and none of others."""
        before = self.identities()
        action()
        after = self.identities()
        replaced = sorted(each for each, pods in after.items() if pods != before[each])
        claim(replaced == [name] and not before[name] & after[name], f"pods of {replaced} were replaced, expected those of {name}")

    def goes_back(self, state, name, setting, value):
        """`ops rollback` undoes what the last release changed, and nothing else."""
        self.replaces(name, lambda: self.release(state, setting, value))
        self.replaces(name, lambda: self.ops("rollback", limit=700))

    def restarts_what_hangs(self, name):
        """A process that stops to answer leaves the Service, is restarted by its probe and comes back."""
        pod = self.pods(name)[0]
        identity = pod["status"]["containerStatuses"][0]["containerID"].removeprefix("docker://")
        pid = int(run("docker", "inspect", "--format", "{{.State.Pid}}", identity))
        stopped = [pid, *(int(child) for child in run("pgrep", "--parent", str(pid), check=False).stdout.split())]
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        started = time.monotonic()

        def seen(what):
            return what(next(each for each in self.pods(name) if each["metadata"]["uid"] == pod["metadata"]["uid"]))

        until(lambda: seen(lambda now: not is_pod_ready(now)), 120, f"{name} hangs and is still ready")
        print(f"   it left the Service after {time.monotonic() - started:.0f} s")
        until(lambda: seen(lambda now: now["status"]["containerStatuses"][0]["restartCount"] > 0), 240, f"{name} hangs and is not restarted")
        print(f"   it was restarted after {time.monotonic() - started:.0f} s")
        until(lambda: seen(is_pod_ready), 120, f"{name} was restarted and is not ready")


def until(condition, seconds, message):
    """Waits for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        claim(time.monotonic() < end, message)
        time.sleep(2)


def containers_of(each):
    """Containers of a workload, a job or a scheduled job."""
    spec = each.get("spec", {})
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    return spec.get("template", {}).get("spec", {}).get("containers", []) if isinstance(spec.get("template"), dict) else []


def is_pod_ready(pod):
    """Whether the pod's condition says so."""
    return any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", []))


def keep_copies_here(project):
    """No object store is there: copies stay in the cluster."""
    source = project.folder / "main.stack"
    kept, removed = [], []
    for line in source.read_text().splitlines(keepends=True):
        (removed if line.split("=")[0].split("{")[0].strip() in AWAY else kept).append(line)
    claim(len(removed) == len(AWAY), f"main.stack has changed: {removed}")
    source.write_text("".join(kept))
    project.build()
    print("   copies stay in the cluster: no object store is there")


def push_images(project):
    """Builds the images under the names of the manifests, and pushes them where the node pulls them."""
    for name, dockerfile in project.dockerfiles().items():
        images.build(project, name, dockerfile)
        docker("push", "--quiet", project.image_names(name)[0], limit=120)


def credentials(ask):
    """What the API of BCCB lists."""
    return json.loads(ask("GET", "/api/credentials")[2])["items"]


def steps_of(steps, project, environment, folder, state):
    """The production environment of BCCB on a node."""
    title = f"{project.name}/{environment}"
    with steps.step(f"{title}: what the node lacks", 60, needed=True):
        keep_copies_here(project)
    cluster = Cluster(project, folder, policies.objects_of(state, folder))
    with steps.step(f"{title}: images are pushed", 600, needed=True):
        push_images(project)
    with steps.step(f"{title}: `ops deploy` rolls everything out", 1200, needed=True):
        cluster.rolls_out()
    with steps.step(f"{title}: pods are ready, none was restarted", 60):
        cluster.is_ready()
    with steps.step(f"{title}: processes are restricted", 60):
        cluster.is_restricted()
    api = Door("api", 3000, address=cluster.address("api"))
    with steps.step(f"{title}: requests are answered through Services", 60):
        status, _, body = Door("web", 8080, address=cluster.address("web")).ask("GET", "/")
        claim(status == 200 and b'id="root"' in body, f"the page: {status}")
        reads_and_writes(api.ask)
    with steps.step(f"{title}: a copy is made, tried and put back", 1500):
        cluster.comes_back("postgres", api.ask)
    with steps.step(f"{title}: a broken rollout leaves the old pods serving", 420):
        cluster.survives_a_broken_rollout("api")
    with steps.step(f"{title}: the database's pod is deleted, the data stays", 420):
        cluster.keeps_data("postgres", api.ask, credentials)
    with steps.step(f"{title}: a changed setting replaces the pods of its service only", 900):
        cluster.rolls_on_changed_settings(state, "api", 'REFRESH_TOKEN_EXPIRES_IN = "604800"', 'REFRESH_TOKEN_EXPIRES_IN = "604801"')
    with steps.step(f"{title}: `ops rollback` undoes what the last release changed and nothing else", 1500):
        cluster.goes_back(state, "api", 'REFRESH_TOKEN_EXPIRES_IN = "604801"', 'REFRESH_TOKEN_EXPIRES_IN = "604802"')
    with steps.step(f"{title}: a process that hangs is restarted by its probe", 500):
        cluster.restarts_what_hangs("api")
