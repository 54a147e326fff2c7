//! Who is calling, and what they may do: credentials, sessions, Cloudflare Access, and the limits
//! on guessing.

mod access;
mod access_jwt;
mod authenticator;
pub(crate) mod credential;
mod cross_site;
pub(crate) mod identity;
mod key_ring;
pub(crate) mod named_tokens;
pub(crate) mod randomness;
mod rate_limit;
pub(crate) mod role_table;
mod service_binding;
pub(crate) mod session;

pub(crate) use self::authenticator::{
    AuthMethod, Authenticator, Caller, Memory, SessionEnd, now_s,
};
pub(crate) use self::rate_limit::RateLimit;
