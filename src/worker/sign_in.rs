//! Who is calling. Closed where no way to sign in is configured, and closed on any doubt.
//!
//! Threat: somebody without the admin token, or a page of somebody else in the browser of one who is signed in. A token in
//! `Authorization` is given on purpose; a cookie and Access' header come with every request of a browser, so what they
//! prove counts only for requests of our own pages.
//!
//! Accepted: that a session has ended is told to other locations by KV, which takes up to a minute; and while KV fails, a
//! cookie that was copied before sign-out stays good until it is idle for too long.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use js_sys::Date;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Headers, Request};
use worker::Context;

use super::access::{self, Guest, KeyRing};
use super::answer::Problem;
use super::cross_site::{self, Source};
use super::fetch;
use super::kv::{self, Kv};
use super::patience::within;
use super::rate_limit::{self, RateLimit};
use super::session::Session;
use super::settings::SignIn;
use super::web_crypto::{self, HashingKey, Refused, Root};

/// Somebody who has proved who they are.
pub(super) struct Caller {
    /// For the audit line and the rate limit.
    pub(super) who: String,
    pub(super) way: Way,
}

/// How they have proved it.
pub(super) enum Way {
    /// The admin token itself.
    Token,
    /// A session that was begun with the admin token.
    Session(Session),
    /// Cloudflare Access.
    Access(Guest),
}

/// What an isolate remembers of those who signed in.
#[derive(Default)]
pub(super) struct Memory {
    session_key: OnceCell<HashingKey>,
    /// SHA-256 of the admin token.
    token_digest: OnceCell<Vec<u8>>,
    /// The names of sessions that ended here.
    ended: Cell<Vec<String>>,
    key_ring: KeyRing,
}

/// Looks at one request.
pub(super) struct Reception<'a> {
    pub(super) request: &'a Request,
    pub(super) headers: Headers,
    pub(super) context: &'a Rc<Context>,
    pub(super) sign_in: &'a SignIn,
    pub(super) memory: &'a Memory,
    pub(super) rate_limit: RateLimit,
    pub(super) tokens: Option<Kv>,
}

