#!/usr/bin/env python3
"""Writes stack sources of N services for measuring: generate.py N FOLDER.

Every service has an image, a port, four variables of which one refers to another service, a secret, resources, a
health check and a scale; one ingress has a route to each. It is the work of `service()` in the peers' `model.py`,
in the `spelled` shape: N explicit blocks. Sources above the limit of a file are split into parts.
"""
import argparse
import os

LEVELS = ["info", "debug", "warn"]
PART = 1000


def service(i):
    """One service as stack source."""
    upstream = f"svc-{i // 2}.url" if i else '"none"'
    low = 1 + i % 5
    cpu, memory = 100 + 10 * (i % 5), 128 + 16 * (i % 4)
    return f"""service svc-{i} {{
  image   = "acme/svc-{i}:1.{i % 50}.{i % 10}"
  port    = {8000 + i % 1000}
  env {{
    LOG_LEVEL    = "{LEVELS[i % 3]}"
    REGION       = "eu-west-1"
    UPSTREAM     = {upstream}
    WORKERS      = "{2 + i % 7}"
    DATABASE_URL = secret.url
  }}
  secret url {{ generate = false }}
  cpu     = {2 * cpu / 1000:g}
  memory  = {2 * memory}MiB
  reserve {{ cpu = {cpu / 1000:g}, memory = {memory}MiB }}
  health  {{ http = "/healthz", ready = "/ready", every = 15s, timeout = 3s, retries = 3 }}
  scale   {{ min = {low}, max = {3 * low}, cpu = 75% }}
}}
"""


def brief(i):
    """One service on five lines."""
    upstream = f"svc-{i // 2}.url" if i else '"none"'
    return f"""service svc-{i} {{
  image = "acme/svc-{i}:1.{i % 50}.{i % 10}"
  port  = {8000 + i % 1000}
  env {{ LOG_LEVEL = "{LEVELS[i % 3]}", UPSTREAM = {upstream} }}
}}
"""


def environment(n):
    """The ingress and the environment with both targets."""
    routes = "".join(f'  route "/svc-{i}" -> svc-{i}\n' for i in range(n))
    return f"""ingress shop {{
  host = "shop.example.com"
{routes}}}

environment production {{
  target compose
  target kubernetes {{ namespace = "shop", edge = ingress, class = "nginx", edge_namespace = "ingress-nginx" }}
}}
"""


def sources(n, service=service):
    """File name to text."""
    parts = [range(first, min(first + PART, n)) for first in range(0, n, PART)]
    if len(parts) == 1:
        return {"main.stack": "".join(map(service, parts[0])) + "\n" + environment(n)}
    files = {f"part{k}.stack": "".join(map(service, part)) for k, part in enumerate(parts, 1)}
    uses = "".join(f'use "./{name}"\n' for name in files)
    return {"main.stack": uses + "\n" + environment(n), **files}


def write(n, folder):
    """Writes the sources below a folder that is made when it is not there."""
    os.makedirs(folder, exist_ok=True)
    for name, text in sources(n).items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(folder, "stackc.toml"), "w", encoding="utf-8") as file:
        file.write('name = "shop"\n')


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("services", type=int)
    arguments.add_argument("folder")
    chosen = arguments.parse_args()
    write(chosen.services, chosen.folder)
