"""The gates whose tool opens files at absolute paths: each runs in a root of its own; must not touch the machine's files.

A root is the tool's own unpacked packages, hard-linked, with the emitted folder where the container would have it and
stand-ins for what only exists at run time (certificates, secrets, host names).
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import yaml

from tree import GateError, Result, parse_json

NGINX = {(1, 22, 1): "nginx-old", (1, 30, 0): "nginx-new"}
# What an emitted nginx.conf says when the oldest nginx cannot read it.
REQUIRES = re.compile(r"^# requires nginx (\d+)\.(\d+)\.(\d+) or newer$", re.MULTILINE)
# What a Prometheus can discover in a cluster.
PODS = {"node", "service", "pod", "endpoints", "endpointslice", "ingress"}
PEM = re.compile(r"^\s*\w*ssl_\w*certificate(_key)?\s+\"?(/[^\s;\"$]+)", re.MULTILINE)
HOST = re.compile(r"(?:^\s*server\s+|_pass\s+\w+://)([A-Za-z_][\w.-]*)(?=[:;/\s])", re.MULTILINE)


@contextlib.contextmanager
def _root(tree, tool, folder, place):
    """A root with TOOL's files and FOLDER at PLACE; files that the package put there stay unless FOLDER has them."""
    if os.geteuid() != 0:
        raise GateError("nginx and promtool are run in a root of their own: this needs to be root")
    with tempfile.TemporaryDirectory(dir=tree.tools, prefix="root-") as scratch:
        root = pathlib.Path(scratch, "root")
        subprocess.run(["cp", "-al", tree.tools / tool, root], check=True)
        for source in sorted(path for path in folder.rglob("*") if path.is_file()):
            write(root, f"{place}/{source.relative_to(folder)}", source.read_bytes())
        for path in ("/dev/null", "/dev/stdout", "/dev/stderr"):
            write(root, path, b"")
        (root / "tmp").mkdir(exist_ok=True)  # promtool keeps the series of its tests there
        yield root


def write(root, path, content):
    """Puts a file into a root. The name is unlinked first: it may be a link to the tool's own file."""
    target = root / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    target.write_bytes(content)


def _chroot(tree, root, *command):
    """Without a network: nothing that a gate says may depend on what is reachable, nor may it bind this machine's ports."""
    return tree.tool("unshare", "--net", "chroot", root, *command, codes=(0, 1, 3))


def _key_pair(scratch):
    """A self-signed certificate and its key, thrown away with the root."""
    key, certificate = scratch / "gate.key", scratch / "gate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
         "-subj", "/CN=gate", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate.read_bytes(), key.read_bytes()


@contextlib.contextmanager
def _nginx_root(tree, tool, folder):
    with _root(tree, tool, folder, "/etc/nginx") as root:
        # The package's own sites and main file would stand in for what was not emitted.
        for name in ("conf.d", "sites-enabled", "modules-enabled", "nginx.conf"):
            if not (folder / name).exists():
                _remove(root / "etc/nginx" / name)
        text = "\n".join(path.read_text() for path in sorted(folder.rglob("*")) if path.is_file())
        certificate, key = _key_pair(root.parent)
        for is_key, path in PEM.findall(text):
            write(root, path, key if is_key else certificate)
        hosts = sorted(set(HOST.findall(text)))
        write(root, "/etc/hosts", "".join(f"127.0.0.1 {host}\n" for host in hosts).encode())
        write(root, "/etc/nsswitch.conf", b"hosts: files\n")
        write(root, "/etc/passwd", b"root:x:0:0::/:/bin/false\nnginx:x:101:101::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n")
        write(root, "/etc/group", b"root:x:0:\nnginx:x:101:\nnogroup:x:65534:\n")
        for path in ("run", "tmp", "var/cache/nginx", "var/lib/nginx", "var/log/nginx"):
            (root / path).mkdir(parents=True, exist_ok=True)
        yield root


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def nginx(tree):
    """Every nginx that may serve the file reads it. The oldest of them may not even warn; a newer one may deprecate."""
    files = tree.glob("**/deploy/*/nginx/nginx.conf")
    result = Result("nginx -t", len(files))
    for path in files:
        required = REQUIRES.search(tree.read(path))
        oldest = tuple(map(int, required.groups())) if required else (0, 0, 0)
        readers = [tool for version, tool in NGINX.items() if version >= oldest]
        if not readers:
            result.add("version", path, f"requires {oldest}, and the newest nginx here is {max(NGINX)}")
        for tool in readers:
            with _nginx_root(tree, tool, (tree.root / path).parent) as root:
                done = _chroot(tree, root, "/usr/sbin/nginx", "-t", "-q", "-e", "/dev/stderr", "-c", "/etc/nginx/nginx.conf")
                said = (done.stderr + (root / "dev/stderr").read_text()).splitlines()
            for line in said if done.returncode or tool == readers[0] else []:
                result.add("test", path, f"{tool}: {re.sub(r'^[0-9/: ]+', '', line)}")
    return [result]


