//! Who is calling. Closed where no way to sign in is configured, and closed on any doubt.
//!
//! Threat: somebody without the admin token, or a page of somebody else in the browser of one who
//! is signed in. A token in `Authorization` is given on purpose; a cookie and Access' header come
//! with every request of a browser, so what they prove counts only for requests of our own pages.
//!
//! A session that has ended is known to the access record, which is asked with the entry that each
//! answer needs (`crate::worker::records`): a caller here has signed in, and the record says
//! whether they have signed out since.
//!
//! Accepted where no record is kept: that a session has ended is told to other locations by KV,
//! which takes up to a minute; and while KV fails, a cookie that was copied before sign-out stays
//! good until it is idle for too long.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use js_sys::Date;
use subtle::ConstantTimeEq;
use web_sys::{Headers, Request};
use worker::Context;

use super::access::{self, AccessIdentity};
use super::credential::{self, Credential};
use super::cross_site::{self, Source};
use super::identity::{Identity, Kind, Role};
use super::key_ring::KeyRing;
use super::rate_limit::{GuessOrigin, RateLimit};
use super::service_binding;
use super::session::Session;
use crate::worker::crypto::{HashingKey, Refused, Root};
use crate::worker::http::fetch;
use crate::worker::http::problem::{NOBODY, Problem};
use crate::worker::kv::{self, Kv};
use crate::worker::once::once;
use crate::worker::settings::SignIn;
use crate::worker::timeout::timeout;

/// Somebody who has proved who they are.
pub(crate) struct Caller {
    pub(crate) identity: Identity,
    pub(crate) method: AuthMethod,
}

impl Caller {
    /// The name under which the end of their session is known; `None` without a session.
    pub(crate) fn session_end_id(&self) -> Option<&str> {
        match &self.method {
            AuthMethod::Session { end_id, .. } => Some(end_id),
            AuthMethod::Token | AuthMethod::Access { .. } | AuthMethod::ServiceBinding => None,
        }
    }

    /// Turns away who may not do that.
    pub(crate) fn require(&self, role: Role) -> Result<(), Problem> {
        if self.identity.roles.contains(role) {
            return Ok(());
        }
        Err(Problem::role_missing(match role {
            Role::Lookup => "this needs the role lookup, which is not among yours",
            Role::Export => "this needs the role export, which is not among yours",
            Role::Audit => "this needs the role audit, which is not among yours",
        }))
    }
}

/// How they have proved it.
pub(crate) enum AuthMethod {
    /// A token itself.
    Token,
    /// A session that was begun with a token.
    Session {
        session: Session,
        /// The name under which its end is known: a keyed hash.
        end_id: String,
        /// The end of that token.
        expires_at_s: Option<u64>,
    },
    /// The props of a service binding.
    ServiceBinding,
    /// Cloudflare Access, until then.
    Access { expires_at_s: Option<u64> },
}

/// A session that somebody wants to end.
pub(crate) struct SessionEnd<'a> {
    pub(crate) identity: &'a Identity,
    pub(crate) end_id: String,
    /// When it would have ended in any case.
    pub(crate) ends_at_s: u64,
}

/// What an isolate remembers of those who signed in.
#[derive(Default)]
pub(crate) struct Memory {
    session_key: OnceCell<HashingKey>,
    /// The names of sessions that ended here.
    ended: Cell<Vec<String>>,
    key_ring: Rc<KeyRing>,
}

/// Looks at one request.
pub(crate) struct Authenticator<'a> {
    pub(crate) request: &'a Request,
    pub(crate) headers: Headers,
    pub(crate) context: &'a Rc<Context>,
    pub(crate) sign_in: &'a SignIn,
    pub(crate) memory: &'a Memory,
    pub(crate) rate_limit: Rc<RateLimit>,
    /// Where the ends of sessions are kept if no record is.
    pub(crate) ends: Option<Kv>,
}

