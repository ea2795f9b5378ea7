//! Hostile strings through the YAML printer. Writes what `tests/conformance/yaml_readers.py` reads back; alone it
//! checks that no string changes the shape of its document.
