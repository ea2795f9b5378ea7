"""A copy of an example, as a user would have it: with secrets, a lock where stand-ins are used, and what stackc emits from it."""

import json
import os
import pathlib
import re
import secrets
import shutil

from shell import docker, run
from steps import claim
from tls import make_certificates

# In every secret's value, so that one search finds all of them; hexadecimal, because some secrets are.
CANARY = "ca4a6e5ec2e7"
MARK = re.compile(CANARY.encode())
KEYS = "[default]\naws_access_key_id = e2e\naws_secret_access_key = {}\n"
PINNED = re.compile(r"(?:^FROM|image:)\s+\"?([a-z0-9./_-]+(?::\d+/[a-z0-9./_-]+)?:[\w.-]+)(?=[\s\"@]|$)", re.MULTILINE)


class Project:
    """The copy: `folder` is its root, `environments` maps names to folders that hold a `compose.yaml`,
    `hosts` maps them to the hosts that they serve with TLS."""

    def __init__(self, stackc, example, folder):
        self.stackc = stackc
        self.name = example.name
        self.folder = folder
        self.hosts = {}
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns("node_modules", "deploy", ".github", "__pycache__"))

    def build(self):
        """Runs `stackc build`."""
        run(self.stackc, "build", cwd=self.folder, limit=60)
        claim(self.environments(), f"{self.name} has no environment with a Compose file")

    def environments(self):
        """Folders of the environments that have a Compose file, by name."""
        return {path.parent.name: path.parent for path in sorted(self.folder.glob("deploy/*/compose.yaml"))}

    def clusters(self):
        """Folders with manifests, by the name of their environment."""
        return {path.parent.parent.name: path.parent for path in sorted(self.folder.glob("deploy/*/kubernetes/kustomization.yaml"))}

    def change(self, name, old, new, reason):
        """Another text in a source."""
        source = self.folder / name
        claim(old in source.read_text(), f"{name} has no {old!r}")
        source.write_text(source.read_text().replace(old, new))
        print(f"   {reason}")

    def use_registry(self, registry):
        """Images go to and come from this registry; it is a fact of the project, in `stackc.toml`."""
        manifest = self.folder / "stackc.toml"
        manifest.write_text(re.sub(r"^registry .*$", f'registry = "{registry}"', manifest.read_text(), flags=re.MULTILINE))

    def edges(self, environment):
        """Who needs whom on which port, as `stackc graph` draws it; the names are those that services have in their targets."""
        drawn = run(self.stackc, "graph", "--env", environment, cwd=self.folder)
        found = re.findall(r'^ *(\w+) -> (\w+) \[label="(\d+)"', drawn, re.MULTILINE)
        return {(source.replace("_", "-"), target.replace("_", "-"), int(port)) for source, target, port in found}

    def dockerfiles(self):
        """The Dockerfiles, by the name of their image."""
        return {path.name.removesuffix(".Dockerfile"): path for path in sorted(self.folder.glob("deploy/docker/*.Dockerfile"))}

    def base_images(self):
        """Every public image that what was emitted refers to, without its digest."""
        own = tuple(self.facts("registry"))
        texts = [path.read_text() for path in self.folder.glob("deploy/**/*") if path.is_file() and path.suffix != ".sh"]
        found = {name for text in texts for name in PINNED.findall(text)}
        return sorted(name for name in found if not (own and name.startswith(own)))

    def image_names(self, name):
        """The names under which the Compose files of environments that pull expect an image: one for each release."""
        registry = self.facts("registry")
        if not registry:
            return [f"{self.name}/{name}:main"]
        wanted = rf"{re.escape(registry[0])}/{re.escape(name)}:\$\{{RELEASE:-([\w.-]+)\}}"
        texts = [(folder / "compose.yaml").read_text() for folder in self.environments().values()]
        releases = {release for text in texts for release in re.findall(wanted, text)}
        return [f"{registry[0]}/{name}:{release}" for release in sorted(releases or {"main"})]

    def facts(self, key):
        """The values of a key of `stackc.toml`: one or none."""
        manifest = self.folder / "stackc.toml"
        text = manifest.read_text() if manifest.exists() else ""
        return re.findall(rf'^{key}\s*=\s*"([^"]+)"', text, re.MULTILINE)

    def lock(self, lines):
        """Pins the base images to these digests."""
        (self.folder / "stackc.lock").write_text("version = 1\n\n[images]\n" + lines)

    def plant(self):
        """Writes a value with a canary into every secret of every environment, and into files that no image may hold."""
        for folder in self.environments().values():
            wanted, addresses, keys = wanted_secrets(folder), wanted_addresses(folder), wanted_keys(folder)
            for name, size in wanted.items():
                path = folder / "secrets" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                value = f"{CANARY}{secrets.token_hex(50)}"[:size]
                path.write_text(f"http://127.0.0.1:9/{value}" if name in addresses else KEYS.format(value) if name in keys else value)
                path.chmod(0o444)
            if wanted:
                run(str(folder / "ops"), "secrets")
            self.hosts[folder.name] = make_certificates(folder)
        for path in self.folder.glob("**/package.json"):
            (path.parent / ".env").write_text(f"LEAK={CANARY}{secrets.token_hex(24)}\n")
        (self.folder / ".env").write_text(f"LEAK={CANARY}{secrets.token_hex(24)}\n")


def wanted_secrets(folder):
    """Names of an environment's secrets and how many characters each has, as its `ops secrets` makes or wants them."""
    script = (folder / "ops").read_text()
    return {name: int(size) for name, size in re.findall(r"^  (?:make|want)_secret (\S+) (?:\S+ )?(\d+)$", script, re.MULTILINE)}


def wanted_addresses(folder):
    """Names of the secrets that are addresses: Alertmanager does not start with anything else."""
    configuration = folder / "alertmanager/alertmanager.yml"
    return set(re.findall(r"url_file: /run/secrets/(\w+)", configuration.read_text())) if configuration.exists() else set()


def wanted_keys(folder):
    """Names of the secrets that are files with the keys of an object store."""
    scripts = "".join(path.read_text() for path in folder.glob("backup/*-offsite.sh"))
    return set(re.findall(r"^AWS_SHARED_CREDENTIALS_FILE=/run/secrets/(\w+)$", scripts, re.MULTILINE))


def variables(folder):
    """Secrets that have no other way into a container than a variable: the emitted script sets these, and so does the suite."""
    names = set(re.findall(r"\$\{(\w+):\?", (folder / "compose.yaml").read_text()))
    paths = {name: folder / "secrets" / name.lower() for name in names}
    return {name: path.read_text() if path.exists() else "not planted yet" for name, path in paths.items()}


def compose_config(folder):
    """The Compose file as the engine's own Compose understands it."""
    arguments = ("--profile", "*", "--file", str(folder / "compose.yaml"), "config", "--format", "json")
    return json.loads(docker("compose", *arguments, env={**os.environ, **variables(folder)}))