impl Reception<'_> {
    /// The caller, by what the request proves; for reading, whatever page it comes from.
    pub(super) async fn caller(&self) -> Result<Caller, Problem> {
        if let Some(authorization) = self.header("Authorization") {
            self.check_token(bearer(&authorization).unwrap_or_default()).await?;
            return Ok(Caller { who: "token".to_owned(), way: Way::Token });
        }
        if let Some(session) = self.session().await? {
            let who = format!("session {}", session.id.get(..SHOWN_ID_CHARS).unwrap_or_default());
            return Ok(Caller { who, way: Way::Session(session) });
        }
        match self.guest().await? {
            Some(guest) => {
                Ok(Caller { who: format!("access {}", guest.subject), way: Way::Access(guest) })
            }
            None => Err(Problem::not_signed_in(
                "sign in, or send Authorization: Bearer with the admin token",
            )),
        }
    }

    /// Turns away what a page of somebody else may have sent in the name of who is signed in.
    pub(super) fn refuse_cross_site(&self) -> Result<(), Problem> {
        if self.header("Authorization").is_some() {
            return Ok(());
        }
        let (site, origin) = (self.header("Sec-Fetch-Site"), self.header("Origin"));
        let comes_with_the_browser = self.header("Cookie").is_some()
            || self.header(ASSERTION).is_some()
            || access::is_spoken_for(self.context);
        match cross_site::source(site.as_deref(), origin.as_deref(), &self.request.url()) {
            Source::SameOrigin => Ok(()),
            Source::Unsaid if !comes_with_the_browser => Ok(()),
            Source::Unsaid | Source::CrossSite => Err(Problem::cross_site()),
        }
    }

    /// Counts one look-up of `caller`.
    pub(super) async fn count(&self, caller: &Caller) -> Result<(), Problem> {
        if self.rate_limit.allows(&caller.who).await {
            Ok(())
        } else {
            Err(Problem::rate_limited())
        }
    }

    /// Begins a session for who knows the admin token; its `Set-Cookie`.
    pub(super) async fn begin_session(&self, token: &str, id: String) -> Result<String, Problem> {
        self.check_token(token).await?;
        let now_s = now_s();
        self.cookie(&Session::start(id, now_s), now_s).await.map_err(|_| Problem::internal())
    }

    /// `Set-Cookie` for a session that is due for a new one.
    pub(super) async fn renewal(&self, caller: &Caller) -> Option<String> {
        let Way::Session(session) = &caller.way else { return None };
        let now_s = now_s();
        self.cookie(&session.renewed(now_s)?, now_s).await.ok()
    }

    /// Ends the session of the request's cookie, if it is one.
    pub(super) async fn end_session(&self) -> Result<(), Problem> {
        let Some(session) = self.session().await? else { return Ok(()) };
        let entry = self.ended_entry(&session).await.map_err(|_| Problem::internal())?;
        let mut ended = self.memory.ended.take();
        if ended.len() >= MAX_REMEMBERED {
            ended.remove(0);
        }
        ended.push(entry.clone());
        self.memory.ended.set(ended);

        if let Some(kv) = &self.tokens {
            // Awaited: who is told of the sign-out relies on it.
            within(
                kv::PATIENCE_MS,
                kv.put(&entry, &[], session.ends_at_s().saturating_sub(now_s())),
            )
            .await;
        }
        Ok(())
    }

    /// Digests are compared, so that neither the length nor the beginning of the token shows in the time it takes.
    async fn check_token(&self, given: &str) -> Result<(), Problem> {
        let address = self.header("CF-Connecting-IP").unwrap_or_default();
        let guesser = format!("sign-in {}", rate_limit::neighbourhood(&address));
        // Counted before the comparison: beyond the limit even the right token is not let in, so a guess tells nothing.
        if !self.rate_limit.allows(&guesser).await {
            return Err(Problem::rate_limited());
        }
        let digests =
            async { Ok((web_crypto::sha256(given.as_bytes()).await?, self.token_digest().await?)) };
        let (given, wanted) = digests.await.map_err(|_: Refused| Problem::internal())?;
        if self.sign_in.admin_token.is_some() && web_crypto::same(&given, wanted) {
            return Ok(());
        }
        self.punish(guesser);
        Err(Problem::not_signed_in("the admin token is wrong"))
    }

    async fn token_digest(&self) -> Result<&[u8], Refused> {
        let kept = &self.memory.token_digest;
        if let Some(digest) = kept.get() {
            return Ok(digest);
        }
        let token = self.sign_in.admin_token.as_ref().map_or("", |token| token.reveal().as_str());
        let digest = web_crypto::sha256(token.as_bytes()).await?;
        Ok(kept.get_or_init(|| digest))
    }

    fn punish(&self, guesser: String) {
        let rate_limit = self.rate_limit.clone();
        let punishing = future_to_promise(async move {
            rate_limit.punish(&guesser).await;
            Ok(JsValue::UNDEFINED)
        });
        let _ = self.context.as_ref().as_ref().wait_until(&punishing);
    }

    /// The living session of the request's cookie.
    async fn session(&self) -> Result<Option<Session>, Problem> {
        let Some(cookies) = self.header("Cookie") else { return Ok(None) };
        let Some((session, signature)) = Session::claimed(&cookies) else { return Ok(None) };
        let signed = match self.signature(&session).await {
            Ok(signed) => signed,
            // There is no admin token that could have signed it.
            Err(Refused) => return Ok(None),
        };
        let is_good =
            web_crypto::same(signed.as_bytes(), signature.as_bytes()) && session.is_alive(now_s());
        Ok(if is_good && !self.has_ended(&session).await? { Some(session) } else { None })
    }

    async fn has_ended(&self, session: &Session) -> Result<bool, Problem> {
        let entry = self.ended_entry(session).await.map_err(|_| Problem::internal())?;
        let ended = self.memory.ended.take();
        let is_remembered = ended.contains(&entry);
        self.memory.ended.set(ended);
        if is_remembered {
            return Ok(true);
        }
        Ok(match &self.tokens {
            Some(kv) => kv.get(&entry).await.is_some(),
            None => false,
        })
    }

    async fn cookie(&self, session: &Session, now_s: u64) -> Result<String, Refused> {
        Ok(session.cookie(&self.signature(session).await?, now_s))
    }

    async fn signature(&self, session: &Session) -> Result<String, Refused> {
        Ok(super::hex(&self.session_key().await?.hash(session.claim().as_bytes()).await?))
    }

    /// The name under which KV remembers that a session has ended: a keyed hash.
    async fn ended_entry(&self, session: &Session) -> Result<String, Refused> {
        let name =
            self.session_key().await?.hash(format!("ended {}", session.id).as_bytes()).await?;
        Ok(format!("{ENDED_PREFIX}{}", super::hex(&name)))
    }

    async fn session_key(&self) -> Result<&HashingKey, Refused> {
        let kept = &self.memory.session_key;
        if let Some(key) = kept.get() {
            return Ok(key);
        }
        let token = self.sign_in.admin_token.as_ref().ok_or(Refused)?;
        let key = Root::import(token.reveal()).await?.hashing_key("payple-edge session v1").await?;
        Ok(kept.get_or_init(|| key))
    }

    /// Whom Cloudflare Access lets in.
    async fn guest(&self) -> Result<Option<Guest>, Problem> {
        let Some(access) = &self.sign_in.access else { return Ok(None) };
        if let Some(guest) = access::by_platform(self.context, access).await {
            return Ok(Some(guest));
        }
        match self.header(ASSERTION) {
            Some(assertion) => {
                access::by_assertion(&assertion, access, &self.memory.key_ring, now_s()).await
            }
            None => Ok(None),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_matches(' '))
}

pub(super) fn now_s() -> u64 {
    fetch::whole_ms(Date::now()).div_euclid(1000)
}

const ASSERTION: &str = "Cf-Access-Jwt-Assertion";
/// The number counts changes of the format.
const ENDED_PREFIX: &str = "ended/1/";
/// Enough to tell sessions apart in a log.
const SHOWN_ID_CHARS: usize = 8;
/// What is forgotten here is still in KV.
const MAX_REMEMBERED: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn a_bearer_token_is_what_follows_the_scheme() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        assert_eq!(bearer("Bearer "), Some(""));
        for not_one in ["abc", "Bearer", "Basic abc", "Bearerabc", ""] {
            assert_eq!(bearer(not_one), None, "{not_one}");
        }
    }
}
