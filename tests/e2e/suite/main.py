"""Runs what stackc emits from examples, on the engine that the environment names.

usage: main.py STACKC STATE EXAMPLE[/PART]...   (PART: an environment; `cluster` is what runs on a node, `releases` what is released under load,
`workflows` what act runs)
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import compositions
import images
import kubernetes
import policies
import releases
import scenarios
import workflows
from project import Project
from steps import Failed, Steps, claim
from shell import docker, run

SUITE = pathlib.Path(__file__).parent
REPOSITORY = SUITE.parents[2]


def registry_answers():
    """Whether Docker Hub can be reached, which decides between its images and stand-ins."""
    probe = subprocess.run(["curl", "--silent", "--max-time", "10", "--output", "/dev/null", "--write-out", "%{http_code}", "https://registry-1.docker.io/v2/"],
                           capture_output=True, text=True, check=False)
    return probe.stdout == "401"


def prepare(steps, project, *more):
    """The project's files, its base images and its secrets; `more` are other images that are needed."""
    with steps.step(f"{project.name}: stackc build", 60, needed=True):
        scenarios.settle(project)
        project.build()
    with steps.step(f"{project.name}: base images", 1500, needed=True):
        if registry_answers():
            print("   the public images themselves")
            if more:
                run(str(SUITE.parent / "bases/build"), *more, limit=1400)
        else:
            wanted = dict.fromkeys([*project.base_images(), *scenarios.IMAGES.get(project.name, ()), *more])
            project.lock(run(str(SUITE.parent / "bases/build"), *wanted, limit=1400))
            project.build()
            print(f"   stand-ins for {', '.join(wanted)}")
    with steps.step(f"{project.name}: secrets", 30, needed=True):
        project.plant()


def run_environment(steps, project, name, folder):
    """One environment from nothing to nothing."""
    composition = compositions.Composition(project, name, folder)
    try:
        with steps.step(f"{composition.title}: comes up on the first try", 900, needed=True):
            composition.comes_up()
        compositions.claims_of(steps, composition)
        scenarios.of(steps, composition)
        with steps.step(f"{composition.title}: stops within its grace period", 240):
            composition.stops_in_time()
    finally:
        composition.down()


def run_policies(steps, project, state):
    """Policies of every environment for a cluster; no node is needed for that."""
    for name, folder in project.clusters().items():
        with steps.step(f"{project.name}/{name}: network policies follow the plan", 200):
            policies.follow_the_plan(policies.objects_of(state, folder), project.edges(name))


def run_cluster(steps, stackc, example, work, state):
    """The example's production on a node, from images in the local registry."""
    project = Project(stackc, example, work / f"{example.name}-cluster")
    script = SUITE.parent / "engine/cluster.sh"
    try:
        project.use_registry(f"{os.environ['E2E_REGISTRY']}/{project.name}")
        prepare(steps, project)
        with steps.step(f"{project.name}: a node", 2400, needed=True):
            run(str(script), "build", limit=2300)
            run(str(script), "up", limit=300)
            for line in run(str(script), "env").splitlines():
                for name, value in re.findall(r"(\w+)=(\S+)", line):
                    os.environ[name] = value
        for name, folder in project.clusters().items():
            kubernetes.steps_of(steps, project, name, folder, state)
    except Failed as failure:
        print(f"   {failure}")
    finally:
        run(str(script), "down", limit=180, check=False)
        images.remove(project)


def run_releases(steps, stackc, example, work):
    """Releases of the example under load, from the local registry."""
    project = Project(stackc, example, work / f"{example.name}-releases")
    try:
        project.use_registry(f"{os.environ['E2E_REGISTRY']}/{project.name}")
        with steps.step(f"{project.name}: settings for a run of minutes", 30, needed=True):
            releases.settings(project)
        prepare(steps, project)
        for name, arguments in releases.ENVIRONMENTS.items():
            composition = compositions.Composition(project, name, project.environments()[name])
            try:
                releases.steps_of(steps, composition, *arguments)
            except Failed as failure:
                print(f"   {failure}")
            finally:
                composition.down()
    except Failed as failure:
        print(f"   {failure}")
    finally:
        images.remove(project)


def run_workflows(steps, stackc, example, work, state):
    """The example's workflow, up to its images, which go to the local registry."""
    project = Project(stackc, example, work / f"{example.name}-workflows")
    try:
        project.use_registry(f"{os.environ['E2E_REGISTRY']}/{project.name}-ci")
        prepare(steps, project, workflows.RUNNER)
        workflows.steps_of(steps, project, state, workflows.SOURCES[project.name])
    except Failed as failure:
        print(f"   {failure}")
    finally:
        images.remove(project)


def run_example(steps, stackc, example, work, only):
    """Everything that is claimed of one example, in all environments or only one."""
    project = Project(stackc, example, work / f"{example.name}-{only or 'all'}")
    try:
        prepare(steps, project)
        run_policies(steps, project, work.parent)
        images.steps_of(steps, project)
        for name, folder in project.environments().items():
            if only not in ("", name):
                continue
            try:
                run_environment(steps, project, name, folder)
            except Failed as failure:
                print(f"   {failure}")
    except Failed as failure:
        print(f"   {failure}")
    finally:
        images.remove(project)


def start_from_nothing():
    """The engine is the suite's own: what a run that was broken off left there goes."""
    left = docker("ps", "--all", "--quiet").split()
    if left:
        docker("rm", "--force", *left, check=False)
    docker("volume", "prune", "--all", "--force", check=False)
    docker("network", "prune", "--force", check=False)


def main():
    """Runs the examples one after the other."""
    stackc, state, *names = sys.argv[1:]
    steps = Steps()
    start_from_nothing()
    for left in pathlib.Path(state).glob("work-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = pathlib.Path(tempfile.mkdtemp(prefix="work-", dir=state))
    try:
        for name, _, only in (name.partition("/") for name in names):
            example = REPOSITORY / "examples" / name
            claim(example.is_dir(), f"there is no example {name}")
            if only == "cluster":
                run_cluster(steps, stackc, example, work, state)
            elif only == "releases":
                run_releases(steps, stackc, example, work)
            elif only == "workflows":
                run_workflows(steps, stackc, example, work, state)
            else:
                run_example(steps, stackc, example, work, only)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        start_from_nothing()
    sys.exit(steps.report())


main()
