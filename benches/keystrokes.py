#!/usr/bin/env python3
"""Measures the language server as an editor meets it: from a key to the published problems, over standard input.

    cargo build --release && benches/keystrokes.py [--sizes 100,1000,10000] [--keys 200] [--brief] [--binary FILE]

Each size is a project of N services (generate.py; several files above a thousand). One file is opened; at places
spread over it a character is inserted and removed again, and each time the clock runs from before the change is
written to after the problems with the change's version are read. Its last service sets `replica`, which checking
finds and reading does not: "whole" are the times to the problems that have it, "first" those to any. Both are measured
from the start of the process too. Keys come 10 ms after the last answer, and only when the first whole answer is there.

The slow half of checking, which plans and emits, waits for 150 ms without a key and for a system without errors.
--idle leaves out the mistake and lets it run between keys: it adds to memory, not to the time of a key.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import generate

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Server:
    """A server and the messages to and from it."""

    def __init__(self, binary, folder):
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [binary, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.out = os.fdopen(os.dup(self.process.stdout.fileno()), "rb", buffering=1 << 20)

    def send(self, method, params, number=None):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def read(self):
        length = 0
        while (line := self.out.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(self.out.read(length))

    def published(self, uri, version, is_enough):
        """Reads until the problems of this version are there, and enough of them; the times of the first and of those."""
        first = None
        while True:
            message = self.read()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                if params.get("version") == version:
                    first = first or time.perf_counter()
                    if is_enough(params["diagnostics"]):
                        return first, time.perf_counter()

    def processor(self):
        """Time that its threads have run, in milliseconds."""
        tasks = f"/proc/{self.process.pid}/task"
        total = 0
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/schedstat") as stat:
                total += int(stat.read().split()[0])
        return total / 1e6

    def memory(self):
        """Peak of resident memory in MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def measure(size, arguments):
    with tempfile.TemporaryDirectory() as folder:
        texts = generate.sources(size, generate.brief if arguments.brief else generate.service)
        texts["stackc.toml"] = 'name = "shop"\nregistry = "ghcr.io/acme"\n'
        for name, text in texts.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        name = "main.stack" if len(texts) == 2 else sorted(name for name in texts if name.startswith("part"))[0]
        text = texts[name]
        if not arguments.idle:
            at = text.rindex("  image")
            text = texts[name] = text[:at] + "  replica = 2\n" + text[at:]
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        uri = "file://" + os.path.join(folder, name)
        server = Server(arguments.binary, folder)
        server.send("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-8"]}}}, 1)
        server.read()
        server.send("initialized", {})
        document = {"uri": uri, "languageId": "stack", "version": 0, "text": text}
        server.send("textDocument/didOpen", {"textDocument": document})
        # While a bracket is missing, only that is told.
        is_enough = lambda found: arguments.idle or any(it["code"] in ("E0202", "E0102") for it in found)
        start = server.started
        begun = [(at - start) * 1000 for at in server.published(uri, 0, is_enough)]
        lines = text.split("\n")
        firsts, wholes, ran = [], [], []
        for key in range(arguments.keys):
            line = (key // 2 * 7919) % len(lines)
            at = {"line": line, "character": len(lines[line]) // 2}
            behind = {"line": line, "character": at["character"] + 1}
            change = {"range": {"start": at, "end": at}, "text": "x"}
            if key % 2:
                change = {"range": {"start": at, "end": behind}, "text": ""}
            version = key + 1
            start, before = time.perf_counter(), server.processor()
            changes = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
            server.send("textDocument/didChange", changes)
            first, whole = server.published(uri, version, is_enough)
            firsts.append((first - start) * 1000)
            wholes.append((whole - start) * 1000)
            ran.append(server.processor() - before)
            time.sleep(0.4 if arguments.idle else 0.01)
        memory = server.memory()
        server.process.kill()
        server.process.wait()
        p95 = lambda times: statistics.quantiles(times, n=20)[18]
        times = [statistics.median(firsts), p95(firsts), statistics.median(wholes), p95(wholes)]
        times += [statistics.median(ran), p95(ran)]
        row = [f"{size:,}", f"{len(lines) - 1:,}", f"{len(texts) - 1}"]
        row += [f"{it:.1f}" for it in times] + [f"{it:.0f}" for it in begun] + [f"{memory:.0f}"]
        print("| " + " | ".join(row) + " |", flush=True)


def main():
    known = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("--sizes", default="100,1000,10000")
    known.add_argument("--keys", type=int, default=200)
    known.add_argument("--idle", action="store_true", help="wait between keys until the slow half has run")
    known.add_argument("--brief", action="store_true", help="services on five lines")
    known.add_argument("--binary", default=os.path.join(ROOT, "target/release/stackc"))
    arguments = known.parse_args()
    print("| services | lines | files | first p50 | p95 | whole p50 | p95 | CPU p50 | p95 | start: first | whole | MiB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for size in arguments.sizes.split(","):
        measure(int(size), arguments)


main()
