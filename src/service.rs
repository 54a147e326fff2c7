//! What one Payple service sends, and what its replies mean. No I/O.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::transport::{HttpRequest, HttpResponse};

/// One of Payple's services: how it authenticates a partner, and how it answers a question.
///
/// [`crate::hub::Hub`] and [`crate::cpay::Cpay`] are the two that there are;
/// [`crate::client::Client`] asks them.
pub trait Service: 'static {
    /// Names the service in stores and reports: `"hub"` or `"cpay"`.
    const NAME: &'static str;
    /// Proof of who asks, for a while. Deserialising checks it like what Payple sends: it may come
    /// from a shared store.
    type Token: Clone + Serialize + DeserializeOwned + 'static;
    /// What is asked.
    type Question;
    /// What is answered.
    type Answer;

    /// Whether this question can be asked at all, before anything is sent.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`] where a setting is missing that this question needs.
    fn check(&self, question: &Self::Question) -> Result<(), Error>;

    /// The request for a token. `nonce` tells it from others, for a service that echoes something.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] where the request cannot be formed.
    fn token_request(&self, nonce: &Nonce) -> Result<HttpRequest, Error>;

    /// The token in the reply to the request that was made of `nonce`.
    ///
    /// # Errors
    /// Why there is none.
    fn read_token(
        &self,
        response: &HttpResponse,
        nonce: &Nonce,
    ) -> Result<NewToken<Self::Token>, Error>;

    /// The request that asks a question with a token.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Internal`] where the request cannot be formed.
    fn lookup_request(
        &self,
        token: &Self::Token,
        question: &Self::Question,
    ) -> Result<HttpRequest, Error>;

    /// The answer in its reply, checked.
    ///
    /// # Errors
    /// Why there is none.
    fn read_answer(
        &self,
        response: HttpResponse,
        token: &Self::Token,
        question: &Self::Question,
    ) -> Result<Self::Answer, Error>;
}

/// A token as its service reads it.
#[derive(Debug)]
pub struct NewToken<T> {
    /// The token.
    pub token: T,
    /// How long it may be used, in milliseconds from when it was asked for, margin taken off. 0:
    /// for the question at hand alone.
    pub lifetime_ms: u64,
}

/// Random bytes, new for each request for a token.
pub type Nonce = [u8; NONCE_BYTES];

/// As many as the hub echoes characters.
pub const NONCE_BYTES: usize = 10;
