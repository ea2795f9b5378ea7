#!/usr/bin/env python3
"""What the rules cost: CPU time of a build with all of them and with none, the least of fifteen rounds: a busy machine only adds.

    cargo build --release && benches/rules.py [PROGRAM] [SERVICES]
"""

import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUNDS = 15


def names() -> list[str]:
    table = (ROOT / "src/diagnostic/code.rs").read_text()
    return re.findall(r'= "L\d{4}" "([a-z-]+)"', table)


def cpu(program: str, sources: pathlib.Path, scratch: pathlib.Path) -> float:
    """Seconds of one build into an empty folder."""
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(sources, scratch)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, "build", str(scratch), "-q"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "target/release/stackc")
    services = sys.argv[2] if len(sys.argv) > 2 else "1000"
    memory = pathlib.Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        place = pathlib.Path(folder)
        generate = [sys.executable, str(ROOT / "benches/generate.py"), services]
        subprocess.run([*generate, str(place / "all")], check=True, capture_output=True)
        shutil.copytree(place / "all", place / "none")
        with (place / "none/stackc.toml").open("a") as manifest:
            manifest.write("\n[rules]\n" + "".join(f'{name} = "off"\n' for name in names()))
        times: dict[str, list[float]] = {"all": [], "none": []}
        for _ in range(ROUNDS):
            for which, all_times in times.items():
                all_times.append(cpu(program, place / which, place / "scratch"))
        with_rules, without = (min(times[which]) for which in ("all", "none"))
        more = (with_rules / without - 1) * 100
        print(f"{services} services: {with_rules * 1e3:.0f} ms with {len(names())} codes of rules, "
              f"{without * 1e3:.0f} ms without, {more:.0f} % more")


if __name__ == "__main__":
    main()
