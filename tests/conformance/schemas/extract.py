"""Turns CustomResourceDefinitions into strict JSON schemas beside this file; must not be needed to run the gates.

Usage: extract.py CRD.yaml...   (needs PyYAML; the versions taken are in NOTICE.md)
"""

import json
import pathlib
import sys

import yaml


def strict(node):
    """Drops prose and CEL rules, which no JSON schema validator reads, and closes every object that lists its fields."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: strict(value)
        for key, value in node.items()
        if key != "x-kubernetes-validations" and not (key == "description" and isinstance(value, str))
    }
    if isinstance(kept.get("properties"), dict) and kept.get("type") == "object":
        kept.setdefault("additionalProperties", False)
    return kept


for source in sys.argv[1:]:
    spec = yaml.safe_load(pathlib.Path(source).read_text())["spec"]
    for version in spec["versions"]:
        if not version["served"] or version["name"] != "v1":
            continue
        schema = strict(version["schema"]["openAPIV3Schema"])
        kind = spec["names"]["kind"]
        schema["properties"]["apiVersion"] = {"const": f"{spec['group']}/v1"}
        schema["properties"]["kind"] = {"const": kind}
        schema["properties"].pop("status", None)
        schema["required"] = sorted({"apiVersion", "kind", "metadata", *schema.get("required", [])})
        target = pathlib.Path(__file__).with_name(f"{spec['group']}_v1_{kind}.json")
        target.write_text(json.dumps(schema, indent=1) + "\n")
