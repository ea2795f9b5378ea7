"""Releases under load: the emitted `ops` brings versions up, refuses broken ones and goes back, while requests never stop."""

import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
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


def settings(project):
    """Settings of the source that a run of minutes needs: shorter looks at a version, and no limit of the application for one client."""
    path = project.folder / "environments.stack"
    text = path.read_text()
    for old, new in (("wait = 60s", "wait = 10s"), ("wait = 5min", "wait = 10s"), ("bake = 5min", "bake = 20s")):
        claim(old in text, f"environments.stack has no {old!r}")
        text = text.replace(old, new)
        print(f"   {old} becomes {new}")
    path.write_text(text)
    main = project.folder / "main.stack"
    line = "    CORS_ORIGIN     = origin\n"
    claim(line in main.read_text(), "main.stack has changed")
    main.write_text(main.read_text().replace(line, line + '    RATE_LIMIT_MAX_REQUESTS = "100000000"\n'))
    print("   RATE_LIMIT_MAX_REQUESTS is 100000000")


def steps_of(steps, composition, page, broken):
    """All of it for an environment of prompt-card: `page` is the image of its page, `broken` the text that breaks its API and what is then said."""
    title, project, services = composition.title, composition.project, ("frontend", "backend")
    releases = Releases(composition)
    (source, old, new), reason = broken
    with steps.step(f"{title}: three releases are published", 1500, needed=True):
        for release in ("r1", "r2"):
            releases.publish("backend", release)
            releases.publish(page, release)
        with changed(project.folder / source, old, new):
            releases.publish("backend", "r3")
        releases.publish(page, "r3")
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
    requests = [["GET", "/health", {}, ""], ["GET", "/api/cards", {}, ""], ["POST", f"/api/cards/{card}/run", {}, ""]]
    under_load(steps, title, door, requests, (
        ("`ops deploy` brings the next release", 900, lambda: releases.deploy("r2", services)),
        ("a broken release is refused and undone", 900, lambda: releases.refuses("r3", "r2", services, reason)),
        ("`ops rollback` brings the release before", 900, lambda: releases.goes_back("r1", services)),
    ))


ENVIRONMENTS = {
    # Rolling: it does not become healthy. Canary: it does, and the job that asks for what people need fails.
    "staging": ("frontend", (("backend/src/server.ts", "server.listen(env.port,", "setTimeout(() => process.exit(1), 3000);\nserver.listen(env.port + 1,"), "not healthy")),
    "production": ("frontend-production", (("backend/src/app.ts", 'case "GET /api/cards":', 'case "GET /api/lost":'), "backend-smoke failed")),
}
