"""Requests through the emitted nginx, over TLS."""

import concurrent.futures
import http.client
import json
import re
import socket
import ssl
import time

from shell import docker, inspect
from steps import Failed, claim
from tls import Door
from websocket import WebSocket

# Headers that every answer of the door carries, good or bad.
PROMISED = ("strict-transport-security", "x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy")


class Requests:
    """The claims about a door; `paths` are the addresses of an example that the claims need."""

    def __init__(self, composition, host, paths):
        self.composition = composition
        self.paths = paths
        services = composition.config["services"].values()
        ports = {int(port["target"]): int(port["published"]) for service in services for port in service.get("ports", [])}
        self.configuration = (composition.folder / "nginx/nginx.conf").read_text()
        self.door = Door(host, ports[8443], composition.folder / f"certificates/{host}/fullchain.pem")
        self.plain = Door(host, ports[8080])

    def declared(self, pattern):
        """A number of the configuration."""
        found = re.search(pattern, self.configuration)
        claim(found, f"the configuration has no {pattern}")
        return int(found.group(1))

    def redirects(self):
        """Plain HTTP leads to HTTPS, for this host only."""
        status, headers, _ = self.plain.ask("GET", "/somewhere?a=1")
        claim(status == 301, f"HTTP is answered with {status}")
        claim(headers["location"] == f"https://{self.door.host}/somewhere?a=1", f"HTTP leads to {headers['location']}")
        try:
            status, _, _ = Door("other.example.org", self.plain.port).ask("GET", "/")
            raise Failed(f"an unknown host is answered with {status}")
        except (OSError, http.client.HTTPException) as closed:
            print(f"   an unknown host: {type(closed).__name__}")

    def refuses_old_tls(self):
        """Versions that the configuration does not name are refused, as is a name that it does not serve."""
        versions = re.search(r"ssl_protocols ([^;]+);", self.configuration).group(1).split()
        for name, version in (("TLSv1.2", ssl.TLSVersion.TLSv1_2), ("TLSv1.3", ssl.TLSVersion.TLSv1_3)):
            try:
                with self.door.connect(minimum_version=version, maximum_version=version) as made:
                    spoken = made.version()
            except (ssl.SSLError, ConnectionError):
                spoken = None
            claim((spoken == name) == (name in versions), f"{name} is {'accepted' if spoken else 'refused'}, configured {versions}")
        context = ssl._create_unverified_context()
        try:
            with context.wrap_socket(socket.create_connection(("127.0.0.1", self.door.port), 5), server_hostname="other.example.org"):
                raise Failed("an unknown name gets a certificate")
        except (ssl.SSLError, ConnectionError):
            pass

    def carries_headers(self):
        """Security headers on success and on errors of the door and of what is behind it."""
        for path in (self.paths["page"], self.paths["health"], self.paths["missing"]):
            status, headers, _ = self.door.ask("GET", path)
            missing = [name for name in PROMISED if name not in headers]
            claim(not missing, f"{path} ({status}) lacks {missing}")
            claim("nginx/" not in headers.get("server", ""), f"{path} says {headers.get('server')}")
        status, headers, _ = self.door.ask("POST", self.paths["create"], body=b"x" * (self.body_limit() + 1))
        claim(status == 413, f"a body over the limit is answered with {status}")
        claim(not [name for name in PROMISED if name not in headers], "413 lacks headers")

    def body_limit(self):
        """Bytes that the location of the API accepts: its own limit, else that of its server."""
        server, block = self.configuration.rsplit(f"location {self.paths['prefix']} {{", 1)
        limit = r"client_max_body_size (\d+)([mk]);"
        size, unit = (re.findall(limit, block.split("}")[0]) or re.findall(limit, server))[-1]
        return int(size) << {"k": 10, "m": 20}[unit]

    def limits_bodies(self):
        """A body just under the limit reaches the application, one over it does not."""
        for size, beyond in ((self.body_limit() - 1024, False), (self.body_limit() + 1, True)):
            status, headers, _ = self.door.ask("POST", self.paths["create"], body=b" " * size, headers={"content-type": "application/json"})
            by_door = status == 413 and "text/html" in headers.get("content-type", "")
            claim(by_door == beyond, f"a body of {size} bytes: {status} {headers.get('content-type')}")

    def keeps_websockets(self, seconds):
        """A websocket still answers after this long."""
        peer = WebSocket(self.door, self.paths["socket"])
        peer.hear()
        peer.stay(seconds)
        peer.say("still there")
        claim("still there" in peer.hear(), "the websocket does not answer")
        peer.close()

    def limits_rate(self):
        """More than the burst is refused with 429, and what passes keeps to the declared rate."""
        zone = self.paths.get("zone", r"\w+")
        rate = self.declared(rf"limit_req_zone \S+ zone={zone}:\S+ rate=(\d+)r/s")
        burst = self.declared(rf"limit_req zone={zone} burst=(\d+)")
        time.sleep(burst / rate + 1)
        start = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            counts = list(pool.map(lambda _: self.ask_until(start + 6), range(4)))
        seconds = time.monotonic() - start
        time.sleep(burst / rate + 1)  # What follows shall find the limit as it was.
        passed, refused, other = (sum(count[i] for count in counts) for i in range(3))
        print(f"   {passed} passed and {refused} were refused in {seconds:.1f} s; declared {rate}/s with a burst of {burst}")
        claim(other == 0, f"{other} answers were neither 200 nor 429")
        claim(refused > 0, "nothing was refused")
        expected = burst + rate * seconds
        claim(expected * 0.9 - 1 <= passed <= expected * 1.05 + 2, f"{passed} requests passed, expected about {expected:.0f}")

    def ask_until(self, end):
        """Asks on kept connections until then; counts 200, 429 and others."""
        counts = [0, 0, 0]
        made = self.door.connection()
        while time.monotonic() < end:
            made.request("GET", self.paths.get("limited", self.paths["page"]), headers={"Host": self.door.host})
            answer = made.getresponse()
            answer.read()
            counts[{200: 0, 429: 1}.get(answer.status, 2)] += 1
            if answer.will_close:
                made.close()
                made = self.door.connection()
        made.close()
        return counts

    def survives_new_addresses(self, service):
        """After a container was recreated with a new address, the next request is answered."""
        before = self.addresses(service)
        self.composition.compose("rm", "--stop", "--force", service, limit=90)
        holders = []
        try:
            for network, address in before.items():
                self.hold(network, address, holders)
            self.composition.compose("up", "--detach", "--wait", "--no-deps", service, limit=180)
            after = self.addresses(service)
            claim(all(before[network] != after[network] for network in before), f"{service} got its old address again: {after}")
            status, _, _ = self.door.ask("GET", self.paths["health"])
            claim(status == 200, f"the first request after {service} moved is answered with {status}")
        finally:
            docker("rm", "--force", *holders, check=False)

    def hold(self, network, address, holders):
        """Takes free addresses of a network until a freed one is among them."""
        for _ in range(12):
            holders.append(docker("run", "--detach", "--network", network, "--entrypoint", "sleep", self.holder_image(), "300").strip())
            if inspect(holders[-1])[0]["NetworkSettings"]["Networks"][network]["IPAddress"] == address:
                return
        raise Failed(f"{address} of {network} is not free")

    def holder_image(self):
        """An image that has `sleep`."""
        return self.composition.containers()["redis"]["Image"]

    def addresses(self, service):
        """Addresses of a service by network."""
        container = self.composition.containers()[service]
        return {name: network["IPAddress"] for name, network in inspect(container["Id"])[0]["NetworkSettings"]["Networks"].items()}


def reads_and_writes(ask):
    """The API of BCCB really stores in PostgreSQL and remembers in Redis; `ask` sends one request."""
    status, _, body = ask("POST", "/api/credentials", body=json.dumps({"title": "Welding", "description": "Python and welding"}).encode(),
                          headers={"content-type": "application/json"})
    claim(status == 201, f"a new credential is answered with {status}: {body[:200]!r}")
    made = json.loads(body)
    for _ in range(2):
        status, _, body = ask("GET", f"/api/credentials/{made['id']}")
        claim(status == 200 and json.loads(body)["title"] == "Welding", f"it cannot be read: {status} {body[:200]!r}")
    status, _, body = ask("GET", "/api/credentials")
    claim(made["id"] in [item["id"] for item in json.loads(body)["items"]], "the list does not have it")
    status, _, body = ask("GET", f"/api/credentials/{made['id']}/skills")
    claim(status == 200, f"skills are answered with {status}: {body[:200]!r}")
    return made["id"]
