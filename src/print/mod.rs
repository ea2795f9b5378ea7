//! Printers of target syntaxes: quoting, indentation and comments of each. Must not know a target's schema or the
//! plan: emitters build typed documents, directives or instructions, and nothing else turns those into text.

mod comment;
pub mod dockerfile;
pub mod dotenv;
mod mark;
pub mod nginx;
pub mod outline;
pub mod yaml;

pub use mark::{Mark, Printed};
