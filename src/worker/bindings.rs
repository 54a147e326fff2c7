//! The Worker's `env`: what is bound under a name, and settings as text.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use worker::Env;
use worker::worker_sys::Fetcher;

use super::js::to_json;
use super::settings::{LOOKUP_LIMIT, RECORD_ARCHIVE};

/// The static assets: the admin page.
pub(crate) const ASSETS: &str = "ASSETS";
/// The service through which all calls to Payple go.
pub(crate) const EGRESS: &str = "PAYPLE_EGRESS";
/// The Durable Object that authenticates once for all isolates.
pub(crate) const TOKEN_BROKER: &str = "TOKEN_BROKER";

/// The service that is bound as `name`. What is bound there and is none fails when it is called:
/// nothing goes round it.
pub(crate) fn service(env: &JsValue, name: &str) -> Option<Fetcher> {
    binding(env, name).map(JsCast::unchecked_into)
}

/// What is bound as `name`.
fn binding(env: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(env, &name.into())
        .ok()
        .filter(|binding| !binding.is_undefined() && !binding.is_null())
}

/// Whether a binding is there and of use: a text in the place of one is not.
pub(crate) fn is_bound(env: &Env, name: &str) -> bool {
    match name {
        // One of another kind would let everybody pass.
        LOOKUP_LIMIT => env.rate_limiter(name).is_ok(),
        _ => binding(env, name).is_some_and(|binding| binding.is_object()),
    }
}

/// A setting as text. What `wrangler.toml` gives as a number, a list or an object is its JSON: if
/// it counted as not set, a usual value would silently stand for it. A service or a bucket is no
/// setting.
pub(crate) fn setting(env: &JsValue, name: &str) -> Option<String> {
    let value = binding(env, name)?;
    value
        .as_string()
        .or_else(|| to_json(&value).filter(|_| ![EGRESS, RECORD_ARCHIVE].contains(&name)))
}
