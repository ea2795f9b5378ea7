//! The chain of an environment: `environment production from staging`. Must not merge anything.

use super::declare::{Declarations, Declared, slice};
use super::problem;
use crate::diagnostic::{Diagnostic, codes};
use crate::load::Program;

/// An environment and those that it is made from, the root first.
pub(super) type Chain<'a> = Vec<(&'a str, Declared<'a>)>;

/// The chains of all environments, in declaration order; those with a problem are left out.
pub(super) fn chains<'a>(
    program: &'a Program,
    declared: &Declarations<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Chain<'a>> {
    let names: Vec<&'a str> = declared.environments.keys().copied().collect();
    names.iter().filter_map(|name| chain(program, declared, name, diagnostics)).collect()
}

fn chain<'a>(
    program: &'a Program,
    declared: &Declarations<'a>,
    name: &'a str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Chain<'a>> {
    let mut chain: Chain<'a> = Vec::new();
    let mut next = Some(name);
    while let Some(name) = next {
        let environment = *declared.environments.get(name)?;
        if let Some(from) = chain.iter().position(|(known, _)| *known == name) {
            let mut path: Vec<&str> = chain.iter().skip(from).map(|(name, _)| *name).collect();
            path.push(name);
            let message = format!("these environments build on each other: {}", path.join(" -> "));
            let span = environment.block.from.as_ref().map_or(environment.statement.span, |from| from.span());
            let problem = Diagnostic::error(codes::ENVIRONMENT_CYCLE, message).at(span, "part of the circle");
            if !diagnostics.iter().any(|known| known.code == codes::ENVIRONMENT_CYCLE) {
                diagnostics.push(problem.help("let one of them stand on its own"));
            }
            return None;
        }
        chain.push((name, environment));
        next = None;
        if let Some(from) = &environment.block.from {
            let parent = slice(program, from.span());
            if declared.environments.contains_key(parent) {
                next = Some(parent);
            } else {
                let known: Vec<&str> = declared.environments.keys().copied().collect();
                let message = format!("no environment is called `{parent}`");
                let problem =
                    problem::unknown(codes::UNKNOWN_ENVIRONMENT, message, from.span(), parent, &known);
                if !diagnostics.contains(&problem) {
                    diagnostics.push(problem);
                }
                return None;
            }
        }
    }
    chain.reverse();
    Some(chain)
}
