"""Runs in a container's network: `probe.py HOST:PORT...` prints those that accept a connection, one a line."""

import concurrent.futures
import socket
import sys


def accepts(target):
    """Whether something listens there."""
    host, port = target.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
        return True
    except OSError:
        return False


with concurrent.futures.ThreadPoolExecutor(32) as pool:
    for target, open_there in zip(sys.argv[1:], pool.map(accepts, sys.argv[1:])):
        if open_there:
            print(target)
