//! Sign-in by Cloudflare Access: by what the platform says (`ctx.access`), or by the assertion it
//! sends along.
//!
//! What the platform says needs no key of ours. An assertion is checked with the team's keys:
//! [`super::key_ring`].

use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use worker::Context;

use super::access_jwt::{Assertion, group_names};
use super::identity::Kind;
use super::key_ring::KeyRing;
use crate::worker::http::problem::Problem;
use crate::worker::js::{settled, to_json};
use crate::worker::settings::Access;
use crate::worker::timeout::timeout;

/// Who Access says is calling.
pub(crate) struct AccessIdentity {
    pub(crate) kind: Kind,
    /// The e-mail address of a person, or the name of a program.
    pub(crate) subject: String,
    /// As the identity provider names them.
    pub(crate) groups: Vec<String>,
    /// Where the assertion says so.
    pub(crate) expires_at_s: Option<u64>,
}

/// Whether the platform says anything of Access at all.
pub(crate) fn is_spoken_for(context: &Context) -> bool {
    said(context).is_some()
}

/// By `ctx.access`, which only the platform can have set; for no other application than ours.
pub(crate) async fn by_platform(context: &Context, access: &Access) -> Option<AccessIdentity> {
    let said = said(context)?;
    if text(&said, "aud")? != access.audience {
        return None;
    }
    let get_identity: Function =
        Reflect::get(&said, &"getIdentity".into()).ok()?.dyn_into().ok()?;
    let identity = timeout(IDENTITY_TIMEOUT_MS, settled(get_identity.call0(&said)))
        .await?
        .ok()
        .filter(JsValue::is_object)?;
    let (kind, subject) = [
        (Kind::Person, "email"),
        (Kind::Program, "common_name"),
        (Kind::Program, "service_token_id"),
        (Kind::Person, "user_uuid"),
    ]
    .into_iter()
    .find_map(|(kind, name)| Some((kind, text(&identity, name)?)))?;
    let groups = groups_of_identity(&identity).unwrap_or_default();
    Some(AccessIdentity { kind, subject, groups, expires_at_s: None })
}

/// The groups in what `getIdentity` gives.
fn groups_of_identity(identity: &JsValue) -> Option<Vec<String>> {
    let groups = Reflect::get(identity, &"groups".into()).ok()?;
    Some(group_names(&serde_json::from_str(&to_json(&groups)?).ok()?))
}

/// By the assertion: `None` where it is not good, a problem where that cannot be found out.
pub(crate) async fn by_assertion(
    text: &str,
    access: &Access,
    ring: &Rc<KeyRing>,
    context: &Context,
    now_s: u64,
) -> Result<Option<AccessIdentity>, Problem> {
    let Some(assertion) = Assertion::check(text, access, now_s) else { return Ok(None) };
    let Some(key) = ring.key(&assertion.key_id, access, context).await? else { return Ok(None) };
    let is_good =
        key.verifies(assertion.signed.as_bytes(), &assertion.signature).await.unwrap_or(false);
    Ok(is_good.then_some(AccessIdentity {
        kind: assertion.kind,
        subject: assertion.subject,
        groups: assertion.groups,
        expires_at_s: Some(assertion.expires_at_s),
    }))
}

fn said(context: &Context) -> Option<JsValue> {
    let context: &JsValue = context.as_ref();
    Reflect::get(context, &"access".into()).ok().filter(JsValue::is_object)
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string().filter(|text| !text.is_empty())
}

const IDENTITY_TIMEOUT_MS: u64 = 5_000;
