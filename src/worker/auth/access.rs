//! Sign-in by Cloudflare Access: by what the platform says (`ctx.access`), or by the assertion it sends along.
//!
//! The team's keys are kept for an hour. A key id that is not among them is reason to fetch them anew, but not more often
//! than once a minute: anybody can make up key ids. While they cannot be fetched, the old ones stay good.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Reflect;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use worker::Context;

use super::assertion::{Assertion, group_names};
use super::identity::Kind;
use crate::json;
use crate::worker::answer::Problem;
use crate::worker::fetch::{self, Limits, Outgoing};
use crate::worker::js::{self, Unknown};
use crate::worker::patience::within;
use crate::worker::settings::Access;
use crate::worker::web_crypto::VerifyingKey;

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

/// The keys of one team, as far as this isolate knows them.
#[derive(Default)]
pub(crate) struct KeyRing(Cell<Option<Rc<Keys>>>);

struct Keys {
    keys: Vec<(String, VerifyingKey)>,
    fetched_at_s: u64,
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
    let identity =
        within(FETCH_TIMEOUT_MS, js::settled(said.unchecked_ref::<Unknown>().get_identity()))
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
    Some(group_names(&serde_json::from_str(&js::to_json(&groups)?).ok()?))
}

/// By the assertion: `None` where it is not good, a problem where that cannot be found out.
pub(crate) async fn by_assertion(
    text: &str,
    access: &Access,
    ring: &KeyRing,
    now_s: u64,
) -> Result<Option<AccessIdentity>, Problem> {
    let Some(assertion) = Assertion::check(text, access, now_s) else { return Ok(None) };
    let Some(key) = ring.key(&assertion.key_id, access, now_s).await? else { return Ok(None) };
    let is_good =
        key.verifies(assertion.signed.as_bytes(), &assertion.signature).await.unwrap_or(false);
    Ok(is_good.then_some(AccessIdentity {
        kind: assertion.kind,
        subject: assertion.subject,
        groups: assertion.groups,
        expires_at_s: Some(assertion.expires_at_s),
    }))
}

impl KeyRing {
    async fn key(
        &self,
        id: &str,
        access: &Access,
        now_s: u64,
    ) -> Result<Option<VerifyingKey>, Problem> {
        let kept = self.kept();
        let found = kept.as_ref().and_then(|keys| keys.find(id));
        let age_s = kept.as_ref().map_or(u64::MAX, |keys| now_s.saturating_sub(keys.fetched_at_s));
        let good_for_s = if found.is_some() { KEEP_S } else { COOL_DOWN_S };
        if age_s < good_for_s {
            return Ok(found);
        }
        match fetch_keys(access).await {
            Some(keys) => {
                let keys = Rc::new(Keys { keys, fetched_at_s: now_s });
                self.0.set(Some(Rc::clone(&keys)));
                Ok(keys.find(id))
            }
            None if kept.is_some() => Ok(found),
            None => Err(Problem::sign_in_unavailable()),
        }
    }

    fn kept(&self) -> Option<Rc<Keys>> {
        let kept = self.0.take();
        self.0.set(kept.clone());
        kept
    }
}

impl Keys {
    fn find(&self, id: &str) -> Option<VerifyingKey> {
        self.keys.iter().find(|(key_id, _)| key_id == id).map(|(_, key)| key.clone())
    }
}

async fn fetch_keys(access: &Access) -> Option<Vec<(String, VerifyingKey)>> {
    let request =
        Outgoing { url: format!("{}/cdn-cgi/access/certs", access.issuer), ..Outgoing::default() };
    let limits = Limits { timeout_ms: FETCH_TIMEOUT_MS, max_bytes: MAX_KEYS_BYTES };
    let reply =
        fetch::exchange(request, None, limits).await.ok().filter(|reply| reply.status() == 200)?;
    let mut keys = Vec::new();
    for (id, modulus, exponent) in read_keys(reply.body())? {
        if let Ok(imported) = VerifyingKey::import(&modulus, &exponent).await {
            keys.push((id, imported));
        }
    }
    (!keys.is_empty()).then_some(keys)
}

/// Id, modulus and exponent of each key that is of use: RSA, for RS256, and long enough.
fn read_keys(body: &[u8]) -> Option<Vec<(String, String, String)>> {
    #[derive(Deserialize)]
    struct KeySet {
        keys: Vec<Key>,
    }
    #[derive(Deserialize)]
    struct Key {
        kid: Option<String>,
        kty: Option<String>,
        alg: Option<String>,
        n: Option<String>,
        e: Option<String>,
    }
    let KeySet { keys } = json::parse_object(body).ok()?;
    let is_of_use = |key: &Key| {
        key.kty.as_deref() == Some("RSA")
            && key.alg.as_deref().is_none_or(|algorithm| algorithm == "RS256")
            && key.n.as_ref().is_some_and(|modulus| modulus.len() >= MIN_MODULUS_CHARS)
    };
    keys.into_iter().filter(is_of_use).map(|key| Some((key.kid?, key.n?, key.e?))).collect()
}

fn said(context: &Context) -> Option<JsValue> {
    let context: &JsValue = context.as_ref();
    Reflect::get(context, &"access".into()).ok().filter(JsValue::is_object)
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).ok()?.as_string().filter(|text| !text.is_empty())
}

const KEEP_S: u64 = 60 * 60;
const COOL_DOWN_S: u64 = 60;
const FETCH_TIMEOUT_MS: u64 = 5_000;
const MAX_KEYS_BYTES: usize = 256 * 1024;
/// 2048 bits in base64url.
const MIN_MODULUS_CHARS: usize = 342;
