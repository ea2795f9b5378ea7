"""Runs beside a release: asks without a pause on connections that stay open, and never asks twice.

usage: load.py HOST PORT CERTIFICATE CONNECTIONS <REQUESTS   (a line of JSON with [method, path, headers, body] each)
Ends when its input ends, and prints what became of the requests.
"""

import json
import socket
import ssl
import sys
import threading
import time


class Client(threading.Thread):
    """One connection at a time; a request without a good answer is a failure, whatever the reason."""

    def __init__(self, place, requests, ended):
        super().__init__(daemon=True)
        self.place, self.requests, self.ended = place, requests, ended
        self.done, self.connections, self.slowest, self.failures = 0, 0, 0.0, []

    def run(self):
        stream, number = None, 0
        while not self.ended.is_set():
            name, message = self.requests[number % len(self.requests)]
            number += 1
            start = time.monotonic()
            try:
                stream = stream or self.connect()
                stays = ask(stream, message)
            except (OSError, ValueError) as problem:
                stays = False
                self.failures.append(f"{time.strftime('%H:%M:%S')} {name}: {type(problem).__name__} {problem}")
            self.done += 1
            self.slowest = max(self.slowest, time.monotonic() - start)
            if not stays and stream:
                stream.close()
                stream = None

    def connect(self):
        """A new connection, as a stream of bytes."""
        host, port, context = self.place
        self.connections += 1
        plain = socket.create_connection(("127.0.0.1", port), timeout=60)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return context.wrap_socket(plain, server_hostname=host).makefile("rwb")


def ask(stream, message):
    """Sends a request and reads the answer; says whether the connection stays open."""
    stream.write(message)
    stream.flush()
    status = stream.readline()
    if not status.startswith(b"HTTP/1.1 2"):
        raise ValueError(f"the answer is {status[:60]!r}")
    size, stays = 0, True
    while (line := stream.readline().lower()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            size = int(value)
        elif name == b"transfer-encoding":
            size = None
        elif name == b"connection" and value.strip() == b"close":
            stays = False
    if line == b"":
        raise ValueError("the connection was closed in the middle of an answer")
    if size is None:
        while (chunk := int(stream.readline() or b"bad", 16)) > 0:
            exactly(stream, chunk + 2)
        stream.readline()
    else:
        exactly(stream, size)
    return stays


def exactly(stream, size):
    """Reads this many bytes."""
    if len(stream.read(size)) != size:
        raise ValueError("the answer is cut off")


def main():
    """Starts the clients and waits for the end of the input."""
    host, port, authority, connections = sys.argv[1:]
    context = ssl.create_default_context(cafile=authority)
    requests = []
    for method, path, headers, body in json.loads(sys.stdin.readline()):
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", *(f"{name}: {value}" for name, value in headers.items())]
        requests.append((f"{method} {path}", ("\r\n".join(lines) + "\r\n\r\n" + body).encode()))
    ended = threading.Event()
    clients = [Client((host, int(port), context), requests[number % len(requests):] + requests[:number % len(requests)], ended) for number in range(int(connections))]
    for client in clients:
        client.start()
    for line in sys.stdin:
        if line.strip() == "count":
            print(sum(client.done for client in clients), flush=True)
    ended.set()
    for client in clients:
        client.join(30)
    print(json.dumps({"done": sum(client.done for client in clients), "connections": sum(client.connections for client in clients),
                      "slowest": max(client.slowest for client in clients), "failures": [each for client in clients for each in client.failures]}), flush=True)


main()
