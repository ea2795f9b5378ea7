//! Source text to syntax tree. Must not fail, read files or know what a block kind means.

pub mod ast;
