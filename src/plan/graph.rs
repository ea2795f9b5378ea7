//! The start order: cycles and a stable topological order. Must not know what makes an edge.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;

/// Hops of a cycle that are shown; longer ones are cut.
const SHOWN: usize = 12;

/// `from` waits for `to`; both are indices of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) span: Span,
}

/// How a cycle is told.
pub(super) struct Story {
    /// What goes round.
    pub(super) what: &'static str,
    /// What to do; gets the name that closes the cycle.
    pub(super) help: fn(&str) -> String,
}

/// The indices of `names` so that each comes after those that it waits for. Among those that could come next, the
/// one declared first does: a service that nobody waits for never changes the order of the others.
pub(super) fn order(
    names: &[Arc<str>],
    waits: &[Wait],
    story: &Story,
) -> Result<Vec<usize>, Vec<Diagnostic>> {
    let cycles = cycles(names.len(), waits);
    if !cycles.is_empty() {
        return Err(cycles.iter().map(|cycle| report(names, cycle, story)).collect());
    }
    Ok(topological(names.len(), waits))
}

fn topological(count: usize, waits: &[Wait]) -> Vec<usize> {
    let mut missing = vec![0usize; count];
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for wait in waits {
        if let Some(missing) = missing.get_mut(wait.from) {
            *missing += 1;
            waiting.entry(wait.to).or_default().push(wait.from);
        }
    }
    let ready = missing.iter().enumerate().filter(|(_, missing)| **missing == 0);
    let mut frontier: BinaryHeap<Reverse<usize>> = ready.map(|(index, _)| Reverse(index)).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse(next)) = frontier.pop() {
        order.push(next);
        for &from in waiting.get(&next).into_iter().flatten() {
            if let Some(missing) = missing.get_mut(from) {
                *missing -= 1;
                if *missing == 0 {
                    frontier.push(Reverse(from));
                }
            }
        }
    }
    order
}

/// One shortest cycle per group of services that wait for each other, each from its first place in the sources.
fn cycles(count: usize, waits: &[Wait]) -> Vec<Vec<Wait>> {
    let mut graph: DiGraph<(), Span, usize> = DiGraph::default();
    for _ in 0..count {
        graph.add_node(());
    }
    for wait in waits {
        graph.add_edge(wait.from.into(), wait.to.into(), wait.span);
    }
    let mut group = vec![0usize; count];
    // Not Tarjan's algorithm: petgraph's is recursive, and a long chain would overflow the stack.
    for (number, members) in kosaraju_scc(&graph).iter().enumerate() {
        for member in members {
            if let Some(group) = group.get_mut(member.index()) {
                *group = number;
            }
        }
    }
    let mut inside: BTreeMap<usize, Vec<Wait>> = BTreeMap::new();
    for wait in waits {
        if let (Some(from), Some(to)) = (group.get(wait.from), group.get(wait.to))
            && from == to
        {
            inside.entry(*from).or_default().push(*wait);
        }
    }
    let mut cycles: Vec<Vec<Wait>> = inside.values().filter_map(|waits| cycle(waits)).collect();
    cycles.sort_by_key(|cycle| cycle.first().map(|wait| wait.span));
    cycles
}

/// The shortest way around that starts with the wait that was written first.
fn cycle(waits: &[Wait]) -> Option<Vec<Wait>> {
    let first = *waits.iter().min_by_key(|wait| wait.span)?;
    let mut outgoing: BTreeMap<usize, Vec<Wait>> = BTreeMap::new();
    for wait in waits {
        outgoing.entry(wait.from).or_default().push(*wait);
    }
    let mut arrived: BTreeMap<usize, Wait> = BTreeMap::from([(first.to, first)]);
    let mut queue = VecDeque::from([first.to]);
    while let Some(at) = queue.pop_front() {
        if at == first.from {
            break;
        }
        for wait in outgoing.get(&at).into_iter().flatten() {
            arrived.entry(wait.to).or_insert_with(|| {
                queue.push_back(wait.to);
                *wait
            });
        }
    }
    let mut path = Vec::new();
    let mut at = first.from;
    loop {
        let wait = *arrived.get(&at)?;
        path.push(wait);
        if wait == first {
            break;
        }
        at = wait.from;
    }
    path.reverse();
    Some(path)
}

