"""Prometheus on the emitted configuration, beside a running environment."""

import json
import re
import time
import urllib.request

from shell import docker, inspect
from steps import claim

IMAGE = "prom/prometheus:v3.13.2"


class Prometheus:
    """A server in the networks of the scraped services, with the folder that was emitted mounted read-only."""

    def __init__(self, composition, service, silent):
        self.composition = composition
        self.service = service
        self.silent = silent
        self.folder = composition.folder / "prometheus"
        self.container = None
        self.is_own = False

    def rules_hold(self):
        """promtool accepts configuration and rules; every rule has a test, and the tests pass."""
        rules = set(re.findall(r"alert: (\w+)", (self.folder / "rules.yml").read_text()))
        tried = set(re.findall(r'alertname(?:: |=\\?")(\w+)', (self.folder / "rules.test.yml").read_text()))
        claim(rules and rules == tried, f"{sorted(rules - tried)} have no test")
        for arguments in (("check", "config", "prometheus.yml"), ("test", "rules", "rules.test.yml")):
            docker("run", "--rm", "--network", "none", "--entrypoint", "/bin/promtool", "--workdir", "/etc/prometheus",
                   "--volume", f"{self.folder}:/etc/prometheus:ro", IMAGE, *arguments)

    def start(self):
        """Takes the environment's own server, or starts one where the service can be reached."""
        own = self.composition.containers().get("prometheus")
        if own:
            self.container, self.is_own = own["Id"], True
            return
        networks = inspect(self.composition.containers()[self.service]["Id"])[0]["NetworkSettings"]["Networks"]
        network = next(name for name in networks if name.endswith(f"_{self.service}"))
        self.container = docker("run", "--detach", "--network", network, "--read-only", "--tmpfs", "/prometheus:uid=65534", "--cap-drop", "ALL",
                                "--volume", f"{self.folder}:/etc/prometheus:ro", IMAGE).strip()

    def ask(self, path):
        """The data of an answer of the API."""
        return get(self.container, f"9090/api/v1/{path}")["data"]

    def until(self, condition, seconds, message):
        """Waits until the server says so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except OSError:
                pass
            time.sleep(1)
        print(docker("logs", "--tail", "10", self.container, check=False).stderr)
        claim(False, message)

    def targets(self):
        """Health of the targets by the name of their job; what was stopped on purpose is left out."""
        return {each["labels"]["job"]: each["health"] for each in self.ask("targets")["activeTargets"] if each["labels"]["job"] != self.silent}

    def scrapes(self, ask):
        """Every target that the configuration names is up, and a request is counted."""
        jobs = set(re.findall(r"job_name: (\S+)", (self.folder / "prometheus.yml").read_text())) - {self.silent}
        self.until(lambda: set((targets := self.targets())) == jobs and set(targets.values()) == {"up"}, 90, f"of {sorted(jobs)} not every target is up")
        print(f"   {', '.join(self.targets())}")
        ask()
        self.until(lambda: self.ask("query?query=http_requests_total")["result"], 45, "there are no numbers of requests")

    def notices(self):
        """A stopped service raises its alert as pending."""
        self.composition.compose("stop", self.service, limit=60)
        try:
            self.until(lambda: any(each["labels"].get("service") == self.service for each in self.ask("alerts")["alerts"]), 90, "no alert for a stopped service")
        finally:
            self.composition.compose("up", "--detach", "--wait", "--no-deps", self.service, limit=120)

    def fires(self, label):
        """The alert of a service that was stopped earlier fires, and the environment's Alertmanager has it."""
        def fired():
            return any(each["state"] == "firing" and each["labels"].get("service") == label for each in self.ask("alerts")["alerts"])
        self.until(fired, 400, f"the alert for {self.silent} does not fire")
        manager = self.composition.containers()["alertmanager"]["Id"]
        self.until(lambda: any(each["labels"].get("service") == label for each in get(manager, "9093/api/v2/alerts")), 60, "Alertmanager was not told")
        self.composition.compose("up", "--detach", "--wait", "--no-deps", self.silent, limit=120)

    def stop(self):
        """Removes the server that was started beside the environment."""
        if self.container and not self.is_own:
            docker("rm", "--force", self.container, check=False)


def get(container, path):
    """What a container answers, on its port and path, as data."""
    networks = inspect(container)[0]["NetworkSettings"]["Networks"].values()
    address = next(iter(networks))["IPAddress"]
    with urllib.request.urlopen(f"http://{address}:{path}", timeout=5) as answer:
        return json.load(answer)


def steps_of(steps, composition, service, ask, silent=None):
    """Prometheus beside one service, which `ask` sends a request; `silent` was stopped earlier."""
    server = Prometheus(composition, service, silent)
    try:
        with steps.step(f"{composition.title}: Prometheus accepts configuration and rules, every rule has a test that passes", 60):
            server.rules_hold()
        with steps.step(f"{composition.title}: Prometheus scrapes", 180, needed=True):
            server.start()
            server.scrapes(ask)
        with steps.step(f"{composition.title}: an alert notices a stopped service", 240):
            server.notices()
        if silent:
            with steps.step(f"{composition.title}: the alert of a service that stays away fires and reaches Alertmanager", 500):
                server.fires(silent.replace("-", "_"))
    finally:
        server.stop()
