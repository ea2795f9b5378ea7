//! Hostile strings for the encoders: a fixed list in `snapshots/text/hostile.json` and reproducible random ones.
//! Must not know which encoder it feeds.

/// Pieces that mean something to some sink.
const PIECES: [&str; 78] = [
    " ",
    "\t",
    "\n",
    ":",
    "#",
    "-",
    "?",
    ",",
    "[",
    "]",
    "{",
    "}",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    "\"",
    "%",
    "@",
    "`",
    "~",
    "=",
    "<",
    "+",
    ".",
    "_",
    "0",
    "1",
    "8",
    "9",
    "a",
    "b",
    "x",
    "o",
    "e",
    "E",
    "y",
    "Y",
    "n",
    "N",
    "$",
    "\\",
    "/",
    ";",
    "(",
    ")",
    "no",
    "yes",
    "on",
    "null",
    "true",
    "0x",
    "0o",
    "1e",
    "- ",
    ": ",
    " #",
    "---",
    "...",
    "\n\n",
    "\n  ",
    "é",
    "😀",
    "\u{2028}",
    "\u{85}",
    "\r",
    "\u{feff}",
    "<<",
    "2026-01-01",
    "12:30",
    "${",
    "${{",
    "}}",
    "$(",
    "\u{1b}",
    "\u{202e}",
];

/// What numbers, times and dates are made of.
const DIGITS: &str = "0123456789_.:-+eEoxbXOBaAfFTZtz ";

/// The fixed list.
pub(crate) fn fixed() -> Vec<String> {
    serde_json::from_str(include_str!("../../snapshots/text/hostile.json")).unwrap_or_default()
}

/// The fixed list, `count` random strings and `count` that look like numbers; the same ones every time.
pub(crate) fn strings(count: usize) -> Vec<String> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % limit as u64).unwrap_or_default()
    };
    let mut strings = fixed();
    for _ in 0..count {
        let longest = [3, 6, 12][below(3)];
        let length = 1 + below(longest);
        strings.push((0..length).map(|_| PIECES[below(PIECES.len())]).collect());
        strings.push((0..length).map(|_| char::from(DIGITS.as_bytes()[below(DIGITS.len())])).collect());
    }
    strings
}

#[test]
fn the_fixed_list_is_not_empty() {
    assert!(fixed().len() > 337);
}
