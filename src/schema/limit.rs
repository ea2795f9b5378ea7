//! What must be true of a value besides its type, as data: one constant a condition, named in the rows of `model/`.
//! Must not report; the checker words what is wrong.

use super::{Host, Text, Value};

/// A condition on the value of a field or on a label.
#[derive(Debug)]
pub struct Limit {
    /// What is expected, for people: "more than 0".
    pub expected: &'static str,
    /// The only texts that fit, for suggestions; empty where they are many.
    pub words: &'static [&'static str],
    /// What it looks at.
    pub about: About,
    holds: fn(&Value) -> bool,
}

/// What a limit looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The value; of a list, each item.
    Values,
    /// The keys of a map.
    Keys,
}

impl Limit {
    /// Whether a value is within the limit; values of other types are not its business.
    pub fn holds(&self, value: &Value) -> bool {
        matches!(value, Value::Error | Value::None) || (self.holds)(value)
    }

    /// Whether a text is within the limit.
    pub fn holds_for(&self, text: &str) -> bool {
        self.holds(&Value::Text(Text::literal(text)))
    }

    const fn values(expected: &'static str, holds: fn(&Value) -> bool) -> Self {
        Self { expected, words: &[], about: About::Values, holds }
    }

    const fn keys(expected: &'static str, holds: fn(&Value) -> bool) -> Self {
        Self { expected, words: &[], about: About::Keys, holds }
    }
}

/// An amount of something: nothing would not work.
pub const POSITIVE: Limit = Limit::values("more than 0", |value| match value {
    Value::Int(number) | Value::Milli(number) => *number > 0,
    Value::Size(size) => size.0 > 0,
    Value::Duration(time) => time.0 > 0,
    Value::Ratio(share) => share.0 > 0,
    Value::Rate(rate) => rate.count > 0,
    _ => true,
});

/// A share of a whole.
pub const SHARE: Limit = Limit::values("a share from 1% to 100%", |value| match value {
    Value::Ratio(share) => (100..=10_000).contains(&share.0),
    _ => true,
});

/// A share of what may be exceeded, in whole percent.
pub const LOAD: Limit = Limit::values("at least 1%", |value| match value {
    Value::Ratio(share) => share.0 >= 100,
    _ => true,
});

/// A place in a container at which something is put.
pub const INNER_PATH: Limit =
    Limit::values("an absolute path below `/`, such as `/var/lib/data`", |value| about(value, is_inner_path));

/// Places in a container at which something is put.
pub const INNER_PATHS: Limit =
    Limit::keys("an absolute path below `/`, such as `/etc/app.conf`", |value| about(value, is_inner_path));

/// A variable's name of POSIX (XBD §8.1), which every shell and every target takes.
pub const VARIABLE: Limit =
    Limit::values("a variable name: letters, digits and `_`, no digit first", |value| {
        about(value, is_variable)
    });

/// The names of variables.
pub const VARIABLES: Limit =
    Limit::keys("a variable name: letters, digits and `_`, no digit first", |value| {
        about(value, is_variable)
    });

/// A host name, without a scheme, a port or a path.
pub const HOST: Limit = Limit::values("a host name, without scheme, port and path", |value| {
    about(value, |text| Host::parse(text).is_ok())
});

