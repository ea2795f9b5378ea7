#!/usr/bin/env python3
"""Measures `stackc build` as a whole program, beside other programs on the same services, in rounds.

    cargo build --release && benches/run.py [--sizes 6,1000] [--rounds 7] [--peers FOLDER] [--binary FILE]

One run of each program a round, so that drift of the machine hits all alike; medians of CPU time (user and system),
the highest peak memory, bytes and files written. Every run of stackc writes into an empty folder. `--peers` names a
folder with `gen.py N DIR`, which writes the inputs of the others; they are looked for on PATH and in the folder's
`tools/`. Exit code 1 when a bar is missed and `--strict` is given.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import generate

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)

# services: (highest share of CPU, of which program)
BARS = {
    6: [(0.6, "jrsonnet")],
    1000: [(0.4, "minijinja-cli"), (3.0, "emitter")],
    10000: [(0.4, "minijinja-cli")],
}
# services: MiB
MEMORY = {6: 4, 1000: 12, 10000: 64}
# Valgrind runs about fifty times slower: larger sizes take minutes.
COUNTED = 1000


def arguments():
    known = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("--sizes", default="6,100,1000,10000")
    known.add_argument("--rounds", type=int, default=7)
    known.add_argument("--peers", help="folder of the other programs' inputs and tools")
    known.add_argument("--binary", default=os.path.join(ROOT, "target/release/stackc"))
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    known.add_argument("--scratch", default=memory, help="folder to write below; a disk adds the time of its file system")
    known.add_argument("--no-count", action="store_true", help="do not count instructions")
    known.add_argument("--strict", action="store_true", help="exit with 1 when a bar is missed")
    return known.parse_args()


def meter():
    """The program that starts what is measured. Linux counts the memory of the parent at a start as the child's, so a
    small one has to stand between; without one the memory is an upper bound."""
    if found := shutil.which("meas"):
        return lambda out, command: [found, out, "--", *command]
    if os.path.exists("/usr/bin/time"):
        return lambda out, command: ["/usr/bin/time", "-o", out, "-f", "%e %U %S %M %x", *command]
    return None


def run(command, scratch):
    """CPU seconds and peak KiB of one run; the program must succeed."""
    report = os.path.join(scratch, "meter")
    if os.path.exists(report):
        os.remove(report)
    wrap = meter()
    start = os.times()
    done = subprocess.run(wrap(report, command) if wrap else command, capture_output=True, text=True)
    end = os.times()
    if done.returncode:
        sys.exit(f"{command[0]} fails: {(done.stderr or done.stdout)[-400:]}")
    if not wrap:
        import resource
        cpu = end.children_user + end.children_system - start.children_user - start.children_system
        return cpu, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    numbers = [float(word) for word in open(report).read().split()]
    if numbers[-1]:
        sys.exit(f"{command[0]} fails: {done.stderr[-400:]}")
    cpu = numbers[1] if len(numbers) == 4 else numbers[1] + numbers[2]
    return cpu, numbers[-2]


def programs(size, settings, scratch):
    """Name to a function from an empty folder to a command."""
    source = os.path.join(scratch, f"source-{size}")
    generate.write(size, source)
    found = {"stackc": lambda out: [settings.binary, "build", "--quiet", source, "--out", out]}
    if not settings.peers:
        return found
    inputs = os.path.join(scratch, f"peers-{size}")
    subprocess.run([sys.executable, os.path.join(settings.peers, "gen.py"), str(size), inputs], check=True)
    if shutil.which("jrsonnet"):
        found["jrsonnet"] = lambda out: ["jrsonnet", "-S", "-c", "-m", out, f"{inputs}/jsonnet/spelled.jsonnet"]
    if shutil.which("minijinja-cli"):
        one = "minijinja-cli -a none {0}/jinja/{1}.yaml.j2 {0}/data/services.json -o {2}/{1}.yaml"
        found["minijinja-cli"] = lambda out: [
            "sh", "-c", " && ".join(one.format(inputs, kind, out) for kind in ("k8s", "compose"))]
    if shutil.which("emit"):
        found["emitter"] = lambda out: ["emit", str(size), out, "one"]
    return found


def written(folder):
    """Bytes and files below a folder."""
    files = [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]
    return sum(map(os.path.getsize, files)), len(files)


def instructions(command):
    """Instructions of one run, in millions; `None` without valgrind."""
    if not shutil.which("valgrind"):
        return None
    count = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command]
    done = subprocess.run(count, capture_output=True, text=True)
    refs = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    return int(refs.group(1).replace(",", "")) / 1e6 if refs else None


def measure(size, settings, scratch):
    """Name to CPU median, peak, bytes, files."""
    chosen = programs(size, settings, scratch)
    runs = {name: [] for name in chosen}
    output = {}
    for number in range(settings.rounds + 1):
        for name, command in chosen.items():
            out = os.path.join(scratch, "out")
            shutil.rmtree(out, ignore_errors=True)
            os.makedirs(out)
            result = run(command(out), scratch)
            if number == 0:
                output[name] = written(out)
                if name == "stackc" and size <= COUNTED and not settings.no_count:
                    shutil.rmtree(out)
                    os.makedirs(out)
                    output["count"] = instructions(command(out))
            else:
                runs[name].append(result)
    table = {}
    for name, results in runs.items():
        cpu = statistics.median(cpu for cpu, _ in results)
        table[name] = (cpu, max(peak for _, peak in results) / 1024, *output[name])
    return table, output.get("count")


def report(size, table, count):
    """Prints one size; the number of missed bars."""
    print(f"\n{size} services")
    print(f"{'program':16} {'CPU ms':>10} {'peak MiB':>9} {'out KiB':>9} {'files':>6} {'ns/byte':>8}")
    for name, (cpu, peak, size_out, files) in table.items():
        print(f"{name:16} {1e3 * cpu:10.1f} {peak:9.1f} {size_out / 1024:9.0f} {files:6} {1e9 * cpu / size_out:8.1f}")
    if count:
        print(f"stackc takes {count:.1f} million instructions")
    cpu, peak = table["stackc"][:2]
    missed = 0
    for most, other in BARS.get(size, []):
        if other in table:
            share = cpu / table[other][0]
            missed += share > most
            print(f"CPU {share:.2f} x {other}, bar {most}: {'missed' if share > most else 'met'}")
    if size in MEMORY:
        missed += peak > MEMORY[size]
        print(f"peak {peak:.1f} MiB, bar {MEMORY[size]}: {'missed' if peak > MEMORY[size] else 'met'}")
    return missed


def main():
    settings = arguments()
    if settings.peers:
        tools = os.environ.get("PEERS_TOOLS", os.path.join(settings.peers, "tools"))
        folders = [os.path.join(tools, name) for name in ("cargo/bin", "floor")]
        os.environ["PATH"] = os.pathsep.join([*folders, os.environ["PATH"]])
    missed = 0
    with tempfile.TemporaryDirectory(dir=settings.scratch) as scratch:
        for size in map(int, settings.sizes.split(",")):
            missed += report(size, *measure(size, settings, scratch))
    if not meter():
        print("\nneither `meas` nor `/usr/bin/time` is installed: peaks include this script's own memory")
    return 1 if missed and settings.strict else 0


if __name__ == "__main__":
    sys.exit(main())
