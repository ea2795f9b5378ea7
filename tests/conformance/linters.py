"""The gates whose tool reads a file as it stands; must not start containers, servers or use the network."""

import os
import pathlib
import re
import shutil
import tempfile

from tree import Result, parse_json
from workflows import DEPENDABOT, WORKFLOWS

HERE = pathlib.Path(__file__).parent
DOCKERFILES = "**/*.Dockerfile"
COMPOSE = "**/deploy/*/compose.yaml"
YAML = ("**/deploy/**/*.yaml", "**/deploy/**/*.yml", "**/.github/**/*.yml")
COMPOSE_PROGRAMS = ("lint/bin/docker-compose", "compose-2/usr/libexec/docker/cli-plugins/docker-compose")
SCHEMAS = {"vendor.compose-spec": COMPOSE, "vendor.github-workflows": WORKFLOWS, "vendor.dependabot": DEPENDABOT}
SUPPRESSION = re.compile(
    r"hadolint\s+(global\s+)?ignore|shellcheck\s+disable|zizmor:\s*ignore|checkov(\.io/|:)skip|yamllint\s+disable|gixy:|dclint-disable"
)


def scripts(tree):
    """Shell scripts, which are known by their first line: the ops script has no extension."""
    shebang = re.compile(r"#!.*\b(ba|da)?sh\b")
    return [path for path in tree.glob("**/deploy/**/*") if shebang.match(tree.read(path))]


def hadolint(tree):
    files = tree.glob(DOCKERFILES)
    result = Result("hadolint", len(files))
    if files:
        for item in parse_json(tree.tool("lint/bin/hadolint", "-c", HERE / "hadolint.yaml", "-f", "json", *files)):
            result.add(item["code"], item["file"], f"line {item['line']}: {item['message']}")
    return [result]


def checkov(tree):
    """One start for four frameworks, because the start is what takes its time; a row each, so that none can be empty unseen."""
    inputs = {
        "dockerfile": tree.glob(DOCKERFILES),
        "kubernetes": tree.glob("**/deploy/*/kubernetes/*.yaml"),
        "github_actions": tree.glob(WORKFLOWS),
        "secrets": tree.glob("**/*"),
    }
    done = tree.tool("checkov/bin/checkov", "--skip-download", "--quiet", "--compact", "-o", "json", "-d", ".",
                     "--enable-secret-scan-all-files", "--framework", *inputs)  # fmt: skip
    reports = parse_json(done)
    reports = {report["check_type"]: report for report in (reports if isinstance(reports, list) else [reports]) if "check_type" in report}
    results = []
    for framework, files in inputs.items():
        report = reports.get(framework)
        checked = report and sum(report["summary"][key] for key in ("passed", "failed", "skipped"))
        # The secrets framework counts no passes, so only for the others does an empty report mean that nothing was read.
        result = Result(f"checkov {framework}", len(files) if checked or framework == "secrets" else 0)
        for check in report["results"]["failed_checks"] if report else []:
            result.add(check["check_id"], check["file_path"].lstrip("/"), f"line {check['file_line_range'][0]}: {check['check_name']}")
        if report and report["summary"]["parsing_errors"]:
            result.add("parse", ".", f"{report['summary']['parsing_errors']} files that checkov cannot parse")
        results.append(result)
    return results


def dclint(tree):
    files = tree.glob(COMPOSE)
    result = Result("dclint", len(files))
    for path in files:
        for report in parse_json(tree.tool("node/node_modules/.bin/dclint", "--max-warnings", "0", "-f", "json", path)):
            for item in report["messages"]:
                result.add(item["rule"], path, f"line {item['line']}: {item['message']}")
    return [result]


def compose(tree):
    """Compose itself, two versions of it, with the values of .env.example: what it warns about counts as well."""
    files = tree.glob(COMPOSE)
    result = Result("compose config", len(files))
    for path in files:
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch, "deploy", "environment")
            shutil.copytree((tree.root / path).parent, folder)
            (folder / ".env").write_text(_filled(folder / ".env.example"))
            bare = {"PATH": os.environ["PATH"], "HOME": scratch}
            for program in COMPOSE_PROGRAMS:
                done = tree.tool(program, "config", "-q", codes=None, cwd=folder, env=bare)
                for line in done.stderr.splitlines() or (["no message"] if done.returncode else []):
                    result.add("config", path, f"{program.split('/')[0]}: {line.replace(scratch, '')}")
    return [result]


def _filled(example):
    """The lines of .env.example with a word where the value is the user's to give: any will do to see whether the file holds together."""
    lines = example.read_text().splitlines() if example.exists() else []
    return "".join(f"{line}example\n" if re.fullmatch(r"\w+=", line) else f"{line}\n" for line in lines)


def json_schemas(tree):
    result = Result("check-jsonschema")
    for schema, pattern in SCHEMAS.items():
        files = tree.glob(pattern)
        result.files += len(files)
        if not files:
            continue
        report = parse_json(tree.tool("lint/bin/check-jsonschema", "-o", "json", "--builtin-schema", schema, *files))
        for item in report["errors"]:
            best = item.get("best_deep_match", item)
            result.add(schema, item["filename"], f"{best['path']}: {best['message']}")
        for item in report.get("parse_errors", []):
            result.add(schema, item["filename"], item["message"])
    return [result]


def yamllint(tree):
    files = tree.glob(*YAML)
    result = Result("yamllint", len(files))
    done = tree.tool("lint/bin/yamllint", "-s", "-c", HERE / "yamllint.yaml", "-f", "parsable", *files, codes=(0, 1, 2)) if files else None
    for line in done.stdout.splitlines() if done else []:
        path, row, _column, text = line.split(":", 3)
        result.add(text.rsplit("(", 1)[-1].rstrip(")"), path, f"line {row}:{text}")
    return [result]


def shellcheck(tree):
    """Every optional check is on, and the shell itself reads each script as well."""
    files = scripts(tree)
    result = Result("shellcheck", len(files))
    if files:
        for item in parse_json(tree.tool("lint/bin/shellcheck", "--norc", "-f", "json", "-S", "style", "-o", "all", "-x", *files)):
            result.add(f"SC{item['code']}", item["file"], f"line {item['line']}: {item['message']}")
    for path in files:
        for line in tree.tool("bash", "-n", path, codes=None).stderr.splitlines():
            result.add("syntax", path, line)
    return [result]


def suppressions(tree):
    """What an artifact tells a tool not to say must stand in skips.toml with a reason."""
    files = tree.glob("**/deploy/**/*", "**/.github/**/*")
    result = Result("suppressions", len(files))
    for path in files:
        for number, line in enumerate(tree.read(path).splitlines(), 1):
            if match := SUPPRESSION.search(line):
                result.add(match[0], path, f"line {number}: {line.strip()}")
    return [result]
