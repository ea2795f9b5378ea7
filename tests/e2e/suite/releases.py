"""Releases under load: the emitted `ops` brings versions up, refuses broken ones and goes back, while requests never stop."""

import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
import re
import subprocess
import sys
import time

from shell import docker, inspect
from steps import claim
from tls import Door

LOAD = pathlib.Path(__file__).with_name("load.py")
ENOUGH = 100_000


class Load:
    """Two programs that ask without a pause; `count` is how many requests were answered so far."""

    def __init__(self, door, requests, connections):
        command = [sys.executable, "-B", str(LOAD), door.host, str(door.port), str(door.authority), str(connections // 2)]
        self.programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for program in self.programs:
            self.tell(program, json.dumps(requests))

    def tell(self, program, line):
        """A line of input."""
        program.stdin.write(line + "\n")
        program.stdin.flush()

    def count(self):
        """Requests so far."""
        for program in self.programs:
            self.tell(program, "count")
        return sum(int(program.stdout.readline()) for program in self.programs)

    def until(self, count, seconds):
        """Goes on until there are that many."""
        end = time.monotonic() + seconds
        while self.count() < count:
            claim(time.monotonic() < end, f"only {self.count()} requests in time")
            time.sleep(1)

    def end(self):
        """Stops and gives what became of the requests."""
        results = [json.loads(program.communicate(timeout=90)[0].splitlines()[-1]) for program in self.programs]
        return {"done": sum(each["done"] for each in results), "connections": sum(each["connections"] for each in results),
                "slowest": max(each["slowest"] for each in results), "failures": [line for each in results for line in each["failures"]]}

    def kill(self):
        """Ends the programs, whatever they do."""
        for program in self.programs:
            program.kill()


class Releases:
    """The versions of an environment's images, in the registry that it pulls from."""

    def __init__(self, composition):
        self.composition = composition
        self.project = composition.project

    def publish(self, name, release):
        """Builds an image from the sources as they are and pushes it under the name of a release."""
        image = f"{self.project.facts('registry')[0]}/{name}:{release}"
        docker("buildx", "build", "--quiet", "--file", str(self.project.dockerfiles()[name]), "--label", f"e2e.release={release}", "--tag", image, ".",
               cwd=self.project.folder, limit=900)
        docker("push", "--quiet", image, limit=120)

    def running(self, service):
        """Releases that the containers of a service carry."""
        ids = self.composition.compose("ps", "--quiet", service).split()
        return sorted(each["Config"]["Labels"]["e2e.release"] for each in inspect(*ids))

    def runs(self, release, services):
        """All containers of these services are of this release, and as many as before."""
        for service in services:
            found = self.running(service)
            claim(found == [release], f"{service} runs {found}, expected {release}")

    def deploy(self, release, services):
        """A release that works."""
        self.composition.ops("deploy", release, limit=900)
        self.runs(release, services)

    def refuses(self, release, before, services, reason):
        """A broken release: the command fails, says why, and what ran before still runs."""
        done = self.composition.ops("deploy", release, check=False, limit=900)
        said = done.stdout + done.stderr
        claim(done.returncode != 0, f"`ops deploy {release}` ended well")
        claim(reason in said, f"`ops deploy {release}` does not say {reason!r}:\n{said[-3000:]}")
        self.runs(before, services)

    def goes_back(self, release, services):
        """`ops rollback` starts the release before."""
        self.composition.ops("rollback", limit=900)
        self.runs(release, services)


@contextlib.contextmanager
def changed(path, old, new):
    """The sources with one text replaced."""
    text = path.read_text()
    claim(old in text, f"{path.name} has no {old!r}")
    path.write_text(text.replace(old, new))
    try:
        yield
    finally:
        path.write_text(text)


def token(secret):
    """A JSON web token that the API of prompt-card takes."""
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    text = f"{encode(json.dumps({'alg': 'HS256', 'typ': 'JWT'}).encode())}.{encode(json.dumps({'sub': 'e2e', 'exp': int(time.time()) + 7200}).encode())}"
    return f"{text}.{encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


def under_load(steps, title, door, requests, releases):
    """Steps `(name, limit, action)` while requests never stop; then none of them may have failed."""
    load = Load(door, requests, 12)
    try:
        for name, limit, action in releases:
            before = load.count()
            with steps.step(f"{title}: {name}, under load", limit):
                action()
            print(f"   {load.count() - before} requests meanwhile")
        with steps.step(f"{title}: no request failed in {ENOUGH} or more", 900):
            load.until(ENOUGH, 800)
            result = load.end()
            print(f"   {result['done']} requests on {result['connections']} connections, the slowest took {result['slowest']:.2f} s")
            claim(not result["failures"], f"{len(result['failures'])} of {result['done']} requests failed:\n   " + "\n   ".join(result["failures"][:12]))
    finally:
        load.kill()


def ended_by_alert(steps, title, door, request, refuse):
    """A release whose answers raise an alert while it has its first shares is ended; until then requests fail, and afterwards none does."""
    load = Load(door, [request], 4)
    try:
        with steps.step(f"{title}: a release that answers with errors is ended by an alert", 900):
            refuse()
            failures = load.end()["failures"]
            print(f"   {len(failures)} requests failed meanwhile")
            claim(failures and all("500" in line for line in failures), f"the failures are {failures[:3]}")
    finally:
        load.kill()
    calm = Load(door, [request], 4)
    try:
        with steps.step(f"{title}: the release before answers everything", 60):
            calm.until(200, 50)
            failures = calm.end()["failures"]
            claim(not failures, f"after the release was ended, {failures[:3]}")
    finally:
        calm.kill()


def settings(project):
    """Settings of the source that a run of minutes needs: shorter looks at a version, and no limit of the application for one client."""
    path = project.folder / "environments.stack"
    text = path.read_text()
    for field, old, new in (("wait", "60s", "10s"), ("wait", "5min", "20s"), ("bake", "5min", "20s")):
        text, found = re.subn(rf"\b({field} +=) {old}\b", rf"\1 {new}", text)
        claim(found, f"environments.stack has no {field} = {old}")
        print(f"   {field} = {old} becomes {new}")
    path.write_text(text)
    line = "    CORS_ORIGIN     = origin\n"
    project.change("main.stack", line, line + '    RATE_LIMIT_MAX_REQUESTS = "100000000"\n', "RATE_LIMIT_MAX_REQUESTS is 100000000")


def steps_of(steps, composition, page, broken):
    """All of it for an environment of prompt-card: `page` is the image of its page, `broken` the texts that break its API and what is then said."""
    title, project, services = composition.title, composition.project, ("frontend", "backend")
    releases = Releases(composition)
    with steps.step(f"{title}: {2 + len(broken)} releases are published", 1500, needed=True):
        for release in ("r1", "r2"):
            releases.publish("backend", release)
            releases.publish(page, release)
        for release, ((source, old, new), _) in broken.items():
            with changed(project.folder / source, old, new):
                releases.publish("backend", release)
            releases.publish(page, release)
    with steps.step(f"{title}: the first release comes up from nothing", 900, needed=True):
        releases.deploy("r1", services)
    door = Door(project.hosts[composition.folder.name][0], 443, composition.folder / f"certificates/{project.hosts[composition.folder.name][0]}/fullchain.pem")
    bearer = {"Authorization": f"Bearer {token((composition.folder / 'secrets/jwt').read_text())}", "Content-Type": "application/json"}
    with steps.step(f"{title}: a card is made and its answer remembered", 60, needed=True):
        status, _, body = door.ask("POST", "/api/cards", body=json.dumps({"title": "one", "prompt": "what?"}).encode(), headers=bearer)
        claim(status == 201, f"a new card is answered with {status}: {body[:200]!r}")
        card = json.loads(body)["id"]
        status, _, body = door.ask("POST", f"/api/cards/{card}/run")
        claim(status == 200, f"its answer is {status}: {body[:200]!r}")
    run = ["POST", f"/api/cards/{card}/run", {}, ""]
    requests = [["GET", "/health", {}, ""], ["GET", "/api/cards", {}, ""], run]
    under_load(steps, title, door, requests, (
        ("`ops deploy` brings the next release", 900, lambda: releases.deploy("r2", services)),
        ("a broken release is refused and undone", 900, lambda: releases.refuses("r3", "r2", services, broken["r3"][1])),
        ("`ops rollback` brings the release before", 900, lambda: releases.goes_back("r1", services)),
    ))
    if "r4" in broken:
        ended_by_alert(steps, title, door, run, lambda: releases.refuses("r4", "r1", services, broken["r4"][1]))


SERVER, APP = "backend/src/server.ts", "backend/src/app.ts"
ENVIRONMENTS = {
    # Rolling: it does not become healthy.
    "staging": ("frontend", {
        "r3": ((SERVER, "server.listen(env.port,", "setTimeout(() => process.exit(1), 3000);\nserver.listen(env.port + 1,"), "not healthy"),
    }),
    # Canary: it does, and the job that asks for what people need fails; or only people's requests do.
    "production": ("frontend-production", {
        "r3": ((APP, 'case "GET /api/cards":', 'case "GET /api/lost":'), "backend-smoke failed"),
        "r4": ((APP, "if (known !== null) return { status: 200,", "if (known !== null) return { status: 500,"), "the condition of the alert errors holds"),
    }),
}
