"""Where a planted value turns up: layers, history, inspection, logs, command lines, emitted files."""

import glob
import io
import pathlib
import subprocess
import tarfile
import threading

from project import MARK
from shell import docker
from steps import claim


def in_image(name):
    """Members of an image's archive, layers unpacked, that hold a planted value."""
    found = []
    with subprocess.Popen(["docker", "save", name], stdout=subprocess.PIPE) as saved:
        with tarfile.open(fileobj=io.BufferedReader(saved.stdout), mode="r|") as archive:
            for member in archive:
                if member.isfile():
                    found += in_member(name, member.name, archive.extractfile(member).read())
    claim(saved.returncode == 0, f"docker save {name} ended with {saved.returncode}")
    return found


def in_member(image, path, content):
    """A layer is an archive in the archive; everything else is searched as it is."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as layer:
            return [f"{image}: {entry.name}" for entry in layer if entry.isfile() and MARK.search(layer.extractfile(entry).read())]
    except tarfile.ReadError:
        return [f"{image}: {path}"] if MARK.search(content) else []


def in_texts(names):
    """What `inspect`, `history` and `logs` of these containers and images say."""
    found = []
    for name in names:
        for command in (["inspect", name], ["history", "--no-trunc", name], ["logs", name]):
            done = docker(*command, check=False)
            if MARK.search((done.stdout + done.stderr).encode()):
                found.append(f"docker {command[0]} {name}")
    return found


def in_files(project):
    """Files that stackc wrote; the secrets themselves lie beside them."""
    emitted = [path for pattern in ("deploy/**/*", ".github/**/*") for path in project.folder.glob(pattern)]
    own = [path for path in emitted if path.is_file() and path.parent.name != "secrets" and path.name != ".env"]
    claim(own, "nothing was emitted")
    return [str(path.relative_to(project.folder)) for path in own if MARK.search(path.read_bytes())]


class CommandLines:
    """Watches the command lines of all processes of the machine while its block runs."""

    def __init__(self):
        self.found = set()
        self.looks = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        while not self.done.wait(0.02):
            for path in glob.glob("/proc/[0-9]*/cmdline"):
                try:
                    line = pathlib.Path(path).read_bytes()
                except OSError:
                    continue
                if MARK.search(line):
                    self.found.add(line.replace(b"\0", b" ").decode(errors="replace")[:120])
            self.looks += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()
