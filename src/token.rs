//! Tokens: how long one is good, and where the next one comes from.
//!
//! ```text
//! memory ──> shared store ──> broker ──> authenticate
//!            └──────── one caller for all: single flight ────────┘
//! ```

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Phase};
use crate::json;
use crate::retry::{self, CallOptions};
use crate::runtime::Runtime;
use crate::service::{NewToken, Nonce, Service};
use crate::single_flight::{Flight, SingleFlight};

/// A token with its times. As JSON it is what a shared store or a broker hands on; both must seal
/// it.
#[derive(Clone, derive_more::Debug, Serialize, Deserialize)]
#[debug("IssuedToken(…)")]
#[serde(rename_all = "camelCase")]
pub struct IssuedToken<T> {
    pub(crate) id: TokenId,
    issued_at_ms: u64,
    expires_at_ms: u64,
    pub(crate) token: T,
}

impl<T> IssuedToken<T> {
    /// Not expired; and not issued in the future: that would mean that the clock was set back, so
    /// that the expiry cannot be trusted.
    fn is_usable(&self, now_ms: u64) -> bool {
        now_ms < self.expires_at_ms && self.issued_at_ms <= now_ms.saturating_add(CLOCK_SKEW_MS)
    }
}

impl<T: Serialize> IssuedToken<T> {
    /// For a store or a broker.
    pub(crate) fn to_json(&self) -> Result<String, Error> {
        serde_json::to_string(self)
            .map_err(|_| Error::new(ErrorKind::Internal, "the token could not be written"))
    }
}

