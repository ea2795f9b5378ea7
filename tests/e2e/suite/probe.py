"""Runs in a container's network: `probe.py HOST:PORT...` prints those that accept a connection, one a line."""

import socket
import sys

for target in sys.argv[1:]:
    host, port = target.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
        print(target)
    except OSError:
        pass
