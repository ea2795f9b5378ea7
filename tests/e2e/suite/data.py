"""Data: a copy is made, the volume is destroyed, the copy is put back, and everything is as it was."""

import json

from shell import docker
from steps import Failed, claim


class Data:
    """The datastores of an environment; commands are those that were emitted."""

    def __init__(self, composition, service, query):
        self.composition = composition
        self.service = service
        self.query = query
        self.job = f"{service}-backup"
        config = composition.config
        self.volume = config["volumes"][f"{service}-data"]["name"]
        mount = next(volume for volume in config["services"][self.job]["volumes"] if volume["source"] == self.job)
        self.folder = mount["target"]

    def rows(self):
        """What the query says, as text."""
        return self.composition.compose("exec", "--no-TTY", self.service, *self.query)

    def in_backups(self, script, check=True):
        """Runs a script in the container that makes copies, with its secrets and its volume."""
        return self.composition.compose("run", "--rm", "--no-deps", "--no-TTY", "--entrypoint", "/bin/sh", self.job, "-euc", script, check=check, limit=180)

    def copies(self):
        """Names of the copies."""
        return self.in_backups(f"ls {self.folder}").split()

    def is_copied(self):
        """The emitted job makes a copy and says its name; nothing half-made stays."""
        said = self.composition.compose("run", "--rm", "--no-TTY", self.job, limit=180)
        claim("saved " in said, f"the job said {said!r}")
        name = said.split("saved ")[1].split()[0]
        claim(name in self.copies(), f"{name} is not among {self.copies()}")
        return name

    def old_copies_go(self):
        """A copy older than the time for which copies are kept is deleted by the next one, a younger one stays."""
        self.in_backups(f"touch -t 202001010000 {self.folder}/{self.service}_20200101_000000.dump; touch {self.folder}/{self.service}_20200102_000000.dump")
        self.is_copied()
        left = self.copies()
        claim(f"{self.service}_20200101_000000.dump" not in left, "an old copy stays")
        claim(f"{self.service}_20200102_000000.dump" in left, "a young copy was deleted")
        self.in_backups(f"rm {self.folder}/{self.service}_20200102_000000.dump")

    def failure_is_loud(self):
        """Without the database the job fails and leaves no copy."""
        before = self.copies()
        self.composition.compose("stop", self.service, limit=90)
        try:
            done = self.composition.compose("run", "--rm", "--no-deps", "--no-TTY", "--env", "PGCONNECT_TIMEOUT=5", self.job, check=False, limit=120)
        finally:
            self.composition.compose("up", "--detach", "--wait", "--no-deps", self.service, limit=90)
        claim(done.returncode != 0, "the job ends well without a database")
        claim(self.copies() == before, "a failed job leaves a copy")

    def comes_back(self, name, restore):
        """The volume is destroyed and made anew; after `restore` the rows are as they were."""
        before = self.rows()
        self.composition.compose("stop", limit=180)
        self.composition.compose("rm", "--force", self.service)
        self.composition.compose("--profile", "*", "rm", "--force")
        docker("volume", "rm", self.volume)
        self.composition.compose("up", "--detach", "--wait", limit=300)
        if self.rows() == before:
            raise Failed("the rows are there before anything was restored: the volume was not destroyed")
        restore(self, name)
        after = self.rows()
        claim(after == before, f"restored {len(after)} characters of {len(before)}")


def restore_postgres(data, name):
    """PostgreSQL's own program, in the container that made the copy."""
    data.in_backups(f'PGPASSWORD="$(cat /run/secrets/{data.service}_password)"; export PGPASSWORD; '
                    f'pg_restore --clean --if-exists --exit-on-error --dbname="$PGDATABASE" {data.folder}/{name}')


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
    with steps.step(f"{title}: PostgreSQL is copied", 120):
        names.append(data.is_copied())
    with steps.step(f"{title}: old copies are deleted, young ones stay", 180):
        data.old_copies_go()
    with steps.step(f"{title}: a failed copy is loud", 180):
        data.failure_is_loud()
    with steps.step(f"{title}: PostgreSQL is destroyed, restored and equal", 420):
        claim(names, "there is no copy")
        data.comes_back(names[0], restore_postgres)
    with steps.step(f"{title}: Redis keeps its data when its container is replaced", 120):
        cache_survives(composition, "redis")
