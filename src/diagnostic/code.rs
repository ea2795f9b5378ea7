//! The table of diagnostic codes: one line per code, numbers never reused. Must not hold explanations: those
//! are pages in `book/src/codes/`, one per code, executed as tests.

/// Identity of a kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `E0201`: `E` errors of the language, `L` rules, `T` what a target cannot express.
    pub id: &'static str,
    /// Kebab-case name that reads after "allow": `unknown-name`.
    pub name: &'static str,
}

/// Where the pages of codes can be read.
const PAGES: &str = "https://github.com/stackc/stackc/blob/main/book/src/codes";

impl Code {
    /// Address of its page.
    pub fn url(&self) -> String {
        format!("{PAGES}/{}.md", self.id)
    }
}

macro_rules! codes {
    ($($constant:ident = $id:literal $name:literal;)*) => {
        /// One constant per code.
        #[allow(missing_docs, reason = "the name of a code is its documentation; its page is the explanation")]
        pub mod codes {
            use super::Code;
            $(pub const $constant: &Code = &Code { id: $id, name: $name };)*
            /// All of them, in order.
            pub const ALL: &[&Code] = &[$($constant),*];
        }
    };
}

codes! {
    // E01: syntax
    UNEXPECTED_TOKEN = "E0101" "unexpected-token";
    UNCLOSED_BLOCK = "E0102" "unclosed-block";
    UNCLOSED_STRING = "E0103" "unclosed-string";
    WRONG_SEPARATOR = "E0104" "wrong-separator";
    TOO_DEEP = "E0105" "too-deep";
    FORBIDDEN_CHARACTER = "E0106" "forbidden-character";
    BAD_ESCAPE = "E0107" "bad-escape";
    // E02: names
    UNKNOWN_NAME = "E0201" "unknown-name";
    UNKNOWN_FIELD = "E0202" "unknown-field";
    UNKNOWN_KIND = "E0203" "unknown-kind";
    DUPLICATE_NAME = "E0204" "duplicate-name";
    UNKNOWN_IMPORT = "E0205" "unknown-import";
    IMPORT_CYCLE = "E0206" "import-cycle";
    ILLEGAL_NAME = "E0207" "illegal-name";
    MISSING_FIELD = "E0208" "missing-field";
    MISSING_LABEL = "E0209" "missing-label";
    UNKNOWN_TEMPLATE = "E0210" "unknown-template";
    // E03: wiring
    START_CYCLE = "E0301" "start-cycle";
    VALUE_CYCLE = "E0302" "value-cycle";
    PORT_NOT_LISTENING = "E0303" "port-not-listening";
    PORT_TAKEN = "E0304" "port-taken";
    NO_HEALTH_CLIENT = "E0305" "no-health-client";
    UNKNOWN_IMAGE = "E0306" "unknown-image";
    MISSING_VARIABLE = "E0307" "missing-variable";
    UNREAD_VARIABLE = "E0308" "unread-variable";
    // E04: types, units and values
    MISSING_UNIT = "E0401" "missing-unit";
    UNKNOWN_UNIT = "E0402" "unknown-unit";
    TYPE_MISMATCH = "E0403" "type-mismatch";
    INVALID_VALUE = "E0404" "invalid-value";
    CHECK_FAILED = "E0405" "check-failed";
    CONSTRAINT_FAILED = "E0406" "constraint-failed";
    // E05: secrets
    SECRET_LEAK = "E0501" "secret-leak";
    SECRET_LITERAL = "E0502" "secret-literal";
    // E06: environments
    UNKNOWN_OVERLAY_TARGET = "E0601" "unknown-overlay-target";
    UNKNOWN_ENVIRONMENT = "E0602" "unknown-environment";
    ENVIRONMENT_CYCLE = "E0603" "environment-cycle";
    // E07: emission
    UNSATISFIABLE_PATCH = "E0701" "unsatisfiable-patch";
    PATH_COLLISION = "E0702" "path-collision";
    // E08: files, project, budgets
    UNREADABLE_FILE = "E0801" "unreadable-file";
    NOT_TEXT = "E0802" "not-text";
    TOO_LARGE = "E0803" "too-large";
    BUDGET_EXCEEDED = "E0804" "budget-exceeded";
    BAD_MANIFEST = "E0805" "bad-manifest";
    EDITED_BY_HAND = "E0806" "edited-by-hand";
    WRITE_FAILED = "E0807" "write-failed";
    NO_ENVIRONMENT = "E0808" "no-environment";
    // T: what a target cannot express
    NOT_EXPRESSIBLE = "T0001" "not-expressible";
}
