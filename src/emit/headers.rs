//! Response headers that every target sets where requests come in. Must not spell how.

/// Security headers of pages and files, each on every response (OWASP Secure Headers).
pub(super) const SECURE: &[(&str, &str)] = &[
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
];
