//! Says what the compiler embeds, so that a new file of the standard library is seen. Must not generate anything.

fn main() {
    for folder in ["stdlib", "book/src/codes"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
