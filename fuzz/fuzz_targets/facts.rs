//! Any text as `stackc.toml`, `stackc.lock` and an image of the catalogue: facts or diagnostics, never a panic. Must
//! not compile a system.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stackc::catalogue::Catalogue;
use stackc::lock::Lock;
use stackc::project::Manifest;
use stackc::source::SourceMap;

fuzz_target!(|text: &str| {
    let mut sources = SourceMap::default();
    let id = sources.add("stackc.toml", text);
    let _ = Manifest::parse(id, text);
    let _ = Lock::parse(id, text);
    let _ = Catalogue::new([("image", text)], text);
});
