//! Env files: every variable that an environment needs, grouped by service, with its doc. Must not hold a value of
//! a secret: those are files beside it.

/// The name of a variable for a secret: `db_password` is `DB_PASSWORD`.
pub(super) fn variable(secret: &str) -> String {
    secret.to_uppercase().replace('-', "_")
}
