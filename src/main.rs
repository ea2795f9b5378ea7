//! The `stackc` command: hands over to `cli`. Must not do anything else.

fn main() {}
