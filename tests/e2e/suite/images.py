"""Images: each emitted Dockerfile is built, checked and searched."""

import os
import re

import secrecy
from project import CANARY
from shell import docker, inspect, run
from steps import claim


def build(project, name, dockerfile):
    """Builds with BuildKit from the project's root, with a canary in the builder's surroundings."""
    surroundings = {**os.environ, "LEAK": CANARY + "surroundings"}
    run("docker", "buildx", "build", "--progress=plain", "--file", str(dockerfile), *(f"--tag={each}" for each in project.image_names(name)), ".",
        cwd=project.folder, limit=900, env=surroundings)


def check(project, name, dockerfile):
    """Docker's own checks of the Dockerfile."""
    run("docker", "buildx", "build", "--call=check", "--file", str(dockerfile), ".", cwd=project.folder, limit=120)


def declared(project, name):
    """The image says by number who runs it, how it is asked for health, and what it starts."""
    config = inspect(project.image_names(name)[0])[0]["Config"]
    claim(re.fullmatch(r"[1-9]\d*:[1-9]\d*", config.get("User") or ""), f"runs as {config.get('User')!r}, expected numbers")
    claim((config.get("Healthcheck") or {}).get("Test"), "has no HEALTHCHECK")
    claim(config.get("Entrypoint") or config.get("Cmd"), "starts nothing")


def keeps_no_secret(project, name):
    """Layers, history and configuration hold no planted value."""
    image = project.image_names(name)[0]
    found = secrecy.in_image(image) + secrecy.in_texts([image])
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
    names = [each for name in project.dockerfiles() for each in project.image_names(name)]
    if names:
        docker("image", "rm", "--force", *names, check=False)