/// A name that starts with a lower case letter or a digit: of projects, namespaces and vendors.
pub const SLUG: Limit =
    Limit::values("lower case letters, digits, `-` and `_`, a letter or digit first", |value| {
        about(value, |text| {
            is_name(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
        })
    });

/// The name of storage.
pub const VOLUME_NAME: Limit =
    Limit::values("letters, digits, `-`, `_` and `.`, a letter or digit first", |value| {
        about(value, |text| is_name(text, |c| c.is_ascii_alphanumeric() || "-_.".contains(c)))
    });

/// A signal by its name.
pub const SIGNAL: Limit = Limit {
    expected: "a signal, such as `SIGTERM`",
    words: SIGNALS,
    about: About::Values,
    holds: |value| {
        about(value, |text| {
            SIGNALS.contains(&text)
                || ["SIGRTMIN+", "SIGRTMAX-"].iter().any(|start| {
                    let rest = text.strip_prefix(start);
                    rest.and_then(|number| number.parse::<u8>().ok())
                        .is_some_and(|number| (1..=30).contains(&number))
                })
        })
    },
};

/// A kernel capability, with or without `CAP_`.
pub const CAPABILITY: Limit = Limit {
    expected: "a capability of the kernel, such as `NET_BIND_SERVICE`",
    words: CAPABILITIES,
    about: About::Values,
    holds: |value| about(value, |text| CAPABILITIES.contains(&text.strip_prefix("CAP_").unwrap_or(text))),
};

/// signal(7), those that every architecture has.
const SIGNALS: &[&str] = &[
    "SIGTERM",
    "SIGQUIT",
    "SIGINT",
    "SIGHUP",
    "SIGUSR1",
    "SIGUSR2",
    "SIGKILL",
    "SIGWINCH",
    "SIGABRT",
    "SIGALRM",
    "SIGBUS",
    "SIGCHLD",
    "SIGCONT",
    "SIGFPE",
    "SIGILL",
    "SIGIO",
    "SIGPIPE",
    "SIGPROF",
    "SIGPWR",
    "SIGRTMAX",
    "SIGRTMIN",
    "SIGSEGV",
    "SIGSTKFLT",
    "SIGSTOP",
    "SIGSYS",
    "SIGTRAP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGVTALRM",
    "SIGXCPU",
    "SIGXFSZ",
];

/// capabilities(7), and the word for all of them.
const CAPABILITIES: &[&str] = &[
    "NET_BIND_SERVICE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "SETGID",
    "SETUID",
    "KILL",
    "NET_RAW",
    "NET_ADMIN",
    "SYS_ADMIN",
    "SYS_NICE",
    "SYS_PTRACE",
    "SYS_TIME",
    "IPC_LOCK",
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "DAC_READ_SEARCH",
    "FSETID",
    "IPC_OWNER",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_BROADCAST",
    "PERFMON",
    "SETFCAP",
    "SETPCAP",
    "SYSLOG",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_PACCT",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
];

fn about(value: &Value, holds: fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) => text.as_literal().is_none_or(holds),
        _ => true,
    }
}

fn is_inner_path(text: &str) -> bool {
    let mut parts = text.strip_prefix('/').unwrap_or_default().trim_end_matches('/').split('/');
    parts.all(|part| !part.is_empty() && part != "." && part != ".." && !part.contains(char::is_control))
}

fn is_variable(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn is_name(text: &str, legal: fn(char) -> bool) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Ratio, Size};

    #[test]
    fn nothing_is_no_amount() {
        assert!(POSITIVE.holds(&Value::Size(Size(1))) && !POSITIVE.holds(&Value::Size(Size(0))));
        assert!(!POSITIVE.holds(&Value::Int(0)) && !POSITIVE.holds(&Value::Milli(0)));
        assert!(SHARE.holds(&Value::Ratio(Ratio(10_000))) && !SHARE.holds(&Value::Ratio(Ratio(10_001))));
        assert!(LOAD.holds(&Value::Ratio(Ratio(15_000))) && !LOAD.holds(&Value::Ratio(Ratio(50))));
    }

    #[test]
    fn texts_have_the_form_that_every_target_takes() {
        let cases = [
            (&INNER_PATH, "/data", "/"),
            (&INNER_PATH, "/a/b/", "data"),
            (&INNER_PATH, "/a", "/a/../b"),
            (&VARIABLE, "_A1", "1A"),
            (&VARIABLE, "PATH", "BAD-NAME"),
            (&HOST, "api.example.com", "http://example.com"),
            (&SLUG, "my-project_1", "Bad Name"),
            (&SLUG, "1a", "-a"),
            (&VOLUME_NAME, "Data.1", "a b"),
            (&SIGNAL, "SIGRTMIN+3", "SIGFOO"),
            (&CAPABILITY, "CAP_CHOWN", "FOO"),
        ];
        for (limit, right, wrong) in cases {
            assert!(limit.holds_for(right), "{right}");
            assert!(!limit.holds_for(wrong), "{wrong}");
        }
    }
}
