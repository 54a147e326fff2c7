//! The headers that tell a browser what not to do. Every answer has them.

/// On data, where nothing may be loaded, framed or kept.
pub(crate) const FOR_DATA: [(&str, &str); 10] =
    headers("no-store", "default-src 'none'; frame-ancestors 'none'");

/// On the admin page and its files. Wasm is compiled, hence `'wasm-unsafe-eval'`; nothing is
/// inline.
pub(crate) const FOR_PAGE: [(&str, &str); 10] = headers(
    "no-cache",
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'",
);

const fn headers(
    cache_control: &'static str,
    policy: &'static str,
) -> [(&'static str, &'static str); 10] {
    [
        ("Cache-Control", cache_control),
        ("Content-Security-Policy", policy),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Referrer-Policy", "no-referrer"),
        ("Strict-Transport-Security", "max-age=31536000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("X-Robots-Tag", "noindex, nofollow"),
    ]
}
