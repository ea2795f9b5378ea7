//! Any strings as keys and values of a document: a reader that is not ours reads the same strings. Must not know how
//! they are quoted.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use saphyr::{LoadableYamlNode, Yaml};
use stackc::print::yaml::to_string;

fuzz_target!(|pairs: BTreeMap<String, Vec<String>>| {
    // What YAML cannot hold is refused; that is not what is asked here.
    let Ok(text) = to_string("", &pairs) else { return };
    let documents = Yaml::load_from_str(&text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
    let read = documents.first().unwrap_or_else(|| panic!("no document in\n{text}"));
    for (key, list) in &pairs {
        let values = &read[key.as_str()];
        for (index, value) in list.iter().enumerate() {
            assert_eq!(values[index].as_str(), Some(value.as_str()), "{text}");
        }
    }
});
