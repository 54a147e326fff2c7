//! The flow of a look-up, written once for both services.
//!
//! Have a token or get one, ask with it, and replace it once where Payple rejects it. No I/O of its
//! own, no clock, no chance: the [`Runtime`] has all of that, and the [`Service`] says what is sent
//! and what a reply means.

use std::sync::Arc;

use crate::error::{Error, Phase};
use crate::retry::{self, CallOptions};
use crate::runtime::Runtime;
use crate::service::Service;
use crate::single_flight::{NoFlight, SingleFlight};
use crate::token::{IssuedToken, TokenManager};

/// Asks one service. Cheap to clone; clones share the token.
///
/// `F` says how concurrent callers share one authentication: [`NoFlight`] (they do not),
/// [`SharedFlight`](crate::single_flight::SharedFlight) or
/// [`PollingFlight`](crate::single_flight::PollingFlight).
pub struct Client<S: Service, F: SingleFlight<IssuedToken<S::Token>> = NoFlight>(
    Arc<TokenManager<S, F>>,
);

impl<S: Service, F: SingleFlight<IssuedToken<S::Token>>> Client<S, F> {
    /// A client without a token.
    pub fn new(service: S) -> Self {
        Self(Arc::new(TokenManager::new(service)))
    }

    /// Answers one question: with the token in hand or a new one, which is replaced at most once.
    ///
    /// # Errors
    /// Why there is no answer; [`Error`]'s `phase` tells which exchange it comes from.
    pub async fn lookup<R: Runtime>(
        &self,
        question: &S::Question,
        runtime: &R,
        options: CallOptions,
    ) -> Result<S::Answer, Error> {
        self.0.service.check(question)?;
        let token = self.0.token(runtime, options).await?;
        match self.ask(question, &token, runtime, options).await {
            Err(error) if error.rejects_the_token() => {
                self.0.discard(&token, runtime).await;
                let token = self.0.token(runtime, options).await?;
                self.ask(question, &token, runtime, options).await
            }
            outcome => outcome,
        }
    }

    /// A broker's answer to [`Runtime::ask_broker`]: the token in hand or a new one, as JSON, and
    /// not the `rejected` one.
    ///
    /// Only the token in hand can be discarded: of many reports of one token the first replaces it,
    /// and a late one finds another in hand.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn issue_token<R: Runtime>(
        &self,
        rejected: Option<&str>,
        runtime: &R,
        options: CallOptions,
    ) -> Result<String, Error> {
        let mut token = self.0.token(runtime, options).await?;
        if rejected.is_some_and(|rejected| token.id.to_string() == rejected) {
            self.0.discard(&token, runtime).await;
            token = self.0.token(runtime, options).await?;
        }
        token.to_json()
    }

    async fn ask<R: Runtime>(
        &self,
        question: &S::Question,
        token: &IssuedToken<S::Token>,
        runtime: &R,
        options: CallOptions,
    ) -> Result<S::Answer, Error> {
        let service = &self.0.service;
        let prepare = || Ok((service.lookup_request(&token.token, question)?, ()));
        let read = |response, ()| service.read_answer(response, &token.token, question);
        retry::exchange(runtime, options, (S::NAME, Phase::Lookup), prepare, read).await
    }
}

impl<S: Service, F: SingleFlight<IssuedToken<S::Token>>> Clone for Client<S, F> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
