//! Pictures as Graphviz and as Mermaid. Must not choose what is shown.

use std::fmt::Write;

use super::picture::{Node, Picture, Role};

/// Roles with the fill that both languages use; readable on light and dark pages.
const FILLS: &[(Role, &str, &str)] = &[
    (Role::People, "people", "#fde68a"),
    (Role::Own, "own", "#bfdbfe"),
    (Role::Public, "public", "#e5e7eb"),
    (Role::Store, "store", "#bbf7d0"),
    (Role::Outside, "outside", "#fecaca"),
];

/// Graphviz.
pub(super) fn dot(picture: &Picture) -> String {
    let mut out = format!(
        "digraph \"{}\" {{\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n  \
         edge [fontname=\"sans-serif\", fontsize=10];\n",
        quoted(&picture.title)
    );
    for node in &picture.nodes {
        let shape = match node.role {
            Role::Store => ", shape=cylinder, style=filled",
            Role::People | Role::Outside => ", shape=ellipse, style=filled",
            Role::Own | Role::Public => "",
        };
        let label = quoted(&node.lines.join("\n")).replace('\n', "\\n");
        let _ = writeln!(out, "  {} [label=\"{label}\", fillcolor=\"{}\"{shape}];", node.id, fill(node));
    }
    for arrow in &picture.arrows {
        let label = if arrow.label.is_empty() {
            String::new()
        } else {
            format!("label=\"{}\", ", quoted(&arrow.label))
        };
        let style = if arrow.waits { "solid" } else { "dashed" };
        let _ = writeln!(out, "  {} -> {} [{label}style={style}];", arrow.from, arrow.to);
    }
    out + "}\n"
}

/// Mermaid.
pub(super) fn mermaid(picture: &Picture) -> String {
    let mut out = "flowchart LR\n".to_owned();
    for node in &picture.nodes {
        let (open, close) = match node.role {
            Role::People => ("([", "])"),
            Role::Outside => ("{{", "}}"),
            Role::Store => ("[(", ")]"),
            Role::Own | Role::Public => ("[", "]"),
        };
        let label = node.lines.join("<br>").replace('"', "#quot;");
        let _ = writeln!(out, "  {}{open}\"{label}\"{close}", node.id);
    }
    for arrow in &picture.arrows {
        let line = if arrow.waits { "-->" } else { "-.->" };
        let label = arrow.label.replace('"', "#quot;");
        let label = if label.is_empty() { label } else { format!("|\"{label}\"|") };
        let _ = writeln!(out, "  {} {line}{label} {}", arrow.from, arrow.to);
    }
    for (role, class, fill) in FILLS {
        let members: Vec<&str> =
            picture.nodes.iter().filter(|node| node.role == *role).map(|node| &*node.id).collect();
        if !members.is_empty() {
            let _ = writeln!(out, "  classDef {class} fill:{fill},stroke:#6b7280,color:#111827");
            let _ = writeln!(out, "  class {} {class}", members.join(","));
        }
    }
    out
}

fn fill(node: &Node) -> &'static str {
    FILLS.iter().find(|(role, _, _)| *role == node.role).map_or("#ffffff", |(_, _, fill)| fill)
}

/// Characters between double quotes.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
