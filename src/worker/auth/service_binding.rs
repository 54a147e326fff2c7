//! Sign-in by service binding: another Worker of the same account, by what its binding's `props`
//! say of it.
//!
//! Threat: a request from outside that claims to come from such a Worker. `props` can be set by
//! nobody but who deploys to the account, and they count for the entrypoint `PaypleEdge` alone,
//! which has no `fetch`: a Worker that passes requests of its own visitors on to the HTTP face
//! signs nobody in.

use js_sys::Reflect;
use serde::Deserialize;
use wasm_bindgen::JsValue;
use worker::Context;

use super::identity::{Identity, Kind, Roles};
use crate::worker::http::problem::Problem;
use crate::worker::js::to_json;

/// Who is calling by the entrypoint; `None` for a request over HTTP.
pub(crate) fn identity(context: &Context) -> Option<Result<Identity, Problem>> {
    let object: &JsValue = context.as_ref();
    let is_rpc = Reflect::get(object, &IS_RPC.into()).is_ok_and(|mark| mark == JsValue::TRUE);
    is_rpc.then(|| {
        // As JSON: serde-wasm-bindgen would pass over a name that is not known.
        let props = Reflect::get(object, &"props".into()).ok().and_then(|props| to_json(&props));
        let props = props.and_then(|text| crate::json::parse::<Props>(text.as_bytes()).ok());
        props.and_then(Props::identity).ok_or_else(|| Problem::not_signed_in(PROPS_MISSING))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Props {
    name: String,
    roles: Roles,
}

impl Props {
    fn identity(self) -> Option<Identity> {
        let Self { name, roles } = self;
        (!name.is_empty()).then_some(Identity { kind: Kind::Program, name, roles })
    }
}

/// Set by the entrypoint (`src/worker/js/worker.mjs`) on the platform's own object, which no
/// request reaches.
const IS_RPC: &str = "isPaypleEdgeRpc";
const PROPS_MISSING: &str =
    "the service binding must say who is calling: props = { name = \"…\", roles = [\"lookup\"] }";
