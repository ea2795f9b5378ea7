"""Prometheus on the emitted configuration, beside a running environment."""

import json
import time
import urllib.request

from shell import docker, inspect
from steps import claim

IMAGE = "prom/prometheus:v3.13.2"


class Prometheus:
    """A server in the networks of the scraped services, with the folder that was emitted mounted read-only."""

    def __init__(self, composition, service):
        self.composition = composition
        self.service = service
        self.folder = composition.folder / "prometheus"
        self.container = None

    def rules_hold(self):
        """promtool accepts configuration and rules, and the tests of the rules pass."""
        for arguments in (("check", "config", "prometheus.yml"), ("test", "rules", "rules.test.yml")):
            docker("run", "--rm", "--network", "none", "--entrypoint", "/bin/promtool", "--workdir", "/etc/prometheus",
                   "--volume", f"{self.folder}:/etc/prometheus:ro", IMAGE, *arguments)

    def start(self):
        """Starts the server where the service can be reached."""
        networks = inspect(self.composition.containers()[self.service]["Id"])[0]["NetworkSettings"]["Networks"]
        network = next(name for name in networks if name.endswith(f"_{self.service}"))
        self.container = docker("run", "--detach", "--network", network, "--read-only", "--tmpfs", "/prometheus:uid=65534", "--cap-drop", "ALL",
                                "--volume", f"{self.folder}:/etc/prometheus:ro", IMAGE).strip()

    def ask(self, path):
        """The data of an answer of the API."""
        networks = inspect(self.container)[0]["NetworkSettings"]["Networks"].values()
        address = next(iter(networks))["IPAddress"]
        with urllib.request.urlopen(f"http://{address}:9090/api/v1/{path}", timeout=5) as answer:
            return json.load(answer)["data"]

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

    def scrapes(self):
        """Every target that the configuration names is up, and has numbers of requests."""
        self.until(lambda: (targets := self.ask("targets")["activeTargets"]) and all(each["health"] == "up" for each in targets), 60, "not every target is up")
        self.until(lambda: self.ask("query?query=http_requests_total")["result"], 30, "there are no numbers of requests")

    def notices(self):
        """A stopped service raises its alert as pending."""
        self.composition.compose("stop", self.service, limit=60)
        try:
            self.until(lambda: any(each["labels"].get("service") == self.service for each in self.ask("alerts")["alerts"]), 90, "no alert for a stopped service")
        finally:
            self.composition.compose("up", "--detach", "--wait", "--no-deps", self.service, limit=120)

    def stop(self):
        """Removes the server."""
        if self.container:
            docker("rm", "--force", self.container, check=False)


def steps_of(steps, composition, service):
    """Prometheus beside one service."""
    server = Prometheus(composition, service)
    try:
        with steps.step(f"{composition.title}: Prometheus accepts configuration and rules, tests of rules pass", 60):
            server.rules_hold()
        with steps.step(f"{composition.title}: Prometheus scrapes", 120, needed=True):
            server.start()
            server.scrapes()
        with steps.step(f"{composition.title}: an alert notices a stopped service", 240):
            server.notices()
    finally:
        server.stop()
