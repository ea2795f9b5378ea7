"""The gate of Kubernetes manifests: strict schemas of the API and of the kinds beside it; must not talk to a cluster."""

import json
import pathlib

import jsonschema
import kubernetes_validate
import yaml

from tree import Result

SCHEMAS = pathlib.Path(__file__).parent / "schemas"
VERSIONS = ("1.29", kubernetes_validate.latest_version())


def kubernetes(tree):
    files = tree.glob("**/deploy/*/kubernetes/**/*.yaml")
    result = Result("kubernetes-validate", len(files))
    for path in files:
        try:
            documents = [document for document in yaml.safe_load_all(tree.read(path)) if document is not None]
        except yaml.YAMLError as error:
            result.add("yaml", path, error)
            continue
        if not documents:
            result.add("empty", path, "no document")
        for document in documents:
            _judge(result, tree, path, document)
    return [result]


def _judge(result, tree, path, document):
    if not isinstance(document, dict) or not {"apiVersion", "kind"} <= document.keys():
        result.add("object", path, "a document without apiVersion and kind")
        return
    name = f"{document['kind']} {(document.get('metadata') or {}).get('name', '')}".strip()
    own = SCHEMAS / f"{document['apiVersion'].replace('/', '_')}_{document['kind']}.json"
    if own.exists():
        for error in jsonschema.Draft202012Validator(json.loads(own.read_text())).iter_errors(document):
            result.add("schema", path, f"{name}: {error.json_path}: {error.message}")
    else:
        _judge_by_api(result, path, name, document)
    if document["kind"] == "Kustomization":
        for resource in document.get("resources") or []:
            if not (tree.root / path).with_name(str(resource)).exists():
                result.add("resources", path, f"{resource} does not exist")


def _judge_by_api(result, path, name, document):
    for version in VERSIONS:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            result.add("schema", path, f"{name}, {version}: {error.json_path}: {error.message}")
        except kubernetes_validate.SchemaNotFoundError:
            # A kind that nobody checks would pass for ever: its schema belongs into schemas/.
            result.add("unknown", path, f"{name}, {version}: no schema of {document['apiVersion']}, and none in {SCHEMAS.name}/")
