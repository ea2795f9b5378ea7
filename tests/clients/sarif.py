#!/usr/bin/env python3
"""Holds SARIF against its schema and against the rules of code scanning: sarif.py STACKC MULTITOOL.

Schema and rules are those of the format's authors, in the npm package @microsoft/sarif-multitool. The logs are those of
projects with mistakes and findings, and of one without.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# A log is taken where no error and no warning is found; notes ask for texts of sources, which we do not give.
KINDS = {"Sarif": "the format", "Gh": "code scanning"}
BROKEN = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x", "rules": [{"id": "A"}]}}, "results": [
    {"ruleId": "A", "ruleIndex": 7, "message": {"text": "x"}}]}]}


def projects():
    yield from sorted((ROOT / "snapshots/ui").glob("*/*.stack"))
    yield from sorted((ROOT / "snapshots/lint").glob("**/main.stack"))
    yield from sorted((ROOT / "examples").glob("*/main.stack"))


def write_logs(stackc, folder):
    """The number of results in all logs."""
    results = 0
    for number, project in enumerate(projects()):
        command = [stackc, "check", "--all", "--format", "sarif", project]
        text = subprocess.run(command, capture_output=True, check=False).stdout
        pathlib.Path(folder, f"{number}.sarif").write_bytes(text)
        results += len(json.loads(text)["runs"][0]["results"])
    return results


def judge(multitool, folder, kind):
    """What the tool finds; it asks the network for addresses, and gets none."""
    report = pathlib.Path(folder, f"{kind}.report")
    command = [multitool, "validate", f"{folder}/*.sarif", "--rule-kind", kind, "--level", "Error;Warning", "--output", report]
    env = os.environ | {"HTTPS_PROXY": "http://127.0.0.1:9", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode or not report.exists():
        sys.exit(f"{kind}: the tool ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return [line for line in done.stdout.splitlines() if ": error " in line or ": warning " in line]


def main(stackc, multitool, folder):
    results = write_logs(stackc, folder)
    logs = sorted(pathlib.Path(folder).glob("*.sarif"))
    schema = pathlib.Path(multitool).parent / "sarif-2.1.0.json"
    subprocess.run([pathlib.Path(sys.executable).parent / "check-jsonschema", "--schemafile", schema, *logs], check=True)
    wrong = [line for kind in KINDS for line in judge(multitool, folder, kind)]
    for line in wrong[:30]:
        print(line, file=sys.stderr)
    with tempfile.TemporaryDirectory() as control:
        pathlib.Path(control, "broken.sarif").write_text(json.dumps(BROKEN))
        blind = [what for kind, what in KINDS.items() if not judge(multitool, control, kind)]
    print(f"{len(logs)} logs, {results} results, {len(wrong)} findings; blind to mistakes: {blind or 'nobody'}")
    sys.exit(bool(wrong or blind or len(logs) < 40 or results < 100))


with tempfile.TemporaryDirectory() as scratch:
    main(sys.argv[1], sys.argv[2], scratch)
