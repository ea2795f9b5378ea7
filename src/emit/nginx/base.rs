//! What every configuration begins with: processes, logs, temporary files in memory, compression, limits. Must not
//! know hosts or routes.

use super::version::Version;
use crate::print::nginx::{Arg, Directive};
use crate::text::{NginxValue, Unwritable};

/// A directive with words of the compiler's own.
pub(super) fn word(name: &'static str, words: &'static str) -> Directive {
    Directive::new(name, words.split(' ').map(Arg::Word))
}

/// A directive with one value.
pub(super) fn value(name: &'static str, text: &str) -> Result<Directive, Unwritable> {
    Ok(Directive::new(name, [NginxValue::verbatim(text)?.into()]))
}

/// Connections per process; files are twice that, because a proxied request has two.
const CONNECTIONS: u64 = 4096;

/// The main context and `events`.
pub(super) fn main() -> Vec<Directive> {
    vec![
        word("worker_processes", "auto"),
        Directive::new("worker_rlimit_nofile", [Arg::Number(CONNECTIONS * 2)]),
        word("pid", "/tmp/nginx.pid"),
        word("error_log", "/dev/stderr warn"),
        Directive::block(
            "events",
            [],
            vec![Directive::new("worker_connections", [Arg::Number(CONNECTIONS)])],
        ),
    ]
}

/// The beginning of `http`.
pub(super) fn http(version: Version) -> Result<Vec<Directive>, Unwritable> {
    let mut found = vec![
        word("include", "/etc/nginx/mime.types"),
        word("default_type", "application/octet-stream"),
        word("server_tokens", "off"),
        log_format()?,
        word("access_log", "/dev/stdout json"),
    ];
    let mut paths: Vec<Directive> =
        TEMPORARY.iter().map(|(name, path)| Directive::new(*name, [Arg::Word(path)])).collect();
    if let Some(first) = paths.first_mut() {
        *first = first.clone().commented("Temporary files: the only folder that may be written to.").spaced();
    }
    found.extend(paths);
    found.extend([
        word("sendfile", "on").spaced(),
        word("tcp_nopush", "on"),
        word("keepalive_timeout", "65s"),
    ]);
    if version.has_keepalive_min_timeout() {
        let keep = word("keepalive_min_timeout", "5s");
        found.push(keep.commented("Without it a reload resets connections that clients keep open."));
    }
    found.extend([
        word("client_header_timeout", "15s"),
        word("client_body_timeout", "15s"),
        word("send_timeout", "30s"),
        word("reset_timedout_connection", "on"),
        word("large_client_header_buffers", "4 8k"),
    ]);
    Ok(found)
}

const TEMPORARY: &[(&str, &str)] = &[
    ("client_body_temp_path", "/tmp/client_body"),
    ("proxy_temp_path", "/tmp/proxy"),
    ("fastcgi_temp_path", "/tmp/fastcgi"),
    ("uwsgi_temp_path", "/tmp/uwsgi"),
    ("scgi_temp_path", "/tmp/scgi"),
];

/// One JSON object per request.
fn log_format() -> Result<Directive, Unwritable> {
    let fields = [
        ("time", "$time_iso8601"),
        ("request_id", "$request_id"),
        ("client", "$remote_addr"),
        ("method", "$request_method"),
        ("host", "$host"),
        ("path", "$uri"),
        ("status", "$status"),
        ("bytes", "$body_bytes_sent"),
        ("seconds", "$request_time"),
        ("upstream", "$upstream_addr"),
    ];
    let pairs: Vec<String> =
        fields.iter().map(|(key, variable)| format!("\"{key}\":\"{variable}\"")).collect();
    let format = NginxValue::verbatim(&format!("{{{}}}", pairs.join(",")))?;
    Ok(Directive::new("log_format", [Arg::Word("json"), Arg::Word("escape=json"), format.into()]))
}

/// Compression of text on the way out.
pub(super) fn gzip() -> Vec<Directive> {
    vec![
        word("gzip", "on").spaced(),
        word("gzip_comp_level", "5"),
        word("gzip_min_length", "1024"),
        word("gzip_proxied", "any"),
        word("gzip_vary", "on"),
        word(
            "gzip_types",
            "application/javascript application/json application/manifest+json application/xml image/svg+xml text/css text/javascript text/plain text/xml",
        ),
    ]
}

/// `add_header name value always`
pub(super) fn header(name: &str, text: &str) -> Result<Directive, Unwritable> {
    let args = [NginxValue::verbatim(name)?.into(), NginxValue::header(text)?.into(), Arg::Word("always")];
    Ok(Directive::new("add_header", args))
}

/// A location for health checks: no log, no limits.
pub(super) fn health(path: &str) -> Result<Directive, Unwritable> {
    let body = vec![
        word("access_log", "off"),
        word("default_type", "text/plain"),
        Directive::new("return", [Arg::Number(200), NginxValue::verbatim("ok\n")?.into()]),
    ];
    Ok(Directive::block("location", [Arg::Word("="), NginxValue::verbatim(path)?.into()], body))
}
