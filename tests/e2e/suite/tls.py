"""Certificates for the hosts of an nginx configuration, and connections that name a host but go to loopback."""

import http.client
import re
import socket
import ssl

from shell import run


def make_certificates(folder):
    """Puts a self-signed certificate wherever the environment's nginx wants one; gives the hosts."""
    configuration = folder / "nginx/nginx.conf"
    if not configuration.exists():
        return []
    hosts = re.findall(r"ssl_certificate /etc/nginx/certificates/([^/]+)/", configuration.read_text())
    for host in hosts:
        place = folder / "certificates" / host
        place.mkdir(parents=True, exist_ok=True)
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={host}",
            "-addext", f"subjectAltName=DNS:{host}", "-keyout", str(place / "privkey.pem"), "-out", str(place / "fullchain.pem"))
        (place / "privkey.pem").chmod(0o444)
    return hosts


class Door:
    """An address, on loopback unless another is given, under which a host is served."""

    def __init__(self, host, port, authority=None, address="127.0.0.1"):
        self.host, self.port, self.authority, self.address = host, port, authority, address

    def context(self, **options):
        """Trusts the host's certificate and nothing else."""
        context = ssl.create_default_context(cafile=str(self.authority))
        for name, value in options.items():
            setattr(context, name, value)
        return context

    def connect(self, timeout=15, **options):
        """An open socket: TLS where there is a certificate."""
        plain = socket.create_connection((self.address, self.port), timeout=timeout)
        return self.context(**options).wrap_socket(plain, server_hostname=self.host) if self.authority else plain

    def connection(self, timeout=15):
        """An HTTP connection that stays open."""
        made = http.client.HTTPConnection(self.host, self.port, timeout=timeout)
        made.sock = self.connect(timeout)
        return made

    def ask(self, method, path, body=None, headers=None, timeout=15):
        """One request on a connection of its own: status, headers with lower-case names, body."""
        made = self.connection(timeout)
        try:
            made.request(method, path, body=body, headers={"Host": self.host, **(headers or {})})
            answer = made.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            made.close()
