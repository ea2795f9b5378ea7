"""What is asked of each example beyond what holds for all: its addresses and what must come back."""

import json
import re
import time

import data
import metrics
import offsite
from door import Requests, reads_and_writes
from releases import token
from steps import claim
from tls import Door

BCCB = {"page": "/", "health": "/api/health", "missing": "/api/nothing", "create": "/api/credentials", "prefix": "/api/", "socket": "/api/ws"}
CARDS = {"page": "/", "health": "/health", "missing": "/api/nothing", "create": "/api/cards", "prefix": "/api/"}
BUILDER = {"page": "/", "health": "/api/health", "missing": "/api/nothing", "create": "/api/prompts", "prefix": "/api/", "limited": "/api/health"}
PLATFORM = {"page": "/", "health": "/api/health", "missing": "/api/nothing", "create": "/api/cards", "prefix": "/api/", "limited": "/api/cards", "zone": "site_api"}
LIBRARY = {"page": "/", "health": "/api/system/health", "missing": "/api/nothing", "create": "/api/prompts", "prefix": "/api/"}

# What examples find around them and a test machine lacks.
LACKING = {
    "bccb": offsite.settings,
    "prompt-card-platform": lambda project: project.change("data.stack", '  gpu      { vendor = "nvidia" }\n', "", "the model runs without a graphics processor"),
}


def settle(project):
    """Changes the copy of an example where its surroundings are others here; nothing for most."""
    LACKING.get(project.name, lambda _: None)(project)


def of(steps, composition):
    """Runs the scenario of the environment, if it has one."""
    scenario = SCENARIOS.get(composition.title)
    if scenario:
        scenario(steps, composition)


def hello(steps, composition):
    """The published image answers with the request."""
    with steps.step(f"{composition.title}: the request comes back", 30):
        status, _, body = Door("localhost", 8080).ask("GET", "/some/where")
        claim(status == 200 and b"GET /some/where" in body, f"{status} {body[:200]!r}")


def clock(steps, composition):
    """A program in Go, built from its sources."""
    with steps.step(f"{composition.title}: the time comes back", 30):
        status, _, body = Door("localhost", 8080).ask("GET", "/")
        claim(status == 200 and re.fullmatch(rb"\d{4}-\d\d-\d\dT[\d:]{8}\+0[12]:00\n", body), f"{status} {body[:200]!r}")


def notes(steps, composition):
    """What is written is read, through the published port."""
    with steps.step(f"{composition.title}: a note is written and read", 30):
        door = Door("localhost", 3000)
        status, _, body = door.ask("POST", "/notes", body=json.dumps({"text": "milk"}).encode())
        claim(status == 201, f"a new note is answered with {status}: {body[:200]!r}")
        _, _, body = door.ask("GET", "/notes")
        claim({"id": 1, "text": "milk"} in json.loads(body), f"the note is not there: {body[:200]!r}")


def shows(door, path, mark):
    """A page is answered and holds this text."""
    status, _, body = door.ask("GET", path)
    claim(status == 200 and mark in body, f"{path}: {status} {body[:200]!r}")


def bccb_development(steps, composition):
    """The page and the API through the proxy on loopback."""
    with steps.step(f"{composition.title}: page, API, database and cache answer", 60):
        door = Door("localhost", 8080)
        shows(door, "/", b'id="root"')
        reads_and_writes(door.ask)
        remembers(composition, "credential")


def bccb_vps(steps, composition):
    """Everything that is claimed of the door, of data and of metrics."""
    requests = Requests(composition, composition.project.hosts["vps"][0], BCCB)
    with steps.step(f"{composition.title}: page, API, database and cache answer over TLS", 60):
        shows(requests.door, "/", b'id="root"')
        shows(requests.door, "/ai/health", b"")
        reads_and_writes(requests.door.ask)
        remembers(composition, "credential")
    data.survives(steps, composition)
    postgres = data.Data(composition, "postgres", data.rows("bccb", "microcredentials", '"_prisma_migrations"', "micro_credentials"))
    data.steps_of(steps, postgres)
    with steps.step(f"{composition.title}: a copy leaves the machine sealed, comes back and is put back", 600):
        offsite.leaves_and_comes_back(postgres, "bccb-backups")
    # Its alert takes minutes to fire; restoring data would have started it again.
    silent = "redis-exporter"
    composition.compose("stop", silent, limit=60)
    door_steps(steps, composition.title, requests)
    for name, limit, check in (
        ("requests are limited to the declared rate", 60, requests.limits_rate),
        ("a websocket lives for 70 seconds", 180, lambda: requests.keeps_websockets(70)),
        ("a recreated upstream with a new address is found", 300, lambda: requests.survives_new_addresses("api")),
    ):
        with steps.step(f"{composition.title}: {name}", limit):
            check()
    metrics.steps_of(steps, composition, "api", lambda: requests.door.ask("GET", "/api/credentials"), silent)


