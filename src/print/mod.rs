//! Printers of target syntaxes: quoting, indentation and comments of each. Must not know a target's schema or the
//! plan: emitters build typed documents, directives or instructions, and nothing else turns those into text.

pub mod yaml;