def gixy(tree):
    """Both forks read nginx's own dump, so that includes resolve as nginx resolves them."""
    results = [Result("gixy-ng"), Result("gixy-next")]
    for path in tree.glob("**/deploy/*/nginx/nginx.conf"):
        with _nginx_root(tree, "nginx-new", (tree.root / path).parent) as root:
            dump = _chroot(tree, root, "/usr/sbin/nginx", "-T", "-q", "-e", "/dev/stderr", "-c", "/etc/nginx/nginx.conf")
            if dump.returncode:
                continue  # the gate before this one says why
            (root / "dump.conf").write_text(dump.stdout)
            for result in results:
                result.files += 1
                for item in parse_json(tree.tool(f"{result.gate}/bin/gixy", "-f", "json", root / "dump.conf")):
                    result.add(item["plugin"], path, f"line {item.get('line', '?')} of nginx -T: {item['summary']} {item['reason']}")
    return results


def promtool(tree):
    """A file with `groups` holds rules, one with `tests` holds their unit tests, any other in the folder is a configuration."""
    files = tree.glob("**/deploy/*/prometheus/*.yml", "**/deploy/*/prometheus/*.yaml")
    result = Result("promtool", len(files))
    for path in files:
        folder = (tree.root / path).parent
        try:
            document = yaml.safe_load(tree.read(path)) or {}
        except yaml.YAMLError as error:
            result.add("yaml", path, error)
            continue
        if "tests" in document:
            check = ("test", "rules")
        else:
            check = ("check", "rules" if "groups" in document else "config", "--lint=all", "--lint-fatal")
        with _root(tree, "prometheus", folder, "/etc/prometheus") as root:
            for secret in _secret_files(document):
                write(root, secret, b"stand-in\n")
            inside = f"/etc/prometheus/{pathlib.Path(path).name}"
            if _without_pods(document, path, result):
                write(root, inside, yaml.safe_dump(document, sort_keys=False).encode())
            done = _chroot(tree, root, "/usr/bin/promtool", *check, inside)
        if done.returncode:
            result.add(check[1], path, done.stderr or done.stdout)
    return [result]


def amtool(tree):
    files = tree.glob("**/deploy/*/alertmanager/*.yml")
    result = Result("amtool", len(files))
    for path in files:
        with _root(tree, "alertmanager", (tree.root / path).parent, "/etc/alertmanager") as root:
            inside = f"/etc/alertmanager/{pathlib.Path(path).name}"
            done = _chroot(tree, root, "/usr/bin/amtool", "check-config", inside)
        if done.returncode:
            result.add("check-config", path, done.stderr or done.stdout)
    return [result]


def dashboards(tree):
    """What Grafana would show: its panels have numbers and places of their own, a data source that exists, and queries that promtool can read."""
    files = tree.glob("**/deploy/*/grafana/dashboards/*.json")
    result = Result("dashboards", len(files))
    folders = {}
    for path in files:
        folder = (tree.root / path).parent
        try:
            rules = _queries(path, json.loads(tree.read(path)), _sources(folder.parent), result)
        except (ValueError, KeyError, TypeError) as error:
            result.add("model", path, repr(error))
            continue
        folders.setdefault(folder, []).append({"name": pathlib.Path(path).stem, "rules": rules})
    for folder, groups in folders.items():
        with _root(tree, "prometheus", folder, "/etc/grafana") as root:
            write(root, "/queries.yml", yaml.safe_dump({"groups": groups}).encode())
            done = _chroot(tree, root, "/usr/bin/promtool", "check", "rules", "--lint=none", "/queries.yml")
        if done.returncode:
            result.add("query", str(folder.relative_to(tree.root)), done.stderr or done.stdout)
    return [result]


def _sources(folder):
    documents = [yaml.safe_load(path.read_text()) for path in sorted(folder.glob("datasources/*.yml"))]
    return {source["uid"] for document in documents for source in document["datasources"]}


def _queries(path, dashboard, sources, result):
    """The queries of a dashboard as recording rules; what is wrong with its panels goes to the result."""
    panels, rules, taken = dashboard["panels"], [], set()
    if len(dashboard["uid"]) > 40:
        result.add("uid", path, "Grafana takes 40 characters")
    if len({panel["id"] for panel in panels}) != len(panels):
        result.add("id", path, "two panels have one number")
    for panel in panels:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        if place["x"] + place["w"] > 24 or cells & taken:
            result.add("gridPos", path, f"panel {panel['id']} has no place of its own")
        taken |= cells
        if panel["datasource"]["uid"] not in sources:
            result.add("datasource", path, f"panel {panel['id']} asks {panel['datasource']['uid']}, which is not provisioned")
        names = [target["refId"] for target in panel["targets"]]
        if len(set(names)) != len(names) or not names:
            result.add("refId", path, f"panel {panel['id']} has no queries with names of their own")
        rules += [{"record": f"panel_{panel['id']}_{target['refId']}", "expr": target["expr"]} for target in panel["targets"]]
    return rules


def _without_pods(document, path, result):
    """Debian's build leaves out the discovery of pods: it is judged here and taken out, so that promtool sees the rest."""
    found = False
    for job in document.get("scrape_configs") or []:
        for pods in job.pop("kubernetes_sd_configs", []):
            found = True
            names = pods.get("namespaces", {}).get("names")
            if set(pods) - {"role", "namespaces"} or pods["role"] not in PODS or not names:
                result.add("config", path, f"the job {job['job_name']} discovers {pods}")
    return found


def _secret_files(node):
    if isinstance(node, list):
        for item in node:
            yield from _secret_files(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if str(key).endswith("_file") and str(value).startswith("/"):
                yield value
            else:
                yield from _secret_files(value)
