#!/usr/bin/env python3
"""Let nginx and Compose read back the hostile strings that the encoders wrote.

`cargo test --test it sinks` leaves `strings.json`, `locations.conf`, `hostile.env` and `compose.yaml` in
`target/tmp/sinks`. nginx must answer `/N` with the N-th string, and Compose must give variable `VN` the N-th string.
Neither needs a network or an engine: nginx listens on a socket file, Compose only prints its configuration.

    python3 tests/conformance/sinks.py [folder] [--nginx PROGRAM] [--compose PROGRAM]

Exit status: 0 no difference, 1 a difference, 2 a program is missing.
"""

import argparse
import json
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time

DEFAULT_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "target" / "tmp" / "sinks"

NGINX_CONF = """
daemon off;
pid {work}/nginx.pid;
error_log stderr emerg;
events {{}}
http {{
    access_log off;
    default_type text/plain;
    client_body_temp_path {work}/a;
    proxy_temp_path {work}/b;
    include {work}/locations.conf;
}}
"""


def ask(path, number):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(f"GET /{number} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return body if b" 200 " in head.split(b"\r\n")[0] else head


def read_nginx(program, folder, strings):
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        locations = (folder / "locations.conf").read_text("utf-8")
        locations = locations.replace("listen unix:nginx.sock;", f"listen unix:{work}/nginx.sock;", 1)
        (work / "locations.conf").write_text(locations, "utf-8", newline="")
        (work / "nginx.conf").write_text(NGINX_CONF.format(work=work), "utf-8")
        server = subprocess.Popen([*program, "-p", name, "-c", str(work / "nginx.conf")])
        try:
            for _ in range(100):
                if (work / "nginx.sock").exists() or server.poll() is not None:
                    break
                time.sleep(0.05)
            return [ask(work / "nginx.sock", number).decode("utf-8", "replace") for number in range(len(strings))]
        finally:
            server.terminate()
            server.wait()


def read_env_file(program, folder, strings):
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(folder / "hostile.env", name)
        compose = {"name": "x", "services": {"x": {"image": "x", "env_file": ["hostile.env"]}}}
        path = pathlib.Path(name) / "compose.json"
        path.write_text(json.dumps(compose), "utf-8")
        return compose_variables(program, path, strings)


def read_compose(program, folder, strings):
    return compose_variables(program, folder / "compose.yaml", strings)


def compose_variables(program, path, strings):
    command = [*program, "-f", str(path), "config", "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    variables = json.loads(done.stdout)["services"]["x"]["environment"]
    # What it prints is a Compose file again, in which `$` is written `$$`.
    return [variables[f"V{number}"].replace("$$", "$") for number in range(len(strings))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=DEFAULT_FOLDER)
    parser.add_argument("--nginx", default="nginx")
    parser.add_argument("--compose", default="docker compose")
    options = parser.parse_args()
    strings = json.loads((options.folder / "strings.json").read_text("utf-8"))
    faults, missing = 0, False
    checks = (
        ("nginx", read_nginx, options.nginx),
        ("env file", read_env_file, options.compose),
        ("compose file", read_compose, options.compose),
    )
    for name, reader, program in checks:
        program = shlex.split(program)
        if shutil.which(program[0]) is None:
            print(f"{name}: {program[0]} is not installed")
            missing = True
            continue
        got = reader(program, options.folder, strings)
        found = [pair for pair in zip(got, strings, strict=True) if pair[0] != pair[1]]
        faults += len(found)
        print(f"{name}: {len(strings)} strings, {len(found)} differences")
        for one, other in found[:10]:
            print(f"    {one!r} instead of {other!r}")
    return 1 if faults else 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
