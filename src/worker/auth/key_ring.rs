//! The keys of a Cloudflare Access team, as far as this isolate knows them.
//!
//! Threat: anybody can make up key ids, and the server of the keys may hang or fail. So attempts to
//! fetch are counted, not successes: one a minute, while they fail one every five seconds, however
//! many assertions come at once. A fetch delays no answer: an assertion whose key is known does not
//! wait, and any other waits for the one fetch that is under way. Keys that could not be renewed
//! for a day are no longer believed.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Date;
use serde::Deserialize;
use worker::{Context, Delay};

use crate::json;
use crate::worker::crypto::VerifyingKey;
use crate::worker::http::fetch::{self, Limits, Outgoing, whole_ms};
use crate::worker::http::problem::Problem;
use crate::worker::settings::Access;

/// Shared by all requests of an isolate. None of them awaits what another one does: they look into
/// this memory.
pub(crate) struct KeyRing<K = VerifyingKey>(RefCell<State<K>>);

struct State<K> {
    keys: Option<Keys<K>>,
    attempt: Option<Attempt>,
}

struct Keys<K> {
    by_id: Vec<(String, K)>,
    fetched_at_ms: u64,
}

#[derive(Clone, Copy)]
struct Attempt {
    begun_at_ms: u64,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    UnderWay,
    Fetched,
    Failed,
}

/// What is known of one key at one moment.
#[derive(Debug, PartialEq, Eq)]
enum Known<K> {
    Key(K),
    /// It is not among the team's keys.
    None,
    /// A fetch is under way that may bring it.
    Awaited,
    /// There are no keys, and none can be had at the moment.
    Unavailable,
}

impl<K> Default for KeyRing<K> {
    fn default() -> Self {
        Self(RefCell::new(State { keys: None, attempt: None }))
    }
}

impl<K: Clone> KeyRing<K> {
    fn find(&self, id: &str, now_ms: u64) -> Known<K> {
        let state = self.0.borrow();
        let keys = state.keys.as_ref().filter(|keys| keys.age_ms(now_ms) < MAX_AGE_MS);
        let key = keys.and_then(|keys| keys.by_id.iter().find(|(known, _)| known == id));
        match (key, keys) {
            (Some((_, key)), _) => Known::Key(key.clone()),
            _ if state.attempt.is_some_and(|attempt| attempt.is_under_way(now_ms)) => {
                Known::Awaited
            }
            (None, Some(_)) => Known::None,
            (None, None) => Known::Unavailable,
        }
    }

    /// Whether the keys are to be fetched for an assertion with this key id. A caller that gets
    /// `true` has to do it: it is counted.
    fn begin_attempt(&self, id: &str, now_ms: u64) -> bool {
        let is_fresh = |keys: &Keys<K>| keys.age_ms(now_ms) < REFRESH_AFTER_MS;
        let mut state = self.0.borrow_mut();
        let is_known_and_fresh = state
            .keys
            .as_ref()
            .is_some_and(|keys| is_fresh(keys) && keys.by_id.iter().any(|(known, _)| known == id));
        let may_be_fetched = state.attempt.is_none_or(|attempt| attempt.is_long_ago(now_ms));
        let begins = !is_known_and_fresh && may_be_fetched;
        if begins {
            state.attempt = Some(Attempt { begun_at_ms: now_ms, outcome: Outcome::UnderWay });
        }
        begins
    }

    fn end_attempt(&self, fetched: Option<Vec<(String, K)>>, now_ms: u64) {
        let mut state = self.0.borrow_mut();
        let outcome = if fetched.is_some() { Outcome::Fetched } else { Outcome::Failed };
        if let Some(attempt) = &mut state.attempt {
            attempt.outcome = outcome;
        }
        if let Some(by_id) = fetched {
            state.keys = Some(Keys { by_id, fetched_at_ms: now_ms });
        }
    }
}

impl KeyRing {
    /// The key of that name: `None` where the team has none, a problem where that cannot be found
    /// out.
    pub(crate) async fn key(
        self: &Rc<Self>,
        id: &str,
        access: &Access,
        context: &Context,
    ) -> Result<Option<VerifyingKey>, Problem> {
        if self.begin_attempt(id, now_ms()) {
            let (ring, issuer) = (Rc::clone(self), access.issuer.clone());
            // Not part of this request: it goes on when the client is gone.
            context.wait_until(async move {
                let fetched = fetch_keys(&issuer).await;
                ring.end_attempt(fetched, now_ms());
            });
        }
        loop {
            match self.find(id, now_ms()) {
                Known::Key(key) => return Ok(Some(key)),
                Known::None => return Ok(None),
                Known::Unavailable => return Err(Problem::sign_in_unavailable()),
                Known::Awaited => Delay::from(Duration::from_millis(LOOK_EVERY_MS)).await,
            }
        }
    }
}

impl<K> Keys<K> {
    /// A clock that was set back makes them old: when they were fetched cannot be told then.
    fn age_ms(&self, now_ms: u64) -> u64 {
        now_ms.checked_sub(self.fetched_at_ms).unwrap_or(u64::MAX)
    }
}

impl Attempt {
    /// One that was cut off ends as well.
    fn is_under_way(self, now_ms: u64) -> bool {
        self.outcome == Outcome::UnderWay && self.age_ms(now_ms) < ATTEMPT_LASTS_MS
    }

