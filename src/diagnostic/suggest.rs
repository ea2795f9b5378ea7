//! Did-you-mean, lists of candidates and counts. Must suggest only when confident: a wrong suggestion costs more than none.

/// Names that a list in a message shows at most.
const MAX_LISTED: usize = 6;

/// The candidate that was most likely meant: equal but for case, else within a third of the name's length in
/// edits (optimal string alignment), lengths at most two apart.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.eq_ignore_ascii_case(name) {
            return Some(candidate);
        }
        let plural = candidate.strip_suffix('s') == Some(name) || name.strip_suffix('s') == Some(candidate);
        if candidate.len().abs_diff(name.len()) > 2 {
            continue;
        }
        let distance = if plural { 1 } else { strsim::osa_distance(name, candidate) };
        if distance <= limit && best.is_none_or(|(known, _)| distance < known) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `` `a`, `b` or `c` ``, cut after a few.
pub fn candidates_text<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = candidates.into_iter().map(|name| format!("`{name}`")).collect();
    match all.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) if all.len() <= MAX_LISTED => format!("{} or {last}", rest.join(", ")),
        Some(_) => {
            let shown: Vec<&str> = all.iter().take(MAX_LISTED).map(String::as_str).collect();
            format!("{}, … ({} in all)", shown.join(", "), all.len())
        }
    }
}

/// `1 error`, `7 errors`, `2 matches`; the last word takes the plural.
pub fn counted(number: usize, words: &str) -> String {
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| words.ends_with(end));
    let ending = match (number, hissing) {
        (1, _) => "",
        (_, true) => "es",
        (_, false) => "s",
    };
    format!("{number} {words}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_close_or_absent() {
        assert_eq!(closest("databse", ["database", "cache"]), Some("database"));
        assert_eq!(closest("replica", ["replicas", "restart"]), Some("replicas"));
        assert_eq!(closest("PORT", ["port"]), Some("port"));
        assert_eq!(closest("x", ["database"]), None);
    }

    #[test]
    fn lists_are_cut() {
        assert_eq!(candidates_text(["a", "b", "c"]), "`a`, `b` or `c`");
        assert!(candidates_text(["a", "b", "c", "d", "e", "f", "g"]).ends_with("(7 in all)"));
    }

    #[test]
    fn counts_agree_with_their_word() {
        assert_eq!(counted(1, "error"), "1 error");
        assert_eq!(counted(0, "open port"), "0 open ports");
        assert_eq!(counted(2, "branch"), "2 branches");
    }
}
