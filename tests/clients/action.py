#!/usr/bin/env python3
"""Runs the steps of action.yml as a runner would: action.py PROJECT COMMAND; ends as the last step does.

Knows what our action uses of a runner: `run` steps in bash, `env`, `working-directory`, and the contexts below.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def main(project, command, temporary):
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    inputs = {name: declared["default"] for name, declared in action["inputs"].items()}
    inputs |= {"path": project, "command": command}
    # The folder that a runner checks out holds what pip reads; the rest of this repository must not help.
    checkout = pathlib.Path(temporary, "action")
    checkout.mkdir()
    (checkout / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    contexts = {f"inputs.{name}": value for name, value in inputs.items()}
    contexts |= {"github.action_path": str(checkout), "runner.temp": temporary}

    def filled(text):
        return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: contexts[found[1]], text)

    for step in action["runs"]["steps"]:
        if step["shell"] != "bash" or set(step) - {"name", "shell", "env", "working-directory", "run"}:
            sys.exit(f"not known here: {step}")
        env = {name: filled(value) for name, value in step.get("env", {}).items()}
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", filled(step["run"])]
        folder = filled(step.get("working-directory", "."))
        status = subprocess.run(shell, env=os.environ | env, cwd=folder, check=False).returncode
        if status:
            sys.exit(status)


with tempfile.TemporaryDirectory() as folder:
    main(sys.argv[1], sys.argv[2], folder)
