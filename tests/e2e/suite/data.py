"""Data: a copy is made, the volume is destroyed, the copy is put back, and everything is as it was."""

import json
import os
import subprocess
import threading
import time

from project import variables
from shell import docker
from steps import Failed, claim


class Data:
    """A datastore of an environment that is saved; all is done by the emitted `ops`. `query` runs in the container `asked`."""

    def __init__(self, composition, service, query, asked=None):
        self.composition = composition
        self.service = service
        self.query = query
        self.job = f"{service}-backup"
        self.asked = asked or service
        self.volume = composition.config["volumes"][self.mount(service)["source"]]["name"]
        self.folder = self.mount(self.job)["target"]

    def mount(self, name):
        """The first volume of a container."""
        return next(mount for mount in self.composition.config["services"][name]["volumes"] if mount["type"] == "volume")

    def ops(self, *arguments, check=True, limit=180):
        """A command of the emitted script."""
        return self.composition.ops(*arguments, check=check, limit=limit)

    def rows(self):
        """What the query says, as text."""
        return self.composition.compose("exec", "--no-TTY", self.asked, *self.query)

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
        suffix = self.copies()[0].split(".", 1)[1]
        old, young = (f"{self.service}_2020010{day}_000000.{suffix}" for day in (1, 2))
        script = f"touch -t 202001010000 {self.folder}/{old}; touch {self.folder}/{young}"
        self.composition.compose("exec", "--no-TTY", self.job, "/bin/sh", "-euc", script)
        self.is_copied()
        left = self.copies()
        self.composition.compose("exec", "--no-TTY", self.job, "rm", f"{self.folder}/{young}")
        claim(old not in left, "an old copy stays")
        claim(young in left, "a young copy was deleted")

    def hide(self):
        """The database is gone for a while."""
        self.composition.compose("stop", self.service, limit=90)

    def show(self):
        """The database is back."""
        self.composition.compose("up", "--detach", "--wait", "--no-deps", self.service, limit=120)

    def failure_is_loud(self):
        """Without the database the command fails, nothing is published, and the container that saves says so by its health."""
        before = self.copies()
        self.hide()
        try:
            done = self.ops("backup", self.service, check=False)
        finally:
            self.show()
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


class File(Data):
    """A database in a file of a service."""

    def __init__(self, composition, service, path, query):
        super().__init__(composition, service, ("sqlite3", path, query), f"{service}-backup")
        self.path = path

    def hide(self):
        super().hide()
        self.composition.compose("exec", "--no-TTY", self.job, "mv", self.path, f"{self.path}.hidden")

    def show(self):
        self.composition.compose("exec", "--no-TTY", self.job, "mv", f"{self.path}.hidden", self.path)
        super().show()

    def under_writes(self, program, written):
        """A copy that is made while a program writes has all that was written before, and nothing that was not.

        `program` runs in the service's container and answers each line when it wrote one; `written` counts them."""
        command = ("docker", "compose", "exec", "--no-TTY", self.service, *program)
        with Writer(command, self.composition) as writer:
            writer.until(20)
            before = writer.count
            name = self.is_copied()
            after = writer.count + 1
        claim(after - before > 5, f"only {after - before} lines were written meanwhile")
        self.ops("restore", self.service, name, "--yes", limit=300)
        found = int(self.composition.compose("exec", "--no-TTY", self.job, "sqlite3", self.path, written))
        print(f"   {before} lines were written before the copy and {after - before} meanwhile; the copy has {found}")
        claim(before <= found <= after, f"the copy has {found} lines, expected {before} to {after}")


class Writer(threading.Thread):
    """Has a program write line after line until its block ends; `count` is how many it confirmed."""

    def __init__(self, command, composition):
        super().__init__(daemon=True)
        self.program = subprocess.Popen(command, cwd=composition.folder, env={**os.environ, **variables(composition.folder)},
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.count, self.confirmed, self.ended = 0, threading.Condition(), threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.program.stdin.write(f"{self.count + 1}\n")
            self.program.stdin.flush()
            if not self.program.stdout.readline():
                return
            with self.confirmed:
                self.count += 1
                self.confirmed.notify()

    def until(self, count):
        """Waits for that many lines."""
        with self.confirmed:
            claim(self.confirmed.wait_for(lambda: self.count >= count, 60), "nothing was written")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.join(30)
        self.program.stdin.close()
        claim(self.program.wait(30) == 0, "the program that writes failed")


# The command that gives all keys of Redis with their content, in order.
KEYS = ("sh", "-euc", 'REDISCLI_AUTH="$(cat "$PASSWORD_FILE")"; export REDISCLI_AUTH; '
        'redis-cli --scan | sort | while read -r key; do echo "$key"; redis-cli --raw dump "$key" | od -A n -t x1; done')


def cache_survives(composition, service):
    """What Redis was given is there after its container was replaced."""
    ask = 'REDISCLI_AUTH="$(cat "$PASSWORD_FILE")" redis-cli '
    value = json.dumps({"kept": True})
    composition.compose("exec", "--no-TTY", service, "sh", "-c", f"{ask} set e2e:kept '{value}'")
    composition.compose("exec", "--no-TTY", service, "sh", "-c", f"sleep 2; {ask} dbsize")
    composition.compose("up", "--detach", "--wait", "--force-recreate", "--no-deps", service, limit=120)
    found = composition.compose("exec", "--no-TTY", service, "sh", "-c", f"{ask} get e2e:kept").strip()
    claim(found == value, f"the cache has {found!r}")


def until_primary(composition, sentinel, expected):
    """Waits until the sentinels name another primary."""
    end = time.monotonic() + 90
    ask = 'REDISCLI_AUTH="$(cat "$PASSWORD_FILE")" redis-cli -p 26379 sentinel masters'
    while expected not in (said := composition.compose("exec", "--no-TTY", sentinel, "sh", "-c", ask, check=False).stdout):
        claim(time.monotonic() < end, f"the sentinels say {said[:400]!r}")
        time.sleep(2)


def rows(role, database, *tables):
    """The command that gives all rows of these tables of PostgreSQL, in order."""
    return ("psql", "--username", role, "--dbname", database, "--no-align", "--tuples-only", "--command",
            "; ".join(f"select * from {table} order by 1" for table in tables))


def steps_of(steps, data):
    """Copies of a datastore."""
    title = f"{data.composition.title}: {data.service}"
    names = []
    with steps.step(f"{title} is copied and the copy rehearsed", 120):
        names.append(data.is_copied())
    with steps.step(f"{title}: old copies are deleted, young ones stay", 180):
        data.old_copies_go()
    with steps.step(f"{title}: a failed copy is loud", 180):
        data.failure_is_loud()
    with steps.step(f"{title} is destroyed, restored and equal", 700):
        claim(names, "there is no copy")
        data.comes_back(names[0])


def steps_of_file(steps, file, program, written):
    """Copies of a database in a file, under writes and else."""
    with steps.step(f"{file.composition.title}: {file.service} is copied while a program writes to it, and restored", 400):
        file.under_writes(program, written)
    steps_of(steps, file)


def survives(steps, composition):
    """What stays of Redis without a copy."""
    with steps.step(f"{composition.title}: Redis keeps its data when its container is replaced", 120):
        cache_survives(composition, "redis")
