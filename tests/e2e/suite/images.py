"""Images: each emitted Dockerfile is built, checked and searched."""

import os
import re

import secrecy
from project import CANARY
from shell import docker, inspect, run
from steps import claim


def tag(project, name):
    """The name under which a Compose file of an environment that pulls expects the image."""
    registry = project.facts("registry")
    return f"{registry[0] if registry else project.name}/{name}:main"


def build(project, name, dockerfile):
    """Builds with BuildKit from the project's root, with a canary in the builder's surroundings."""
    surroundings = {**os.environ, "LEAK": CANARY + "surroundings"}
    run("docker", "buildx", "build", "--progress=plain", "--file", str(dockerfile), "--tag", tag(project, name), ".",
        cwd=project.folder, limit=900, env=surroundings)


def check(project, name, dockerfile):
    """Docker's own checks of the Dockerfile."""
    run("docker", "buildx", "build", "--call=check", "--file", str(dockerfile), ".", cwd=project.folder, limit=120)


def declared(project, name):
    """The image says by number who runs it, how it is asked for health, and what it starts."""
    config = inspect(tag(project, name))[0]["Config"]
    claim(re.fullmatch(r"[1-9]\d*:[1-9]\d*", config.get("User") or ""), f"runs as {config.get('User')!r}, expected numbers")
    claim((config.get("Healthcheck") or {}).get("Test"), "has no HEALTHCHECK")
    claim(config.get("Entrypoint") or config.get("Cmd"), "starts nothing")


def keeps_no_secret(project, name):
    """Layers, history and configuration hold no planted value."""
    found = secrecy.in_image(tag(project, name)) + secrecy.in_texts([tag(project, name)])
    claim(not found, "a secret was found in " + ", ".join(found))


def steps_of(steps, project):
    """All of it for each image of the project."""
    for name, dockerfile in project.dockerfiles().items():
        with steps.step(f"{project.name}: image {name} builds", 900, needed=True):
            check(project, name, dockerfile)
            build(project, name, dockerfile)
        with steps.step(f"{project.name}: image {name} runs as a number and knows its health", 30):
            declared(project, name)
        with steps.step(f"{project.name}: image {name} holds no secret", 180):
            keeps_no_secret(project, name)
    with steps.step(f"{project.name}: emitted files hold no secret", 60):
        found = secrecy.in_files(project)
        claim(not found, "a secret was found in " + ", ".join(found))


def remove(project):
    """Removes what was built."""
    names = [tag(project, name) for name in project.dockerfiles()]
    docker("image", "rm", "--force", *names, check=False)
