"""Compose: an environment comes up on the first try, and its containers are what the source says."""

import os
import pathlib
import socket
import time

import secrecy
from project import compose_config, variables
from shell import docker, inspect, run
from steps import claim

PROBE = str(pathlib.Path(__file__).with_name("probe.py"))


class Composition:
    """One environment of a project: its folder, its configuration as Compose reads it, and its containers."""

    def __init__(self, project, environment, folder):
        self.project = project
        self.title = f"{project.name}/{environment}"
        self.folder = folder
        self.config = compose_config(folder)

    def compose(self, *arguments, **options):
        """`docker compose` in the environment's folder, with the file that was emitted and nothing else."""
        return docker("compose", *arguments, cwd=self.folder, env={**os.environ, **variables(self.folder)}, **options)

    def ops(self, *arguments, **options):
        """A command of the emitted script."""
        return run(str(self.folder / "ops"), *arguments, **options)

    def containers(self):
        """Running containers by the name of their service."""
        ids = self.compose("ps", "--quiet").split()
        return {each["Config"]["Labels"]["com.docker.compose.service"]: each for each in inspect(*ids)} if ids else {}

    def down(self):
        """Removes containers, networks, volumes and images without a name of their own."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--rmi", "local", "--timeout", "5", limit=180)

    # -- claims

    def comes_up(self):
        """`ops up` from nothing, while nobody's command line shows a secret."""
        with secrecy.CommandLines() as lines:
            try:
                self.ops("up", limit=900)
            except Exception:
                print(self.compose("ps", "--all", check=False).stdout)
                print("\n".join(self.compose("logs", "--tail", "12", check=False).stdout.splitlines()[-60:]))
                raise
        claim(lines.looks > 3, "command lines were not watched")
        claim(not lines.found, f"a secret is in a command line: {sorted(lines.found)}")

    def is_confined(self):
        """No capabilities, no new privileges, the declared user, and the root cannot be written to where the source says so."""
        for name, container in self.containers().items():
            status = process_status(container)
            claim(int(status["CapEff"], 16) == 0, f"{name} has capabilities {status['CapEff']}")
            claim(status["NoNewPrivs"] == "1", f"{name} may gain privileges")
            user = self.config["services"][name].get("user", "no number").split(":")[0]
            claim(status["Uid"].split()[0] == user, f"{name} runs as {status['Uid'].split()[0]}, declared is {user}")
            wanted = self.config["services"][name].get("read_only", False)
            claim(not wanted or root_is_read_only(container), f"the root of {name} can be written to")

    def is_healthy(self):
        """Every service with a health check answers it."""
        for name, container in self.containers().items():
            if "healthcheck" in self.config["services"][name]:
                health = container["State"].get("Health", {}).get("Status")
                claim(health == "healthy", f"{name} is {health}")

    def keeps_secrets(self):
        """Inspection and logs of running containers hold no planted value."""
        for name, container in self.containers().items():
            given = self.config["services"][name].get("environment", {})
            told = [value for variable, value in variables(self.folder).items() if variable in given]
            found = secrecy.in_texts([container["Id"]], told)
            claim(not found, f"{name}: a secret was found in " + ", ".join(found))
            if told:
                print(f"   {name} takes {len(told)} secret as a variable: `inspect` shows it, as the source allows")

    def publishes_what_it_says(self):
        """Ports bind where the source says, and no other port of a service is open on this machine."""
        for name, service in self.config["services"].items():
            for port in service.get("ports", []):
                host = port.get("host_ip", "0.0.0.0")
                claim(accepts("127.0.0.1", int(port["published"])), f"{name}: nothing answers on 127.0.0.1:{port['published']}")
                for address in own_addresses():
                    open_there = accepts(address, int(port["published"]))
                    claim(open_there == (host == "0.0.0.0"), f"{name}: {address}:{port['published']} is {'open' if open_there else 'closed'}, bound to {host}")
        published = {name: container["NetworkSettings"]["Ports"] for name, container in self.containers().items()}
        for name, ports in published.items():
            claim(self.config["services"][name].get("ports") or not any(ports.values()), f"{name} publishes {ports}")

    def isolates(self):
        """Services reach each other only through a network that both are in, and internal ones have no way out."""
        containers = self.containers()
        edges = {frozenset(edge[:2]) for edge in self.project.edges(self.folder.name)}
        for name, container in containers.items():
            targets = {f"{address}:{port}": (other, network)
                       for other, peer in containers.items() if other != name
                       for network, address in addresses(peer).items() for port in listening(peer)}
            reached = connect_from(container, targets)
            shared = set(addresses(container))
            for target, (other, network) in targets.items():
                claim(target not in reached or network in shared, f"{name} reaches {other} at {target}, but is not in {network}")
                claim(target in reached or network not in shared, f"{name} cannot reach {other} at {target} in {network}")
                if target in reached and frozenset((name, other)) not in edges:
                    print(f"   {name} reaches {other} through {network} without a reference: both need the same service")
            out = any(not self.config["networks"][short].get("internal") for short in self.config["services"][name].get("networks", ()))
            route = has_default_route(container)
            claim(route == out, f"{name} has {'a' if route else 'no'} way out")

    def stops_in_time(self):
        """Every service ends by itself within its grace period."""
        for name, container in reversed(list(self.containers().items())):
            grace = container["Config"].get("StopTimeout") or 10
            start = time.monotonic()
            self.compose("stop", name, limit=grace + 30)
            seconds = time.monotonic() - start
            state = inspect(container["Id"])[0]["State"]
            claim(state["ExitCode"] != 137, f"{name} had to be killed after {seconds:.0f} s")
            claim(state["ExitCode"] in (0, 143), f"{name} ended with {state['ExitCode']}")


