"""Programs: run, with a limit, and their output as text."""

import json
import subprocess

from steps import Failed


def run(*command, limit=120, cwd=None, stdin=None, check=True, env=None):
    """Standard output of a program; fails the step, with the end of what it said, when it fails or takes too long."""
    try:
        done = subprocess.run(command, cwd=cwd, input=stdin, env=env, capture_output=True, text=True, timeout=limit, errors="replace")
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{' '.join(command)[:200]}: not done within {limit} s") from late
    if check and done.returncode != 0:
        said = "\n   ".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise Failed(f"{' '.join(command)[:200]} ended with {done.returncode}:\n   {said}")
    return done.stdout if check else done


def docker(*arguments, **options):
    """The engine's command line."""
    return run("docker", *arguments, **options)


def inspect(*names):
    """What the engine knows about containers, images or networks."""
    return json.loads(docker("inspect", *names))
