"""The gates of GitHub workflows; must not use the network, so what only GitHub knows is not asked."""

import json

from tree import Result, parse_json

WORKFLOWS = "**/.github/workflows/*.yml"
DEPENDABOT = "**/.github/dependabot.yml"


def actionlint(tree):
    files = tree.glob(WORKFLOWS)
    result = Result("actionlint", len(files))
    shellcheck = f"-shellcheck={tree.tools}/lint/bin/shellcheck"
    if files:
        for item in parse_json(tree.tool("lint/bin/actionlint", "-format", "{{json .}}", shellcheck, "-pyflakes=", *files)):
            result.add(item["kind"], item["filepath"], f"line {item['line']}: {item['message']}")
    return [result]


def zizmor(tree):
    """A file at a time: zizmor stops at the first file that it cannot read."""
    files = tree.glob(WORKFLOWS, DEPENDABOT)
    result = Result("zizmor", len(files))
    for path in files:
        done = tree.tool("lint/bin/zizmor", "--offline", "--persona", "pedantic", "--strict-collection", "--no-progress", "--no-config",
                         "--format", "json", path, codes=None)  # fmt: skip
        if "failed to load" in done.stderr:
            result.add("load", path, done.stderr.strip().splitlines()[-1])
            continue
        for item in parse_json(done):
            row = item["locations"][0]["concrete"]["location"]["start_point"]["row"] + 1
            result.add(item["ident"], path, f"line {row}: {item['desc']}")
    return [result]


def github_parser(tree):
    files = tree.glob(WORKFLOWS)
    result = Result("github parser", len(files))
    done = tree.tool("node", tree.tools / "node/github_parser.mjs", *files, codes=(0,))
    for line in done.stdout.splitlines():
        item = json.loads(line)
        result.add(item["rule"], item["path"], item["message"])
    return [result]
