//! Text by the place where it goes: one type per sink, one encoder each. Must not offer a raw string to an artifact:
//! each of these types holds, and prints, only what its sink reads back as the text that it was made from.
//!
//! What a sink cannot hold is an [`Unwritable`]; the emitter that knows the declaration adds the span.

mod compose;
mod docker;
mod dotenv;
mod error;
mod kube;
mod name;
mod nginx;
mod shell;
mod workflow;

pub use compose::ComposeText;
pub use docker::DockerWord;
pub use dotenv::DotenvValue;
pub use error::Unwritable;
pub use kube::KubeText;
pub use name::VariableName;
pub use nginx::NginxValue;
pub use shell::{ShellLine, ShellWord};
pub use workflow::{Context, Expression, WorkflowText};

/// Gives an encoded text its only way out.
macro_rules! encoded {
    ($name:ident) => {
        impl $name {
            /// The text as its sink reads it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

use encoded;
