"""Just enough of RFC 6455 to greet a server, send a text and read one."""

import base64
import os
import struct
import time

from steps import Failed


class WebSocket:
    """An open websocket on a door."""

    def __init__(self, door, path, timeout=15):
        self.socket = door.connect(timeout)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {door.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.rest = b""
        head = self.until(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise Failed(f"the websocket was answered with {head[:80]!r}")

    def more(self):
        """Reads what there is; an end is a failure."""
        chunk = self.socket.recv(4096)
        if not chunk:
            raise Failed("the websocket was closed")
        self.rest += chunk

    def until(self, end):
        """Everything up to and with `end`."""
        while end not in self.rest:
            self.more()
        head, self.rest = self.rest.split(end, 1)
        return head + end

    def exactly(self, size):
        """The next bytes."""
        while len(self.rest) < size:
            self.more()
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken

    def frame(self, opcode, payload):
        """Sends a short frame, masked with nothing."""
        self.socket.sendall(bytes([0x80 | opcode, 0x80 | len(payload)]) + b"\0\0\0\0" + payload)

    def say(self, text):
        """Sends a text of up to 125 bytes."""
        self.frame(1, text.encode())

    def receive(self):
        """The next frame, pings answered: a text, or None for anything else."""
        opcode, size = self.exactly(2)
        size &= 0x7F
        if size == 126:
            size = struct.unpack("!H", self.exactly(2))[0]
        payload = self.exactly(size)
        if opcode & 0x0F == 8:
            raise Failed("the server ended the websocket")
        if opcode & 0x0F == 9:
            self.frame(10, payload)
        return payload.decode() if opcode & 0x0F == 1 else None

    def hear(self):
        """The next text."""
        while (text := self.receive()) is None:
            pass
        return text

    def stay(self, seconds):
        """Answers pings for this long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                self.receive()
            except TimeoutError:
                break
        self.socket.settimeout(15)

    def close(self):
        """Ends the connection."""
        self.socket.close()