def process_status(container):
    """`/proc/<pid>/status` of a container's first process."""
    text = pathlib.Path(f"/proc/{container['State']['Pid']}/status").read_text()
    return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)


def root_is_read_only(container):
    """Whether the first process sees its root mounted read-only."""
    for line in pathlib.Path(f"/proc/{container['State']['Pid']}/mountinfo").read_text().splitlines():
        fields = line.split()
        if fields[4] == "/":
            return "ro" in fields[5].split(",")
    return False


def addresses(container):
    """Addresses by network."""
    networks = container["NetworkSettings"]["Networks"]
    return {name: network["IPAddress"] for name, network in networks.items() if network["IPAddress"]}


def listening(container):
    """TCP ports on which a container listens for others."""
    ports = set()
    for table, loopback in (("tcp", "0100007F"), ("tcp6", "00000000000000000000000001000000")):
        for line in pathlib.Path(f"/proc/{container['State']['Pid']}/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, port = local.split(":")
            if state == "0A" and address != loopback and not address.endswith("7F"):
                ports.add(int(port, 16))
    return ports


def connect_from(container, targets):
    """Those targets that accept a connection from inside of a container's network."""
    if not targets:
        return set()
    return set(run("nsenter", "--target", str(container["State"]["Pid"]), "--net", "python3", "-B", PROBE, *targets, limit=len(targets) + 30).split())


def has_default_route(container):
    """Whether packets to anywhere else have a way."""
    lines = pathlib.Path(f"/proc/{container['State']['Pid']}/net/route").read_text().splitlines()[1:]
    return any(line.split()[1] == "00000000" for line in lines)


def accepts(address, port):
    """Whether something accepts connections there."""
    try:
        socket.create_connection((address, port), timeout=2).close()
        return True
    except OSError:
        return False


def own_addresses():
    """This machine's addresses besides loopback and the bridges of the engine."""
    found = run("ip", "-4", "-o", "addr", "show", "scope", "global").splitlines()
    return [line.split()[3].split("/")[0] for line in found if not line.split()[1].startswith(("br-", "docker", "veth"))]


def claims_of(steps, composition):
    """What holds for every environment as soon as it is up."""
    title = composition.title
    for name, limit, check in (
        ("healthy", 30, composition.is_healthy),
        ("confined: no capabilities, no root, read-only", 30, composition.is_confined),
        ("inspection and logs hold no secret", 60, composition.keeps_secrets),
        ("ports bind where the source says", 60, composition.publishes_what_it_says),
        ("services are isolated", 180, composition.isolates),
    ):
        with steps.step(f"{title}: {name}", limit):
            check()
