//! stackc: from one typed description of a system to artifacts that agree with each other.
//! This file only strings the phases together; it must not do work of its own.

pub mod source;

pub mod diagnostic;

pub mod syntax;

pub mod schema;

pub mod model;

pub mod stdlib;

pub mod load;

pub mod check;

pub mod catalogue;

pub mod lock;

pub mod plan;

pub mod emit;

pub mod text;

pub mod print;

pub mod output;
