"""The folder under judgement and what a gate says about it; must not know any tool."""

import json
import pathlib
import subprocess
from dataclasses import dataclass, field


class GateError(Exception):
    """A tool that could not do its work: the run fails, whatever was expected of it."""


@dataclass(frozen=True)
class Finding:
    """One complaint. `path` is relative to the folder under judgement, `rule` is what skips.toml names."""

    rule: str
    path: str
    text: str


@dataclass
class Result:
    """What one gate looked at and what it found there."""

    gate: str
    files: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule, path, text):
        self.findings.append(Finding(str(rule), str(path), str(text).strip()))


@dataclass(frozen=True)
class Tree:
    """A copy of the built projects, and the tools that judge it. Gates may write into neither."""

    root: pathlib.Path
    tools: pathlib.Path

    def glob(self, *patterns):
        """Files below the root that match, as sorted paths relative to it."""
        found = {path for pattern in patterns for path in self.root.glob(pattern) if path.is_file()}
        return sorted(str(path.relative_to(self.root)) for path in found)

    def read(self, path):
        return (self.root / path).read_text(errors="replace")

    def tool(self, *command, codes=(0, 1), cwd=None, env=None):
        """Runs a program of the tools folder; an exit code that means neither yes nor no is an error of ours."""
        program = str(self.tools / command[0]) if "/" in str(command[0]) else command[0]
        done = subprocess.run(
            [program, *map(str, command[1:])],
            cwd=cwd or self.root,
            env=env,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if codes is not None and done.returncode not in codes:
            raise GateError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done


def parse_json(done):
    """What a tool printed, as data; a tool that prints no JSON did not judge anything."""
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise GateError(f"{done.args[0]} printed no JSON: {done.stderr.strip() or done.stdout.strip()}") from error
