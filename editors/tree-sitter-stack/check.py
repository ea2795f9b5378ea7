#!/usr/bin/env python3
"""Parses whatever the compiler can read with the grammar, and compiles its queries; exits with 1 when one has errors.

    pip install tree-sitter && editors/tree-sitter-stack/check.py STACKC [FOLDER]

FOLDER holds the generated parser.c, here `src` when left out; needs a C compiler.
Sources are all `.stack` files of the repository and the snippets of its book.
"""
import ctypes
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from tree_sitter import Language, Parser, Query

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDERS = ["examples", "stdlib", "release", "snapshots", "tests"]


def language(generated, scratch):
    library = f"{scratch}/stack.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", generated, f"{generated}/parser.c", "-o", library], check=True)
    stack = ctypes.CDLL(library).tree_sitter_stack
    stack.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return Language(capsule(stack(), b"tree_sitter.Language", None))


def sources():
    for folder in FOLDERS:
        for path in sorted(ROOT.glob(f"{folder}/**/*.stack")):
            yield str(path.relative_to(ROOT)), path.read_bytes()
    for page in sorted([ROOT / "README.md", *ROOT.glob("book/src/**/*.md"), *ROOT.glob("examples/*/README.md")]):
        for number, found in enumerate(re.finditer(r"^```stack[^\n]*\n(.*?)^```", page.read_text(), re.S | re.M)):
            yield f"{page.relative_to(ROOT)}#{number}", found[1].encode()


def is_readable(stackc, text, scratch):
    """Whether the compiler finds no mistake of syntax: those have the codes E01…."""
    file = pathlib.Path(scratch, "main.stack")
    file.write_bytes(text)
    command = [stackc, "check", "--format", "json", file]
    found = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    return not any(problem["code"].startswith("E01") for problem in found["diagnostics"])


def error(node):
    """The innermost first node that is wrong."""
    inner = next((child for child in node.children if child.has_error), None)
    return error(inner) if inner and node.type != "ERROR" else node


def main(stackc, generated, scratch):
    stack = language(generated, scratch)
    parser = Parser(stack)
    read, refused, wrong = 0, 0, 0
    for name, text in sources():
        if not is_readable(stackc, text, scratch):
            refused += 1
            continue
        read += 1
        tree = parser.parse(text)
        if tree.root_node.has_error:
            wrong += 1
            place = error(tree.root_node).start_point
            print(f"{name}:{place.row + 1}:{place.column + 1}: cannot be parsed", file=sys.stderr)
    print(f"{read} sources, {wrong} with errors; the compiler cannot read {refused} others")
    # An error in a query is an exception with its place.
    queries = [Query(stack, query.read_text()) for query in sorted((HERE / "queries").glob("*.scm"))]
    print(f"{len(queries)} queries")
    sys.exit(wrong > 0 or read < 300)


if len(sys.argv) < 2:
    sys.exit(__doc__)
with tempfile.TemporaryDirectory() as folder:
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else HERE / "src", folder)
