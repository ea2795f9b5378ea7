//! Secrets: names and what must be true of their values. Must never hold a value.

use crate::schema::{Duration, LabelShape, Plain, choice, kind};

choice! {
    /// The characters of a generated value.
    Charset {
        /// `A-Z a-z 0-9 - _`: safe in URLs, shells and files.
        UrlSafe = "url_safe",
        /// `0-9 a-f`
        Hex = "hex",
        /// Anything without line breaks; not generated.
        Any = "any",
    }
}

kind! {
    /// A value that the compiler never knows: `secret jwt { length = 48 }`.
    Secret = "secret" LabelShape::Named;
    /// Least number of characters.
    length: u32 = 32;
    /// Which characters it has.
    charset: Charset = Charset::UrlSafe;
    /// Whether `ops secrets` may make it up; false for values that somebody else issues.
    generate: bool = true;
    /// Key in the secret store of the environment; `<stack>/<name>` when left out.
    key: Option<Plain>;
    /// Name of the CI secret; the name in upper case when left out.
    ci: Option<Plain>;
    /// How often it should be replaced.
    rotate: Option<Duration>;
}
