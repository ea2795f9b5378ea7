"""Data: a copy is made, the volume is destroyed, the copy is put back, and everything is as it was."""

import json

from shell import docker, run
from steps import Failed, claim


class Data:
    """A datastore of an environment that is saved; all is done by the emitted `ops`."""

    def __init__(self, composition, service, query):
        self.composition = composition
        self.service = service
        self.query = query
        self.job = f"{service}-backup"
        self.volume = composition.config["volumes"][f"{service}-data"]["name"]
        mounts = composition.config["services"][self.job]["volumes"]
        self.folder = next(mount["target"] for mount in mounts if mount["type"] == "volume")

    def ops(self, *arguments, check=True, limit=180):
        """A command of the emitted script."""
        return run(str(self.composition.folder / "ops"), *arguments, check=check, limit=limit)

    def rows(self):
        """What the query says, as text."""
        return self.composition.compose("exec", "--no-TTY", self.service, *self.query)

    def copies(self):
        """Names of the copies."""
        return self.ops("backups", self.service).split()

    def is_copied(self):
        """A copy is made and named; it can be put into a scratch place."""
        said = self.ops("backup", self.service)
        claim("saved " in said, f"`ops backup` said {said!r}")
        name = said.split("saved ")[1].split()[0]
        claim(name in self.copies(), f"{name} is not among {self.copies()}")
        claim("rehearsed " in self.ops("rehearse", self.service), "the copy was not rehearsed")
        return name

    def old_copies_go(self):
        """A copy older than the time for which copies are kept is deleted by the next one, a younger one stays."""
        old, young = (f"{self.service}_2020010{day}_000000.dump" for day in (1, 2))
        script = f"touch -t 202001010000 {self.folder}/{old}; touch {self.folder}/{young}"
        self.composition.compose("exec", "--no-TTY", self.job, "/bin/sh", "-euc", script)
        self.is_copied()
        left = self.copies()
        self.composition.compose("exec", "--no-TTY", self.job, "rm", f"{self.folder}/{young}")
        claim(old not in left, "an old copy stays")
        claim(young in left, "a young copy was deleted")

    def failure_is_loud(self):
        """Without the database the command fails, nothing is published, and the container that saves says so by its health."""
        before = self.copies()
        self.composition.compose("stop", self.service, limit=90)
        try:
            done = self.ops("backup", self.service, check=False)
        finally:
            self.composition.compose("up", "--detach", "--wait", "--no-deps", self.service, limit=120)
        claim(done.returncode != 0, "`ops backup` ends well without a database")
        claim(self.copies() == before, "a failed copy was published")
        test = self.composition.config["services"][self.job]["healthcheck"]["test"][1:]
        seen = self.composition.compose("exec", "--no-TTY", self.job, *test, check=False)
        claim(seen.returncode != 0, "the health check does not notice the failed copy")
        self.is_copied()
        seen = self.composition.compose("exec", "--no-TTY", self.job, *test, check=False)
        claim(seen.returncode == 0, "the health check does not notice that copies succeed again")

    def comes_back(self, name):
        """The volume is destroyed and made anew; after `ops restore` the rows are as they were."""
        before = self.rows()
        self.composition.compose("stop", limit=240)
        self.composition.compose("rm", "--force")
        docker("volume", "rm", self.volume)
        self.ops("up", limit=400)
        if self.rows() == before:
            raise Failed("the rows are there before anything was restored: the volume was not destroyed")
        self.ops("restore", self.service, name, "--yes", limit=300)
        after = self.rows()
        claim(after == before, f"restored {len(after)} characters of {len(before)}")


def cache_survives(composition, service):
    """What Redis was given is there after its container was replaced."""
    ask = 'REDISCLI_AUTH="$(cat "$PASSWORD_FILE")" redis-cli '
    value = json.dumps({"kept": True})
    composition.compose("exec", "--no-TTY", service, "sh", "-c", f"{ask} set e2e:kept '{value}'")
    composition.compose("exec", "--no-TTY", service, "sh", "-c", f"sleep 2; {ask} dbsize")
    composition.compose("up", "--detach", "--wait", "--force-recreate", "--no-deps", service, limit=120)
    found = composition.compose("exec", "--no-TTY", service, "sh", "-c", f"{ask} get e2e:kept").strip()
    claim(found == value, f"the cache has {found!r}")


def steps_of(steps, composition):
    """Copies of PostgreSQL, and what stays of Redis."""
    title = composition.title
    query = ("psql", "--username", "bccb", "--dbname", "microcredentials", "--no-align", "--tuples-only", "--command",
             'select * from "_prisma_migrations" order by 1; select * from micro_credentials order by 1')
    data = Data(composition, "postgres", query)
    names = []
    with steps.step(f"{title}: PostgreSQL is copied and the copy rehearsed", 120):
        names.append(data.is_copied())
    with steps.step(f"{title}: old copies are deleted, young ones stay", 180):
        data.old_copies_go()
    with steps.step(f"{title}: a failed copy is loud", 180):
        data.failure_is_loud()
    with steps.step(f"{title}: PostgreSQL is destroyed, restored and equal", 700):
        claim(names, "there is no copy")
        data.comes_back(names[0])
    with steps.step(f"{title}: Redis keeps its data when its container is replaced", 120):
        cache_survives(composition, "redis")