impl Authenticator<'_> {
    /// The caller, by what the request proves; for reading, whatever page it comes from.
    pub(crate) async fn caller(&self) -> Result<Caller, Problem> {
        if let Some(identity) = service_binding::identity(self.context) {
            return Ok(Caller { identity: identity?, method: AuthMethod::ServiceBinding });
        }
        if let Some(authorization) = self.header("Authorization") {
            let credential = self.check_token(bearer(&authorization).unwrap_or_default()).await?;
            return Ok(Caller { identity: credential.identity.clone(), method: AuthMethod::Token });
        }
        if let Some((session, end_id, credential)) = self.session().await? {
            let expires_at_s = credential.expires_at_s;
            return Ok(Caller {
                identity: credential.identity.clone(),
                method: AuthMethod::Session { session, end_id, expires_at_s },
            });
        }
        let Some(known) = self.access_identity().await? else {
            return Err(Problem::not_signed_in(
                "sign in, or send Authorization: Bearer with a token",
            ));
        };
        let groups = known.groups.iter().map(String::as_str);
        let roles = self.sign_in.roles.roles_of(&known.subject, groups);
        Ok(Caller {
            identity: Identity { kind: known.kind, name: known.subject, roles },
            method: AuthMethod::Access { expires_at_s: known.expires_at_s },
        })
    }

    /// Refuses what a page of another site may have sent in the name of the person signed in.
    pub(crate) fn refuse_cross_site(&self) -> Result<(), Problem> {
        // A browser sends no Bearer token by itself; other schemes it may, and an empty one proves
        // nothing.
        if self
            .header("Authorization")
            .is_some_and(|authorization| bearer(&authorization).is_some())
        {
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

    /// Refuses what a browser sends for a page of another site, though it only reads: it would
    /// count as a request of the person signed in. An address that somebody opens passes.
    pub(crate) fn refuse_cross_site_read(&self) -> Result<(), Problem> {
        match self.header("Sec-Fetch-Site").as_deref() {
            Some("cross-site" | "same-site") => Err(Problem::cross_site()),
            _ => Ok(()),
        }
    }

    /// Counts so many uses by a person or program: however many sessions they have, it is one
    /// limit. Before anything of it is written down, so that nobody fills the record.
    pub(crate) async fn count(&self, who: &str, uses: usize) -> Result<(), Problem> {
        for _ in 0..uses {
            if !self.rate_limit.allows(who).await {
                return Err(Problem::rate_limited());
            }
        }
        Ok(())
    }

    /// Begins a session for the person who has given a token: its `Set-Cookie`.
    pub(crate) async fn begin_session(
        &self,
        credential: &Credential,
        id: String,
    ) -> Result<String, Problem> {
        let now_s = now_s();
        let cookie = async {
            let credential_id = self.credential_id(credential).await?;
            self.cookie(&Session::start(id, credential_id, now_s), now_s).await
        };
        cookie.await.map_err(|_: Refused| Problem::internal())
    }

    /// `Set-Cookie` for a session that is due for a new one.
    pub(crate) async fn renewal(&self, caller: &Caller) -> Option<String> {
        let AuthMethod::Session { session, .. } = &caller.method else { return None };
        let now_s = now_s();
        self.cookie(&session.renewed(now_s)?, now_s).await.ok()
    }

    /// The session of the request's cookie, if it is one and has not been ended from here.
    pub(crate) async fn session_to_end(&self) -> Result<Option<SessionEnd<'_>>, Problem> {
        let found = self.session().await?;
        Ok(found.map(|(session, end_id, credential)| SessionEnd {
            identity: &credential.identity,
            end_id,
            ends_at_s: session.ends_at_s(),
        }))
    }

    /// Remembers in this isolate that a session has ended, and in KV where no record does. An error
    /// where KV does not take it: the session is alive then, and nobody is told otherwise.
    pub(crate) async fn remember_end(&self, end: &SessionEnd<'_>) -> Result<(), Problem> {
        if let Some(kv) = &self.ends {
            // Awaited: whoever gets the answer relies on the sign-out.
            let keep_for_s = end.ends_at_s.saturating_sub(now_s());
            let put = timeout(kv::TIMEOUT_MS, kv.put(&end.end_id, &[], keep_for_s)).await;
            if put != Some(true) {
                return Err(Problem::sign_out_failed());
            }
        }
        let mut ended = self.memory.ended.take();
        if ended.len() >= MAX_REMEMBERED {
            ended.remove(0);
        }
        ended.push(end.end_id.clone());
        self.memory.ended.set(ended);
        Ok(())
    }

    /// Whose token this is. Compares first and counts what was wrong: a right token passes however
    /// many wrong ones its address has sent.
    ///
    /// That gives a guesser nothing: each answer, 401 or 429, says of one token that it is wrong,
    /// and a token that could be found by guessing is refused among the settings.
    pub(crate) async fn check_token(&self, given: &str) -> Result<&Credential, Problem> {
        if let Some(credential) = credential::find(&self.sign_in.credentials, given) {
            if credential.is_valid_at(now_s()) {
                return Ok(credential);
            }
            // Counted by itself: the token that replaces it may have the same name.
            self.count(&format!("expired {}", credential.identity.who()), 1).await?;
            // Who knows it may be told why.
            return Err(Problem::token_expired().of_wrong_token(credential.identity.who()));
        }
        let origin = GuessOrigin::of(&self.header("CF-Connecting-IP").unwrap_or_default());
        if !self.rate_limit.allows_wrong_token(&origin).await {
            return Err(Problem::rate_limited());
        }
        let rate_limit = Rc::clone(&self.rate_limit);
        self.context.wait_until(async move { rate_limit.penalise(&origin).await });
        Err(Problem::not_signed_in("the token is wrong").of_wrong_token(NOBODY.to_owned()))
    }

    /// The session of the request's cookie, the name of its end, and the token that it was begun
    /// with.
    async fn session(&self) -> Result<Option<(Session, String, &Credential)>, Problem> {
        let Some(cookies) = self.header("Cookie") else { return Ok(None) };
        let Some((session, signature)) = Session::claimed(&cookies) else { return Ok(None) };
        let signed = match self.signature(&session).await {
            Ok(signed) => signed,
            // There is no secret that could have signed it.
            Err(Refused) => return Ok(None),
        };
        let is_good =
            bool::from(signed.as_bytes().ct_eq(signature.as_bytes())) && session.is_alive(now_s());
        if !is_good {
            return Ok(None);
        }
        let Some(credential) = self.credential(&session.credential_id).await else {
            return Ok(None);
        };
        let end_id = self.end_id(&session).await.map_err(|Refused| Problem::internal())?;
        Ok(if self.has_ended(&end_id).await { None } else { Some((session, end_id, credential)) })
    }

    /// The token that a session was begun with, if it still begins one: of a program's the record
    /// would be asked elsewhere whether it has ended.
    async fn credential(&self, id: &str) -> Option<&Credential> {
        let now_s = now_s();
        let begins_sessions =
            |known: &&Credential| known.is_valid_at(now_s) && known.identity.kind != Kind::Program;
        for credential in self.sign_in.credentials.iter().filter(begins_sessions) {
            if self.credential_id(credential).await.is_ok_and(|known| known == id) {
                return Some(credential);
            }
        }
        None
    }

    /// What sessions call a token: a keyed hash, so that nobody without the key can try tokens out.
    async fn credential_id(&self, credential: &Credential) -> Result<String, Refused> {
        let text = [&b"credential "[..], credential.digest()].concat();
        let hash = self.session_key().await?.hash(&text).await?;
        Ok(hex::encode(hash.get(..CREDENTIAL_ID_BYTES).unwrap_or(&hash)))
    }

    /// As far as it is known here, or in KV.
    async fn has_ended(&self, end_id: &String) -> bool {
        let ended = self.memory.ended.take();
        let is_remembered = ended.contains(end_id);
        self.memory.ended.set(ended);
        if is_remembered {
            return true;
        }
        match &self.ends {
            Some(kv) => kv.get(end_id).await.is_some(),
            None => false,
        }
    }

    async fn cookie(&self, session: &Session, now_s: u64) -> Result<String, Refused> {
        Ok(session.cookie(&self.signature(session).await?, now_s))
    }

    async fn signature(&self, session: &Session) -> Result<String, Refused> {
        Ok(hex::encode(&self.session_key().await?.hash(session.claim().as_bytes()).await?))
    }

    /// The name under which it is remembered that a session has ended: a keyed hash.
    async fn end_id(&self, session: &Session) -> Result<String, Refused> {
        let name =
            self.session_key().await?.hash(format!("ended {}", session.id).as_bytes()).await?;
        Ok(format!("{ENDED_PREFIX}{}", hex::encode(&name)))
    }

    async fn session_key(&self) -> Result<&HashingKey, Refused> {
        let key = once(&self.memory.session_key, async {
            let secret = self.sign_in.session_secret.as_ref().ok_or(Refused)?;
            Root::import(secret.reveal()).await?.hashing_key("payple-edge session v2").await
        });
        key.await
    }

    /// Whom Cloudflare Access lets in.
    async fn access_identity(&self) -> Result<Option<AccessIdentity>, Problem> {
        let Some(access) = &self.sign_in.access else { return Ok(None) };
        if let Some(identity) = access::by_platform(self.context, access).await {
            return Ok(Some(identity));
        }
        match self.header(ASSERTION) {
            Some(assertion) => {
                access::by_assertion(
                    &assertion,
                    access,
                    &self.memory.key_ring,
                    self.context,
                    now_s(),
                )
                .await
            }
            None => Ok(None),
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).ok().flatten()
    }
}

/// The token of a well-formed `Bearer`: visible ASCII, and one text.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    let token = token.trim_matches(' ');
    let is_token = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("Bearer") && is_token).then_some(token)
}

pub(crate) fn now_s() -> u64 {
    fetch::whole_ms(Date::now()).div_euclid(1000)
}

const ASSERTION: &str = "Cf-Access-Jwt-Assertion";
/// The number counts changes of the format.
const ENDED_PREFIX: &str = "ended/1/";
/// As many as a session has room for.
const CREDENTIAL_ID_BYTES: usize = 16;
/// What is forgotten here is still in KV.
const MAX_REMEMBERED: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn a_bearer_token_is_what_follows_the_scheme() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        for not_one in
            ["abc", "Bearer", "Bearer ", "Basic abc", "Bearerabc", "", "Bearer a b", "Bearer 가"]
        {
            assert_eq!(bearer(not_one), None, "{not_one}");
        }
    }
}