fn report(names: &[Arc<str>], cycle: &[Wait], story: &Story) -> Diagnostic {
    let name = |index: usize| names.get(index).map_or("", |name| &**name);
    let mut path: Vec<&str> = cycle.iter().take(SHOWN).map(|wait| name(wait.from)).collect();
    if cycle.len() > SHOWN {
        path.push("…");
    }
    path.extend(cycle.first().map(|wait| name(wait.from)));
    let message = format!("{}: {}", story.what, path.join(" -> "));
    let mut diagnostic = Diagnostic::error(codes::START_CYCLE, message);
    for (index, wait) in cycle.iter().take(SHOWN).enumerate() {
        let text = format!("{}. `{}` waits for `{}`", index + 1, name(wait.from), name(wait.to));
        diagnostic =
            if index == 0 { diagnostic.at(wait.span, text) } else { diagnostic.also(wait.span, text) };
    }
    let target = cycle.last().map_or("", |wait| name(wait.to));
    diagnostic.help((story.help)(target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    const STORY: Story = Story {
        what: "these services wait for each other to start",
        help: |target| format!("write it as `late({target}.url)`"),
    };

    fn names(names: &str) -> Vec<Arc<str>> {
        names.split(' ').map(Arc::from).collect()
    }

    fn waits(pairs: &[(usize, usize)]) -> Vec<Wait> {
        let span = |at: usize| Span::new(SourceId(0), at as u32, at as u32 + 1);
        let wait = |(at, &(from, to)): (usize, &(usize, usize))| Wait { from, to, span: span(at) };
        pairs.iter().enumerate().map(wait).collect()
    }

    #[test]
    fn declaration_order_decides_where_nothing_else_does() {
        let order = order(&names("web api db cache"), &waits(&[(0, 1), (1, 2), (1, 3)]), &STORY).unwrap();
        assert_eq!(order, [2, 3, 1, 0]);
    }

    #[test]
    fn an_unrelated_service_leaves_the_order_of_the_others() {
        let before = order(&names("web api db"), &waits(&[(0, 1), (1, 2)]), &STORY).unwrap();
        let after = order(&names("new web api db"), &waits(&[(1, 2), (2, 3)]), &STORY).unwrap();
        let others: Vec<usize> = after.iter().filter(|index| **index != 0).map(|index| index - 1).collect();
        assert_eq!(others, before);
    }

    #[test]
    fn a_cycle_is_shown_whole_from_where_it_was_written_first() {
        let names = names("web api ai db");
        let problems = order(&names, &waits(&[(0, 1), (1, 3), (2, 1), (1, 2)]), &STORY).unwrap_err();
        assert_eq!(problems.len(), 1);
        let problem = &problems[0];
        assert_eq!(problem.message, "these services wait for each other to start: ai -> api -> ai");
        assert_eq!(problem.primary.as_ref().unwrap().text, "1. `ai` waits for `api`");
        assert_eq!(problem.secondary[0].text, "2. `api` waits for `ai`");
        assert!(problem.help.as_ref().unwrap().contains("`late(ai.url)`"));
    }

    #[test]
    fn each_group_is_reported_once_and_by_its_shortest_way() {
        let pairs = [(0, 1), (1, 2), (2, 3), (3, 0), (2, 0), (4, 5), (5, 4)];
        let problems = order(&names("a b c d e f"), &waits(&pairs), &STORY).unwrap_err();
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(messages[0].ends_with(": a -> b -> c -> a"), "{messages:?}");
        assert!(messages[1].ends_with(": e -> f -> e"), "{messages:?}");
        assert_eq!(messages.len(), 2);
    }

    #[test]
    fn a_long_chain_and_a_long_cycle_fit_the_stack() {
        let count = 50_000;
        let names: Vec<Arc<str>> = (0..count).map(|n| format!("s{n}").into()).collect();
        let mut pairs: Vec<(usize, usize)> = (1..count).map(|n| (n - 1, n)).collect();
        assert_eq!(order(&names, &waits(&pairs), &STORY).unwrap()[0], count - 1);
        pairs.push((count - 1, 0));
        let problems = order(&names, &waits(&pairs), &STORY).unwrap_err();
        assert!(problems[0].message.contains("… -> s0"));
        assert_eq!(problems[0].secondary.len(), SHOWN - 1);
    }
}
