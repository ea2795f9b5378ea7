"""Judges a folder of built projects with every gate and prints a table; must not build, install or change anything in it.

Usage: run FOLDER                    every gate must look at something and find nothing
       run --expect-findings FOLDER  every gate must find something: the control that shows that the gates see
"""

import argparse
import base64
import concurrent.futures
import fnmatch
import hashlib
import os
import pathlib
import shutil
import sys
import tempfile
import time
import tomllib
import traceback

import linters
import manifests
import roots
import workflows
from tree import Result, Tree

HERE = pathlib.Path(__file__).parent
# The slowest first: the others run beside it.
GATES = (
    linters.checkov, roots.gixy, roots.nginx, manifests.kubernetes, roots.promtool, roots.amtool, roots.dashboards, linters.dclint, workflows.zizmor,
    workflows.github_parser, linters.json_schemas, workflows.actionlint, linters.compose, linters.yamllint, linters.shellcheck,
    linters.hadolint, linters.suppressions,
)  # fmt: skip


def timed(gate, tree):
    """The results of a gate, its seconds and, when it broke, why."""
    start = time.monotonic()
    try:
        results, broken = gate(tree), None
    except Exception:  # a gate that breaks must fail the run, not end it: the others still have something to say
        results, broken = [Result(gate.__name__)], traceback.format_exc()
    return results, time.monotonic() - start, broken


def apply_skips(results, skips):
    """Takes out what skips.toml allows; returns how many findings each skip took."""
    used = [0] * len(skips)
    for result in results:
        for finding in list(result.findings):
            for index, skip in enumerate(skips):
                same = skip["tool"] == result.gate and skip["rule"] == finding.rule
                if same and fnmatch.fnmatchcase(finding.path, skip["path"]):
                    used[index] += 1
                    result.findings.remove(finding)
                    break
    return used


def load_skips():
    skips = tomllib.loads((HERE / "skips.toml").read_text()).get("skip", [])
    for skip in skips:
        if set(skip) != {"tool", "rule", "path", "reason"} or not skip["reason"].strip():
            sys.exit(f"skips.toml: each skip has a tool, a rule, a path and a reason: {skip}")
    return skips


def plant_key(folder):
    """A word of the form of a cloud key, for the control of the secrets gate: this repository holds none, so it is made here."""
    word = "AKIA" + base64.b32encode(hashlib.sha256(b"conformance").digest()).decode()[:16]
    (folder / "deploy" / "production" / "planted.env").write_text(f"AWS_ACCESS_KEY_ID={word}\n")


def judge(tree):
    rows, errors = [], []
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for results, seconds, broken in pool.map(lambda gate: timed(gate, tree), GATES):
            rows += [(result, seconds) for result in results]
            if broken:
                errors.append(f"{results[0].gate} broke:\n{broken}")
    return rows, errors


def report(rows, expect_findings):
    """Prints the table and, where they are unwanted, the findings; returns what is wrong."""
    errors = []
    print(f"{'gate':<24} {'files':>6} {'findings':>9} {'seconds':>8}")
    for result, seconds in rows:
        print(f"{result.gate:<24} {result.files:>6} {len(result.findings):>9} {seconds:>8.1f}")
        if not result.files:
            errors.append(f"{result.gate} looked at no file")
        elif expect_findings and not result.findings:
            errors.append(f"{result.gate} found nothing in the control: it does not see")
    if not expect_findings:
        for result, _seconds in rows:
            for finding in result.findings:
                print(f"{result.gate}: {finding.path}: {finding.rule}: {finding.text}")
            if result.findings:
                errors.append(f"{result.gate} has {len(result.findings)} findings")
    return errors


def main():
    parser = argparse.ArgumentParser(prog="run", description=__doc__.splitlines()[0])
    parser.add_argument("--expect-findings", action="store_true")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    tools = pathlib.Path(os.environ["STACKC_TOOLS"]).resolve()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is no folder")
    with tempfile.TemporaryDirectory(prefix="conformance-") as scratch:
        root = pathlib.Path(scratch, "projects")
        shutil.copytree(options.folder, root, symlinks=True, ignore=shutil.ignore_patterns("node_modules", "target", ".git"))
        if options.expect_findings:
            plant_key(root)
        rows, errors = judge(Tree(root, tools))
    if not options.expect_findings:
        skips = load_skips()
        used = apply_skips([result for result, _seconds in rows], skips)
        errors += [f"skips.toml: nothing needs this skip any more: {skip}" for skip, count in zip(skips, used, strict=True) if not count]
    errors += report(rows, options.expect_findings)
    for error in errors:
        print(f"error: {error}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
