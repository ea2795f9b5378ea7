//! Values at paths of trees. Must not know what documents mean: it replaces what is there, and makes a key below what is
//! there.

use std::sync::Arc;

use indexmap::IndexMap;

use super::vocabulary;
use crate::diagnostic::suggest::{candidates_text, closest};
use crate::print::yaml::Node;

/// What a change has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The document is another one.
    Changed,
    /// Nothing, and why.
    Same(String),
    /// Nothing: the path leads nowhere in this document.
    Nowhere(Obstacle),
}

/// Why a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obstacle {
    pub(super) message: String,
    pub(super) help: String,
}

/// Where a tree is: its target and the keys above it in the whole document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) target: &'a str,
    pub(super) above: &'a [&'a str],
}

/// Puts a value at a path, or behind the items that are there; null removes what is there. The last key may be new, and
/// those before it where the document is known to take them.
pub(super) fn set(
    tree: &mut Node,
    site: Site<'_>,
    path: &[Arc<str>],
    append: bool,
    value: Node,
) -> Result<Outcome, Obstacle> {
    let written = path.join(".");
    if value == Node::Null {
        return remove(tree, path, &written);
    }
    if append && matches!(&value, Node::List(items) if items.is_empty()) {
        return Ok(Outcome::Same(format!("nothing is appended to `{written}`")));
    }
    if let Some(obstacle) = nowhere(tree, site, path) {
        return Ok(Outcome::Nowhere(obstacle));
    }
    let mut place = tree;
    for name in path {
        place = step(place, name, &written)?;
    }
    if append {
        return extend(place, value, &written);
    }
    if place.means(&value) {
        return Ok(Outcome::Same(format!("`{written}` is already {}", describe(&value))));
    }
    place.replace(value);
    Ok(Outcome::Changed)
}

/// Why a path meets nothing in this document, if it does not.
fn nowhere(tree: &Node, site: Site<'_>, path: &[Arc<str>]) -> Option<Obstacle> {
    let mut way = site.above.to_vec();
    let mut place = tree;
    for (index, name) in path.iter().enumerate() {
        match place.content() {
            Node::Map(entries) => match entries.get(&**name) {
                Some(next) => place = next,
                None => {
                    let is_last = index + 1 == path.len();
                    return unknown(place, site.target, &way, name, is_last);
                }
            },
            Node::List(items) => place = items.get(name.parse::<usize>().ok()?)?,
            // A key without a value, and scalars: `step` judges them.
            _ => return None,
        }
        way.push(name);
    }
    None
}

/// A key that is not there, unless it may be made.
fn unknown(place: &Node, target: &str, way: &[&str], name: &str, is_last: bool) -> Option<Obstacle> {
    let closed = vocabulary::keys(target, way);
    let may_be_made = closed.map_or(is_last, |known| known.contains(&name));
    if may_be_made || vocabulary::is_extension(target, name) {
        return None;
    }
    let there = place.keys();
    let known: Vec<&str> =
        there.iter().map(String::as_str).chain(closed.unwrap_or_default().iter().copied()).collect();
    let message = match way.last() {
        Some(parent) => format!("`{parent}` has no `{name}`"),
        None => format!("the document has no `{name}`"),
    };
    let help = match closest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if there.is_empty() => "end the path before it, and set a map: `path = { … }`".to_owned(),
        None => format!("expected {}", candidates_text(there.iter().map(String::as_str))),
    };
    Some(Obstacle { message, help })
}

/// The place below a name; made when a map has none.
fn step<'t>(place: &'t mut Node, name: &str, written: &str) -> Result<&'t mut Node, Obstacle> {
    let place = place.content_mut();
    if *place == Node::Null {
        if name.parse::<usize>().is_ok() {
            return Err(Obstacle {
                message: format!("there is no list for the item `{name}` of `{written}`"),
                help: "set the whole list: `path = [ … ]`".to_owned(),
            });
        }
        *place = Node::Map(IndexMap::new());
    }
    match place {
        Node::Map(entries) => Ok(entries.entry(name.to_owned()).or_insert(Node::Null)),
        Node::List(items) => {
            let count = items.len();
            let item = name.parse::<usize>().ok().and_then(|index| items.get_mut(index));
            item.ok_or_else(|| no_item(name, written, count))
        }
        other => Err(Obstacle {
            message: format!("nothing can be below {}, so `{written}` has no `{name}`", describe(other)),
            help: "end the path before it, to replace the value as a whole".to_owned(),
        }),
    }
}

fn no_item(name: &str, written: &str, count: usize) -> Obstacle {
    let found = match count {
        0 => "the list is empty".to_owned(),
        1 => "the list has one item, `0`".to_owned(),
        _ => format!("the list has the items `0` to `{}`", count - 1),
    };
    Obstacle {
        message: format!("`{written}` has no item `{name}`: {found}"),
        help: "use the number of an item, or append with `path += [ … ]`".to_owned(),
    }
}

fn extend(place: &mut Node, value: Node, written: &str) -> Result<Outcome, Obstacle> {
    let Node::List(more) = value else {
        return Err(Obstacle {
            message: format!("`+=` appends lists, and the value for `{written}` is {}", describe(&value)),
            help: "write `+= [ … ]`, or `=` to replace the value".to_owned(),
        });
    };
    match place.content_mut() {
        Node::List(items) => items.extend(more),
        missing @ Node::Null => *missing = Node::List(more),
        other => {
            return Err(Obstacle {
                message: format!("`+=` appends to lists, and `{written}` is {}", describe(other)),
                help: "write `=` to replace the value".to_owned(),
            });
        }
    }
    Ok(Outcome::Changed)
}

fn remove(tree: &mut Node, path: &[Arc<str>], written: &str) -> Result<Outcome, Obstacle> {
    let Some((last, way)) = path.split_last() else {
        return Ok(Outcome::Same("it has no path".to_owned()));
    };
    let mut place = tree;
    for name in way {
        match place.get_mut(name) {
            Some(next) => place = next,
            None => return Ok(Outcome::Same(format!("`{written}` is not there"))),
        }
    }
    let removed = match place.content_mut() {
        Node::Map(entries) => entries.shift_remove(&**last),
        Node::List(items) => match last.parse::<usize>() {
            Ok(index) if index < items.len() => Some(items.remove(index)),
            _ => return Err(no_item(last, written, items.len())),
        },
        _ => None,
    };
    Ok(match removed {
        Some(_) => Outcome::Changed,
        None => Outcome::Same(format!("`{written}` is not there")),
    })
}

/// A value in a message.
fn describe(node: &Node) -> String {
    match node.content() {
        Node::Null => "`null`".to_owned(),
        Node::Bool(value) => format!("`{value}`"),
        Node::Int(value) => format!("`{value}`"),
        Node::Unsigned(value) => format!("`{value}`"),
        Node::Float(value) => format!("`{value}`"),
        Node::Text(text) => format!("`{}`", text.escape_debug()),
        Node::List(_) => "this list".to_owned(),
        Node::Map(_) | Node::Presented(..) => "this map".to_owned(),
    }
}