def door_steps(steps, title, requests):
    """What holds for every door with TLS."""
    for name, limit, check in (
        ("HTTP leads to HTTPS", 30, requests.redirects),
        ("old TLS and unknown names are refused", 30, requests.refuses_old_tls),
        ("security headers on success and error", 30, requests.carries_headers),
        ("bodies are limited", 60, requests.limits_bodies),
    ):
        with steps.step(f"{title}: {name}", limit):
            check()


def remembers(composition, key):
    """Redis holds what the API put there."""
    keys = composition.compose("exec", "--no-TTY", "redis", "sh", "-c", 'REDISCLI_AUTH="$(cat "$PASSWORD_FILE")" redis-cli keys "*"')
    claim(key in keys, f"the cache holds {keys!r}")


def cards(composition, ask):
    """Prompt cards: one is stored in SQLite, the model answers it, and the cache remembers the answer."""
    bearer = {"Authorization": f"Bearer {token((composition.folder / 'secrets/jwt').read_text())}", "Content-Type": "application/json"}
    status, _, body = ask("POST", "/api/cards", body=json.dumps({"title": "one", "prompt": "what?"}).encode())
    claim(status == 401, f"without a token a new card is answered with {status}")
    status, _, body = ask("POST", "/api/cards", body=json.dumps({"title": "one", "prompt": "what?"}).encode(), headers=bearer)
    claim(status == 201, f"a new card is answered with {status}: {body[:200]!r}")
    card = json.loads(body)["id"]
    for cached in (False, True):
        status, _, body = ask("POST", f"/api/cards/{card}/run")
        claim(status == 200 and json.loads(body)["cached"] == cached, f"its answer is {status}: {body[:200]!r}")
    status, _, body = ask("GET", "/api/cards")
    claim(card in [each["id"] for each in json.loads(body)], f"the card is not in the list: {body[:200]!r}")
    remembers(composition, "answer")


# Beside the application, in its container: a second program that writes to its file.
WRITE = """
const database = new (require("node:sqlite").DatabaseSync)("/app/data/database.sqlite", { timeout: 60000 });
const add = database.prepare("INSERT INTO cards (title, prompt) VALUES (?, 'a prompt that takes some room: ' || hex(randomblob(400)))");
require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  add.run("written " + line);
  console.log(line);
});
"""


def cards_development(steps, composition):
    """Page and API through the proxy on loopback."""
    with steps.step(f"{composition.title}: page, API, database, model and cache answer", 120):
        door = Door("localhost", 8080)
        shows(door, "/", b"<html")
        cards(composition, door.ask)


def cards_over_tls(steps, composition):
    """Page and API through the door, and what watches them."""
    requests = Requests(composition, composition.project.hosts[composition.folder.name][0], CARDS)
    with steps.step(f"{composition.title}: page, API, database, model and cache answer over TLS", 120):
        shows(requests.door, "/", b"<html")
        cards(composition, requests.door.ask)
    door_steps(steps, composition.title, requests)
    if composition.folder.name == "staging":
        file = data.File(composition, "backend", "/app/data/database.sqlite", "select * from cards order by id")
        data.steps_of_file(steps, file, ("node", "-e", WRITE), "select count(*) from cards where title like 'written %'")
        data.survives(steps, composition)
    metrics.steps_of(steps, composition, "backend", lambda: requests.door.ask("GET", "/api/cards"))


def library(composition, ask):
    """A prompt is stored sealed in PostgreSQL, for a session that Redis knows."""
    status, _, body = ask("POST", "/api/session")
    claim(status == 201, f"a session is answered with {status}: {body[:200]!r}")
    bearer = {"Authorization": f"Bearer {json.loads(body)['token']}", "Content-Type": "application/json"}
    status, _, body = ask("POST", "/api/prompts", body=json.dumps({"title": "one", "body": "a text of one's own"}).encode(), headers=bearer)
    claim(status == 201, f"a new prompt is answered with {status}: {body[:200]!r}")
    status, _, body = ask("GET", "/api/prompts")
    claim("a text of one's own" in [each["body"] for each in json.loads(body)], f"the prompt is not in the list: {body[:200]!r}")
    stored = composition.compose("exec", "--no-TTY", "postgres", *data.rows("postgres", "promptlib", "prompts"))
    claim("one" in stored and "a text of" not in stored, "the prompt is not sealed in the database")
    remembers(composition, "session")


def library_split(steps, composition):
    """Pages and API apart, through the proxy on loopback."""
    with steps.step(f"{composition.title}: pages, API, database and sessions answer", 60):
        door = Door("localhost", 8080)
        shows(door, "/", b"<html")
        library(composition, door.ask)


def library_over_tls(steps, composition):
    """Pages and API through the door."""
    name = composition.folder.name
    paths = LIBRARY if name == "staging" else {**LIBRARY, "prefix": "/"}
    requests = Requests(composition, composition.project.hosts[name][0], paths)
    with steps.step(f"{composition.title}: pages, API, database and sessions answer over TLS", 60):
        shows(requests.door, "/", b"<html")
        library(composition, requests.door.ask)
    door_steps(steps, composition.title, requests)
    with steps.step(f"{composition.title}: requests are limited to the declared rate", 60):
        requests.limits_rate()
    if name == "secure":
        data.survives(steps, composition)
        data.steps_of(steps, data.Data(composition, "postgres", data.rows("postgres", "promptlib", "prompts")))
        data.steps_of(steps, data.Data(composition, "redis", data.KEYS))
        metrics.steps_of(steps, composition, "app", lambda: requests.door.ask("GET", "/api/system/health"))