/// Tells one token from another without showing it. Random, because tokens are issued in many
/// places at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, derive_more::Display, Serialize, Deserialize)]
#[display("{}", hex::encode(self.0))]
#[serde(transparent)]
pub(crate) struct TokenId(#[serde(with = "hex::serde")] [u8; 8]);

/// One service's tokens: the one in memory, and how to come by the next one.
pub(crate) struct TokenManager<S: Service, F> {
    pub(crate) service: S,
    cache: Mutex<TokenCache<S::Token>>,
    flight: F,
}

impl<S: Service, F: SingleFlight<IssuedToken<S::Token>>> TokenManager<S, F> {
    pub(crate) fn new(service: S) -> Self {
        let cache = TokenCache { token: None, rejected: None };
        Self { service, cache: Mutex::new(cache), flight: F::default() }
    }

    /// The token in memory, or one that all concurrent callers share.
    ///
    /// A caller waits for another one's authentication no longer than it would for its own
    /// exchange, and does not share that one's time-out.
    pub(crate) async fn token<R: Runtime>(
        self: &Arc<Self>,
        runtime: &R,
        options: CallOptions,
    ) -> Result<IssuedToken<S::Token>, Error> {
        let waiting_since_ms = runtime.now_ms();
        loop {
            let now_ms = runtime.now_ms();
            if let Some(token) = self.cache().usable(now_ms) {
                return Ok(token);
            }
            let waited_ms = now_ms.saturating_sub(waiting_since_ms);
            let wait_ms = options.timeout_ms.saturating_sub(waited_ms);
            let (manager, world) = (Arc::clone(self), runtime.clone());
            let work = async move { manager.obtain(&world, options).await };
            match self.flight.join(runtime, wait_ms, work).await {
                // That caller's own limit, or its own decision: it says nothing about Payple.
                Flight::Followed(Err(error))
                    if matches!(error.kind, ErrorKind::Timeout | ErrorKind::Aborted) => {}
                Flight::Led(outcome) | Flight::Followed(outcome) => return outcome,
                Flight::DeadlinePassed => {
                    let message =
                        "the authentication that another look-up began did not end in time";
                    return Err(Error::new(ErrorKind::Timeout, message)
                        .retryable_later()
                        .with_exchange(Phase::Token, None));
                }
            }
        }
    }

    /// Forgets a rejected token, here and in the store; a newer one stays.
    pub(crate) async fn discard<R: Runtime>(&self, token: &IssuedToken<S::Token>, runtime: &R) {
        let is_news = self.cache().reject(token);
        if is_news {
            runtime.delete_token(S::NAME).await;
        }
    }

    /// A token from the shared store, or else from the broker, or else from Payple; kept in memory
    /// and in the store.
    async fn obtain<R: Runtime>(
        &self,
        runtime: &R,
        options: CallOptions,
    ) -> Result<IssuedToken<S::Token>, Error> {
        if let Some(token) = self.load(runtime).await {
            self.cache().token = Some(token.clone());
            return Ok(token);
        }
        if let Some(outcome) = self.ask_broker(runtime).await {
            return outcome;
        }
        let token = self.authenticate(runtime, options).await?;
        let now_ms = runtime.now_ms();
        if token.is_usable(now_ms) {
            self.cache().token = Some(token.clone());
            let lifetime_ms = token.expires_at_ms.saturating_sub(now_ms);
            runtime.save_token(S::NAME, token.to_json()?, lifetime_ms).await;
        }
        Ok(token)
    }

    /// What the shared store holds, if it is whole, in time, and not the token rejected last.
    async fn load<R: Runtime>(&self, runtime: &R) -> Option<IssuedToken<S::Token>> {
        let json = runtime.load_token(S::NAME).await?;
        let token: IssuedToken<S::Token> = json::parse_object(json.as_bytes()).ok()?;
        (token.is_usable(runtime.now_ms()) && self.cache().may_be_good(&token)).then_some(token)
    }

    /// The token that the broker hands out, or what Payple told it. It is the broker that puts the
    /// token into the store.
    async fn ask_broker<R: Runtime>(
        &self,
        runtime: &R,
    ) -> Option<Result<IssuedToken<S::Token>, Error>> {
        let rejected = self.cache().rejected.map(|rejected| rejected.id.to_string());
        let json = match runtime.ask_broker(S::NAME, rejected).await? {
            Ok(json) => json,
            Err(error) => return Some(Err(error)),
        };
        let token: IssuedToken<S::Token> = json::parse_object(json.as_bytes()).ok()?;
        // It may not know of what this client got by itself: a token from before the rejected one
        // is no better.
        if !self.cache().may_be_good(&token) {
            return None;
        }
        if token.is_usable(runtime.now_ms()) {
            self.cache().token = Some(token.clone());
        }
        Some(Ok(token))
    }

    /// A new token of Payple's. It lives from when it was asked for: when it arrives, an unknown
    /// part of its life is over.
    async fn authenticate<R: Runtime>(
        &self,
        runtime: &R,
        options: CallOptions,
    ) -> Result<IssuedToken<S::Token>, Error> {
        let prepare = || {
            let (mut id, mut nonce) = (TokenId([0; 8]), Nonce::default());
            runtime.random(&mut id.0)?;
            runtime.random(&mut nonce)?;
            Ok((self.service.token_request(&nonce)?, (id, nonce, runtime.now_ms())))
        };
        let read = |response, (id, nonce, issued_at_ms): (TokenId, Nonce, u64)| {
            let NewToken { token, lifetime_ms } = self.service.read_token(&response, &nonce)?;
            let expires_at_ms = issued_at_ms.saturating_add(lifetime_ms);
            Ok(IssuedToken { id, issued_at_ms, expires_at_ms, token })
        };
        retry::exchange(runtime, options, (S::NAME, Phase::Token), prepare, read).await
    }

    /// Never held over an `await`.
    fn cache(&self) -> MutexGuard<'_, TokenCache<S::Token>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The token in memory, and what is remembered of a rejected one.
struct TokenCache<T> {
    token: Option<IssuedToken<T>>,
    /// The youngest token that Payple rejected: a shared store may still offer it, or an even older
    /// one.
    rejected: Option<RejectedToken>,
}

#[derive(Clone, Copy)]
struct RejectedToken {
    id: TokenId,
    issued_at_ms: u64,
}

impl<T: Clone> TokenCache<T> {
    fn usable(&self, now_ms: u64) -> Option<IssuedToken<T>> {
        self.token.as_ref().filter(|token| token.is_usable(now_ms)).cloned()
    }

    /// Whether a token from elsewhere may be good: neither the rejected one nor one from before it.
    fn may_be_good(&self, token: &IssuedToken<T>) -> bool {
        self.rejected.is_none_or(|rejected| {
            rejected.id != token.id && rejected.issued_at_ms <= token.issued_at_ms
        })
    }

    /// Whether this is news: the first of many callers to report the same token, and not too late.
    fn reject(&mut self, token: &IssuedToken<T>) -> bool {
        let is_news = match &self.token {
            // Another token has taken its place already, in the store as well.
            Some(kept) => kept.id == token.id,
            None => self.may_be_good(token),
        };
        if is_news {
            self.token = None;
            self.rejected = Some(RejectedToken { id: token.id, issued_at_ms: token.issued_at_ms });
        }
        is_news
    }
}

/// How far the clocks of two machines that share a store may be apart.
const CLOCK_SKEW_MS: u64 = 5_000;
