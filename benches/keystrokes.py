#!/usr/bin/env python3
"""Measures the language server as an editor meets it: from a key to the published problems, over standard input.

    cargo build --release && benches/keystrokes.py [--sizes 100,1000,10000] [--keys 200] [--binary FILE]

Each size is a project of N services (generate.py; several files above a thousand). One file is opened; at places
spread over it a character is inserted and removed again, and each time the clock runs from before the change is
written to after the problems with the change's version are read. The first problems are measured from the start of
the process. Keys come 10 ms after the last answer, so the slow half of checking, which waits for 150 ms without a
key, runs once at the start only; --idle lets it run between keys and adds to memory, not to the time of a key.
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

    def published(self, uri, version):
        """Reads until the problems of this version are there."""
        while True:
            message = self.read()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                if params.get("version") == version:
                    return params["diagnostics"]

    def memory(self):
        """Peak of resident memory in MiB."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def measure(size, arguments):
    with tempfile.TemporaryDirectory() as folder:
        texts = generate.sources(size)
        texts["stackc.toml"] = 'name = "shop"\nregistry = "ghcr.io/acme"\n'
        for name, text in texts.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        name = "main.stack" if len(texts) == 2 else sorted(name for name in texts if name.startswith("part"))[0]
        text = texts[name]
        uri = "file://" + os.path.join(folder, name)
        server = Server(arguments.binary, folder)
        server.send("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-8"]}}}, 1)
        server.read()
        server.send("initialized", {})
        document = {"uri": uri, "languageId": "stack", "version": 0, "text": text}
        server.send("textDocument/didOpen", {"textDocument": document})
        server.published(uri, 0)
        first = time.perf_counter() - server.started
        lines = text.split("\n")
        times = []
        for key in range(arguments.keys):
            line = (key // 2 * 7919) % len(lines)
            at = {"line": line, "character": len(lines[line]) // 2}
            behind = {"line": line, "character": at["character"] + 1}
            change = {"range": {"start": at, "end": at}, "text": "x"}
            if key % 2:
                change = {"range": {"start": at, "end": behind}, "text": ""}
            version = key + 1
            start = time.perf_counter()
            changes = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}
            server.send("textDocument/didChange", changes)
            server.published(uri, version)
            times.append((time.perf_counter() - start) * 1000)
            time.sleep(0.4 if arguments.idle else 0.01)
        memory = server.memory()
        server.process.kill()
        server.process.wait()
        quantiles = statistics.quantiles(times, n=20)
        print(
            f"| {size:,} | {len(text.splitlines()):,} | {len(texts) - 1} | {statistics.median(times):.1f} "
            f"| {quantiles[18]:.1f} | {first * 1000:.0f} | {memory:.0f} |",
            flush=True,
        )


def main():
    known = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("--sizes", default="100,1000,10000")
    known.add_argument("--keys", type=int, default=200)
    known.add_argument("--idle", action="store_true", help="wait between keys until the slow half has run")
    known.add_argument("--binary", default=os.path.join(ROOT, "target/release/stackc"))
    arguments = known.parse_args()
    print("| services | lines of the file | files | p50 ms | p95 ms | first ms | peak MiB |")
    print("|---|---|---|---|---|---|---|")
    for size in arguments.sizes.split(","):
        measure(int(size), arguments)


main()
