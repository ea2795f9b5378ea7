//! Under which name a service, and at which place a secret, is found inside a container: the same in every target. Must
//! not know a target's syntax.

/// The DNS name of a service: RFC 1123 knows no `_`.
pub fn dns(service: &str) -> String {
    service.replace('_', "-")
}

/// Where a secret's file is inside a container.
pub fn secret_path(secret: &str) -> String {
    format!("/run/secrets/{secret}")
}