    fn is_long_ago(self, now_ms: u64) -> bool {
        let pause_ms =
            if self.outcome == Outcome::Fetched { PAUSE_MS } else { PAUSE_AFTER_FAILURE_MS };
        !self.is_under_way(now_ms) && self.age_ms(now_ms) >= pause_ms
    }

    fn age_ms(self, now_ms: u64) -> u64 {
        now_ms.checked_sub(self.begun_at_ms).unwrap_or(u64::MAX)
    }
}

async fn fetch_keys(issuer: &str) -> Option<Vec<(String, VerifyingKey)>> {
    let request = Outgoing { url: format!("{issuer}/cdn-cgi/access/certs"), ..Outgoing::default() };
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
    let keys = keys.into_iter().filter(is_of_use);
    Some(keys.filter_map(|key| Some((key.kid?, key.n?, key.e?))).collect())
}

fn now_ms() -> u64 {
    whole_ms(Date::now())
}

/// The test build lives faster, so that a test sees an hour go by in half a second and a day in
/// twelve.
const fn shorter_in_tests(ms: u64) -> u64 {
    if cfg!(feature = "fault-injection") { ms.div_euclid(7_200) } else { ms }
}

/// From then on they are renewed, behind an answer.
const REFRESH_AFTER_MS: u64 = shorter_in_tests(60 * 60 * 1_000);
/// A key that the team has withdrawn is good for as long, if the new ones cannot be had.
const MAX_AGE_MS: u64 = shorter_in_tests(24 * 60 * 60 * 1_000);
const PAUSE_MS: u64 = shorter_in_tests(60 * 1_000);
const PAUSE_AFTER_FAILURE_MS: u64 = shorter_in_tests(5_000);
const FETCH_TIMEOUT_MS: u64 = 5_000;
/// A little longer than the fetch: its keys have to be imported.
const ATTEMPT_LASTS_MS: u64 = 6_000;
const LOOK_EVERY_MS: u64 = 50;
const MAX_KEYS_BYTES: usize = 256 * 1024;
/// 2048 bits in base64url.
const MIN_MODULUS_CHARS: usize = 342;

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_800_000_000_000;

    fn keys(ids: &[&str]) -> Option<Vec<(String, u8)>> {
        Some(ids.iter().zip(1_u8..).map(|(id, key)| ((*id).to_owned(), key)).collect())
    }

    fn filled() -> KeyRing<u8> {
        let ring = KeyRing::default();
        assert!(ring.begin_attempt("k1", NOW_MS));
        ring.end_attempt(keys(&["k1", "k2"]), NOW_MS);
        ring
    }

    #[test]
    fn of_many_at_once_one_fetches_and_the_others_wait_for_it() {
        let ring = KeyRing::<u8>::default();
        let begun = (0..50).filter(|_| ring.begin_attempt("k1", NOW_MS)).count();
        assert_eq!((begun, ring.find("k1", NOW_MS)), (1, Known::Awaited));

        ring.end_attempt(keys(&["k1"]), NOW_MS);
        assert_eq!(ring.find("k1", NOW_MS), Known::Key(1));
        assert_eq!(ring.find("forged", NOW_MS), Known::None);
    }

    #[test]
    fn made_up_ids_cause_one_fetch_a_minute() {
        let ring = filled();
        let begun = (0..600).filter(|n| {
            let begins = ring.begin_attempt("forged", NOW_MS + n * 1_000);
            if begins {
                ring.end_attempt(keys(&["k1"]), NOW_MS + n * 1_000);
            }
            begins
        });
        assert_eq!(begun.count(), 9);
    }

    #[test]
    fn a_known_key_is_renewed_behind_the_answer() {
        let ring = filled();
        assert!(!ring.begin_attempt("k1", NOW_MS + REFRESH_AFTER_MS - 1));
        let later_ms = NOW_MS + REFRESH_AFTER_MS;
        assert!(ring.begin_attempt("k1", later_ms));
        assert_eq!(ring.find("k1", later_ms), Known::Key(1), "while it is fetched");
        assert_eq!(ring.find("new", later_ms), Known::Awaited);
        ring.end_attempt(None, later_ms);
        assert_eq!(ring.find("k1", later_ms), Known::Key(1), "though that failed");
        assert!(!ring.begin_attempt("k1", later_ms + PAUSE_AFTER_FAILURE_MS - 1));
        assert!(ring.begin_attempt("k1", later_ms + PAUSE_AFTER_FAILURE_MS));
    }

    #[test]
    fn keys_have_a_greatest_age() {
        let ring = filled();
        assert_eq!(ring.find("k1", NOW_MS + MAX_AGE_MS - 1), Known::Key(1));
        assert_eq!(ring.find("k1", NOW_MS + MAX_AGE_MS), Known::Unavailable);
        assert_eq!(ring.find("k1", NOW_MS - 1), Known::Unavailable, "a clock that was set back");
    }

    #[test]
    fn a_fetch_that_was_cut_off_ends_and_is_made_up_for() {
        let ring = KeyRing::<u8>::default();
        assert!(ring.begin_attempt("k1", NOW_MS));
        assert_eq!(ring.find("k1", NOW_MS + ATTEMPT_LASTS_MS - 1), Known::Awaited);
        assert_eq!(ring.find("k1", NOW_MS + ATTEMPT_LASTS_MS), Known::Unavailable);
        assert!(ring.begin_attempt("k1", NOW_MS + ATTEMPT_LASTS_MS));
    }
}
