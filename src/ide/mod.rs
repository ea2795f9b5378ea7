//! Answers for editors about a program, as plain data: what is here, what fits here, where is it from. Must not know
//! the protocol of editors, and must answer for files that do not check.

pub mod allowance;
mod analysis;
pub mod calls;
pub mod completion;
mod conditions;
mod defaults;
pub mod highlight;
pub mod hints;
pub mod hover;
pub mod index;
pub mod navigation;
mod origin;
pub mod outline;
pub mod place;
pub mod signature;
pub mod value;

pub use analysis::{Analysis, Cache, Memory};
