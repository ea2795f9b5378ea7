"""What is asked of each example beyond what holds for all: its addresses and what must come back."""

import json

import data
import metrics
from door import Requests, reads_and_writes
from steps import claim
from tls import Door

BCCB = {"page": "/", "health": "/api/health", "missing": "/api/nothing", "create": "/api/credentials", "prefix": "/api/", "socket": "/api/ws"}


def of(steps, composition):
    """Runs the scenario of the environment, if it has one."""
    scenario = SCENARIOS.get(composition.title)
    if scenario:
        scenario(steps, composition)


def notes(steps, composition):
    """What is written is read, through the published port."""
    with steps.step(f"{composition.title}: a note is written and read", 30):
        door = Door("localhost", 3000)
        status, _, body = door.ask("POST", "/notes", body=json.dumps({"text": "milk"}).encode())
        claim(status == 201, f"a new note is answered with {status}: {body[:200]!r}")
        _, _, body = door.ask("GET", "/notes")
        claim({"id": 1, "text": "milk"} in json.loads(body), f"the note is not there: {body[:200]!r}")


def bccb_development(steps, composition):
    """The page and the API through the proxy on loopback."""
    with steps.step(f"{composition.title}: page, API, database and cache answer", 60):
        door = Door("localhost", 8080)
        status, _, body = door.ask("GET", "/")
        claim(status == 200 and b'id="root"' in body, f"the page: {status} {body[:200]!r}")
        reads_and_writes(door.ask)
        remembers(composition)


def bccb_vps(steps, composition):
    """Everything that is claimed of the door."""
    requests = Requests(composition, composition.project.hosts["vps"][0], BCCB)
    title = composition.title
    with steps.step(f"{title}: page, API, database and cache answer over TLS", 60):
        status, _, body = requests.door.ask("GET", "/")
        claim(status == 200 and b'id="root"' in body, f"the page: {status} {body[:200]!r}")
        status, _, _ = requests.door.ask("GET", "/ai/health")
        claim(status == 200, f"/ai/health: {status}")
        reads_and_writes(requests.door.ask)
        remembers(composition)
    for name, limit, check in (
        ("HTTP leads to HTTPS", 30, requests.redirects),
        ("old TLS and unknown names are refused", 30, requests.refuses_old_tls),
        ("security headers on success and error", 30, requests.carries_headers),
        ("bodies are limited", 60, requests.limits_bodies),
        ("requests are limited to the declared rate", 60, requests.limits_rate),
        ("a websocket lives for 70 seconds", 180, lambda: requests.keeps_websockets(70)),
        ("a recreated upstream with a new address is found", 300, lambda: requests.survives_new_addresses("api")),
    ):
        with steps.step(f"{title}: {name}", limit):
            check()
    metrics.steps_of(steps, composition, "api")
    data.steps_of(steps, composition)


def remembers(composition):
    """Redis holds what the API put there."""
    keys = composition.compose("exec", "--no-TTY", "redis", "sh", "-c", 'REDISCLI_AUTH="$(cat "$PASSWORD_FILE")" redis-cli keys "*"')
    claim("credential" in keys, f"the cache holds {keys!r}")


SCENARIOS = {"notes/development": notes, "bccb/development": bccb_development, "bccb/vps": bccb_vps}

# Public images that scenarios start besides those of the environments.
IMAGES = {"bccb": (metrics.IMAGE,)}

# Examples whose production may be run on a node: `bccb/cluster`, on request.
CLUSTERS = ("bccb",)
