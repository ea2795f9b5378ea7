#!/usr/bin/env python3
"""Parses every source of the repository with the grammar and compiles its queries; exits with 1 when one has errors.

    pip install tree-sitter && editors/tree-sitter-stack/check.py

Needs a C compiler. src/parser.c is generated from grammar.js with `tree-sitter generate`.
"""
import ctypes
import pathlib
import re
import subprocess
import sys
import tempfile

from tree_sitter import Language, Parser, Query

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# Sources that are broken on purpose stay out: the compiler refuses them too.
SOUND = ["examples/**/*.stack", "stdlib/*.stack", "snapshots/fmt/[kw]*.stack", "snapshots/parse/[eps][hxr]*.stack"]


def language(folder):
    library = f"{folder}/stack.so"
    compiler = ["cc", "-shared", "-fPIC", "-O1", "-I", HERE / "src", HERE / "src/parser.c", "-o", library]
    subprocess.run(compiler, check=True)
    stack = ctypes.CDLL(library).tree_sitter_stack
    stack.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    return Language(capsule(stack(), b"tree_sitter.Language", None))


def sources():
    for pattern in SOUND:
        for path in sorted(ROOT.glob(pattern)):
            yield str(path.relative_to(ROOT)), path.read_bytes()
    for page in sorted(ROOT.glob("book/src/**/*.md")):
        # The pages of E01… show what cannot be read.
        if not page.name.startswith("E01"):
            for number, found in enumerate(re.finditer(r"^```stack[^\n]*\n(.*?)^```", page.read_text(), re.S | re.M)):
                yield f"{page.relative_to(ROOT)}#{number}", found[1].encode()


def error(node):
    """The innermost first node that is wrong."""
    inner = next((child for child in node.children if child.has_error), None)
    return error(inner) if inner and node.type != "ERROR" else node


def main(folder):
    stack = language(folder)
    parser = Parser(stack)
    read, wrong = 0, 0
    for name, text in sources():
        read += 1
        tree = parser.parse(text)
        if tree.root_node.has_error:
            wrong += 1
            place = error(tree.root_node).start_point
            print(f"{name}:{place.row + 1}:{place.column + 1}: cannot be parsed", file=sys.stderr)
    print(f"{read} sources, {wrong} with errors", flush=True)
    # An error in a query is an exception with its place.
    queries = [Query(stack, query.read_text()) for query in sorted((HERE / "queries").glob("*.scm"))]
    print(f"{len(queries)} queries")
    sys.exit(wrong > 0 or read < 100)


with tempfile.TemporaryDirectory() as scratch:
    main(scratch)
