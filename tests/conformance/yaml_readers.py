#!/usr/bin/env python3
"""Read the torture document with the YAML readers that people have, and compare every string.

`cargo test --test it yaml_torture` writes `torture.yaml` and `torture.json` into `target/tmp`. Each reader that is
installed must give back every string, in every place, as a string: PyYAML (1.1), ruamel.yaml (1.2), js-yaml, and
npm `yaml` in both modes. For the last two, run where `node` finds them, or set NODE_PATH.

    python3 tests/conformance/yaml_readers.py [folder] [--require reader,reader]

Exit status: 0 no difference, 1 a difference, 2 a required reader (or every reader) is missing.
"""

import argparse
import json
import pathlib
import subprocess
import sys

DEFAULT_FOLDER = pathlib.Path(__file__).resolve().parents[2] / "target" / "tmp"

NODE = """
const text = require("fs").readFileSync(process.argv[1], "utf8");
const read = {
  "js-yaml": (text) => require("js-yaml").load(text),
  "yaml-1.2": (text) => require("yaml").parse(text, { version: "1.2" }),
  "yaml-1.1": (text) => require("yaml").parse(text, { version: "1.1" }),
}[process.argv[2]];
process.stdout.write(JSON.stringify(read(text)));
"""


class Missing(Exception):
    """The reader is not installed."""


def read_pyyaml(path):
    try:
        import yaml
    except ImportError as error:
        raise Missing from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text("utf-8"), Loader=loader)


def read_ruamel(path):
    try:
        from ruamel.yaml import YAML
    except ImportError as error:
        raise Missing from error
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))


def node_reader(name):
    def read(path):
        try:
            done = subprocess.run(["node", "-e", NODE, str(path), name], capture_output=True, check=False)
        except FileNotFoundError as error:
            raise Missing from error
        if b"Cannot find module" in done.stderr:
            raise Missing
        if done.returncode != 0:
            raise ValueError(done.stderr.decode(errors="replace")[-600:])
        return json.loads(done.stdout)

    return read


READERS = {
    "pyyaml": read_pyyaml,
    "ruamel": read_ruamel,
    "js-yaml": node_reader("js-yaml"),
    "yaml-1.2": node_reader("yaml-1.2"),
    "yaml-1.1": node_reader("yaml-1.1"),
}


def expected(strings):
    return {
        "items": strings,
        "values": [{"name": text, "value": text} for text in strings],
        "keys": [{text: 1} for text in strings],
        "spaced": strings,
        "flow": [[text, "x"] for text in strings],
        "flow_keys": [{text: 1} for text in strings],
        "single": strings,
    }


def differences(document, wanted):
    if list(document) != list(wanted):
        yield f"places: {list(document)}"
    for place, values in wanted.items():
        got = document.get(place) or []
        if len(got) != len(values):
            yield f"{place}: {len(got)} entries instead of {len(values)}"
        for one, other in zip(got, values):
            if repr(one) != repr(other):
                yield f"{place}: {one!r} instead of {other!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=DEFAULT_FOLDER)
    parser.add_argument("--require", default="", help="readers that must be there, separated by commas")
    options = parser.parse_args()
    strings = json.loads((options.folder / "torture.json").read_text("utf-8"))
    wanted = expected(strings)
    missing, faults = [], 0
    for name, read in READERS.items():
        try:
            found = list(differences(read(options.folder / "torture.yaml"), wanted))
        except Missing:
            missing.append(name)
            continue
        except Exception as error:  # a reader that refuses the document is a finding, whatever it raises
            found = [f"refused: {error}"]
        faults += len(found)
        print(f"{name:10} {len(strings)} strings in {len(wanted)} places: {len(found)} differences")
        for fault in found[:10]:
            print(f"    {fault}")
    for name in missing:
        print(f"{name:10} not installed")
    if len(missing) == len(READERS) or set(missing) & set(filter(None, options.require.split(","))):
        return 2
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