def builder(ask, origin):
    """A prompt is stored and listed."""
    said = {"origin": origin, "content-type": "application/json"}
    status, _, body = ask("POST", "/api/prompts", body=json.dumps({"title": "one", "body": "what?"}).encode(), headers=said)
    claim(status == 201, f"a new prompt is answered with {status}: {body[:200]!r}")
    status, _, body = ask("GET", "/api/prompts")
    claim("one" in [each["title"] for each in json.loads(body)], f"the prompt is not in the list: {body[:200]!r}")


def builder_development(steps, composition):
    """Pages and API on loopback, from sources that are mounted."""
    with steps.step(f"{composition.title}: page and API answer", 180):
        door = Door("localhost", 3000)
        status, _, body = door.ask("GET", "/", timeout=90)
        claim(status == 200 and b"<html" in body, f"the page: {status} {body[:200]!r}")
        builder(lambda *asked, **more: door.ask(*asked, timeout=60, **more), "http://localhost:3000")


def builder_over_tls(steps, composition):
    """Pages and API through the door, on SQLite or on PostgreSQL."""
    host = composition.project.hosts[composition.folder.name][0]
    requests = Requests(composition, host, BUILDER)
    with steps.step(f"{composition.title}: page, API and database answer over TLS", 60):
        shows(requests.door, "/", b"<html")
        builder(requests.door.ask, f"https://{host}")
    door_steps(steps, composition.title, requests)
    with steps.step(f"{composition.title}: requests are limited to the declared rate", 60):
        requests.limits_rate()
    if composition.folder.name == "production":
        data.steps_of(steps, data.File(composition, "app", "/app/data/app.db", "select * from prompts order by id"))
    else:
        data.steps_of(steps, data.Data(composition, "database", data.rows("app", "app", "prompts")))
    metrics.steps_of(steps, composition, "app", lambda: requests.door.ask("GET", "/api/prompts"))


def platform(door):
    """Page and API; what is written to the primary is read from its replica, through the cache."""
    shows(door, "/", b"<html")
    status, _, body = door.ask("POST", "/api/cards", body=json.dumps({"title": "one", "prompt": "what?"}).encode())
    claim(status == 201, f"a new card is answered with {status}: {body[:200]!r}")
    made = json.loads(body)["id"]
    deadline = time.monotonic() + 30
    while made not in (found := [each["id"] for each in json.loads(door.ask("GET", "/api/cards")[2])]):
        claim(time.monotonic() < deadline, f"the replica does not have card {made}: {found}")
        time.sleep(1)


def platform_development(steps, composition):
    """One of each, through the proxy on loopback."""
    door = Door("localhost", 8080)
    with steps.step(f"{composition.title}: page, API, databases, cache and sentinels answer", 180):
        platform(door)
    metrics.steps_of(steps, composition, "backend", lambda: door.ask("GET", "/api/cards"))


def platform_over_tls(steps, composition):
    """Several of each, through the door; copies are made and tried, and the cache survives its primary."""
    requests = Requests(composition, composition.project.hosts[composition.folder.name][0], PLATFORM)
    with steps.step(f"{composition.title}: page, API, databases, cache and sentinels answer over TLS", 180):
        platform(requests.door)
    door_steps(steps, composition.title, requests)
    with steps.step(f"{composition.title}: requests are limited to the declared rate", 60):
        requests.limits_rate()
    for service, query in (("postgres", data.rows("prompt", "prompt_db", "cards")), ("redis", data.KEYS)):
        with steps.step(f"{composition.title}: {service} is copied and the copy rehearsed", 240):
            data.Data(composition, service, query).is_copied()
    metrics.steps_of(steps, composition, "backend", lambda: requests.door.ask("GET", "/api/cards"))
    with steps.step(f"{composition.title}: the primary of the cache is gone, its copy takes over", 180):
        composition.compose("stop", "redis", limit=60)
        data.until_primary(composition, "sentinel", "redis-replica")
        platform(requests.door)


SCENARIOS = {
    "hello/development": hello, "clock/development": clock, "notes/development": notes,
    "bccb/development": bccb_development, "bccb/vps": bccb_vps,
    "prompt-card/development": cards_development, "prompt-card/staging": cards_over_tls, "prompt-card/production": cards_over_tls,
    "prompt-builder/development": builder_development, "prompt-builder/production": builder_over_tls, "prompt-builder/scaled": builder_over_tls,
    "prompt-card-platform/development": platform_development,
    "prompt-card-platform/staging": platform_over_tls, "prompt-card-platform/production": platform_over_tls,
    "promptlib/split": library_split, "promptlib/complete": library_over_tls, "promptlib/staging": library_over_tls, "promptlib/secure": library_over_tls,
}

# Public images that scenarios start besides those of the environments.
IMAGES = {"promptlib": (metrics.IMAGE,)}
