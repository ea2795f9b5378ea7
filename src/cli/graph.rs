//! `stackc graph`: the dependency graph of an environment as Graphviz or Mermaid. Must not compute edges.

use std::fmt::Write;

use super::args::{Drawing, Graph, Output, Select};
use super::compiled::{Knowing, compiled};
use super::report::{self, exit};
use crate::diagnostic::has_errors;
use crate::plan::{EdgeKind, EnvironmentPlan};

/// Prints the drawing.
pub(super) fn run(graph: &Graph, output: &Output) -> u8 {
    let environment = graph.environment.iter().cloned().collect();
    let select = Select { path: graph.path.clone(), environment, target: Vec::new() };
    let (_, compilation) = match compiled(&select, Knowing::Baseline, output) {
        Ok(done) => done,
        Err(code) => return code,
    };
    let Some(plan) = compilation.plan.filter(|_| !has_errors(&compilation.diagnostics)) else {
        report::diagnostics(&compilation.diagnostics, &compilation.sources, output);
        return exit::FINDINGS;
    };
    let Some(environment) = plan.environments.first() else { return exit::NO_INPUT };
    report::print(&match graph.drawing {
        Drawing::Dot => dot(environment),
        Drawing::Mermaid => mermaid(environment),
    })
}

/// Who needs whom; routes come from `world`.
fn arrows(environment: &EnvironmentPlan) -> Vec<(String, String, String, bool)> {
    let edge = |edge: &crate::plan::Edge| {
        let from = edge.from.as_deref().unwrap_or("world").to_owned();
        let port = edge.port.map(|port| format!(":{port}")).unwrap_or_default();
        (from, edge.to.to_string(), port, edge.kind == EdgeKind::Start)
    };
    environment.edges.iter().map(edge).collect()
}

fn dot(environment: &EnvironmentPlan) -> String {
    let mut out =
        format!("digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=rounded];\n", environment.name());
    for name in &environment.order {
        let shape = if environment.model.services.get(name).is_some_and(crate::model::Service::is_stateful) {
            "cylinder"
        } else {
            "box"
        };
        let _ = writeln!(out, "  \"{name}\" [shape={shape}];");
    }
    for (from, to, port, waits) in arrows(environment) {
        let style = if waits { "solid" } else { "dashed" };
        let _ = writeln!(out, "  \"{from}\" -> \"{to}\" [label=\"{port}\", style={style}];");
    }
    out + "}\n"
}

fn mermaid(environment: &EnvironmentPlan) -> String {
    let mut out = "flowchart LR\n".to_owned();
    for name in &environment.order {
        let stateful = environment.model.services.get(name).is_some_and(crate::model::Service::is_stateful);
        let (open, close) = if stateful { ("[(", ")]") } else { ("[", "]") };
        let _ = writeln!(out, "  {name}{open}\"{name}\"{close}");
    }
    for (from, to, port, waits) in arrows(environment) {
        let arrow = if waits { "-->" } else { "-.->" };
        let label = if port.is_empty() { String::new() } else { format!("|\"{port}\"|") };
        let _ = writeln!(out, "  {from} {arrow}{label} {to}");
    }
    out
}
