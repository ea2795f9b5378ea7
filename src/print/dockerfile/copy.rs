//! `COPY` of files and of texts. Must not expand or match anything: a path is a path.

use super::words::{json_list, one_word, push_flag};
use super::{Copy, Error, InlineFile};
use crate::text::{DockerWord, Unwritable};

/// Files, in the form of a JSON list when a path has a space.
pub(super) fn copy_files(copy: &Copy) -> Result<String, Error> {
    let mut line = String::from("COPY ");
    push_flag(&mut line, "from", copy.from.as_ref())?;
    if copy.link {
        line.push_str("--link ");
    }
    push_flag(&mut line, "chown", copy.chown.as_ref())?;
    push_flag(&mut line, "chmod", copy.chmod.as_ref())?;
    if copy.sources.is_empty() {
        return Err(Unwritable::Empty { sink: "the list of copied files" }.into());
    }
    let words: Vec<&str> = copy.sources.iter().chain([&copy.target]).map(DockerWord::as_str).collect();
    if copy.sources.iter().chain([&copy.target]).all(DockerWord::is_one_word) {
        line.push_str(&words.join(" "));
    } else {
        line.push_str(&json_list(words.into_iter()));
    }
    Ok(line)
}

/// A text as a here-document without expansion.
pub(super) fn copy_text(file: &InlineFile) -> Result<String, Error> {
    Unwritable::check("a file inside a Dockerfile", &file.text, |c| matches!(c, '\0' | '\r'))?;
    let mark = end_mark(&file.text);
    let mut out = String::from("COPY ");
    push_flag(&mut out, "chown", file.chown.as_ref())?;
    push_flag(&mut out, "chmod", file.chmod.as_ref())?;
    out.extend(["<<'", &mark, "' ", one_word(&file.target)?, "\n", &file.text]);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(&mark);
    Ok(out)
}

/// `EOF`, or the first longer one that is not a line of the text.
fn end_mark(text: &str) -> String {
    let mut mark = String::from("EOF");
    while text.lines().any(|line| line == mark) {
        mark.push('F');
    }
    mark
}
