//! cpay on the wire: 빌링키 등록 조회, the state of a billing key.

mod auth;
mod billing_key;
mod url;

use http::header::{HeaderValue, REFERER};

pub use self::auth::Token;
use crate::billing_key::{BillingKey, PayerId};
use crate::config::{Config, Credentials, Environment, Origin, Referer};
use crate::error::Error;
use crate::hint;
use crate::service::{NewToken, Nonce, Service};
use crate::transport::{self, HttpRequest, HttpResponse};

/// cpay as one partner sees it.
#[derive(Debug)]
pub struct Cpay {
    environment: Environment,
    credentials: Credentials,
    referer: Option<Referer>,
    /// Payple's own address in this environment.
    official: Origin,
    /// Where requests are sent: the official address, a sandbox, or a relay.
    origin: Origin,
}

impl Cpay {
    /// cpay of the configured environment.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`] where credentials would be sent in plain text beyond
    /// this machine.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let official = Origin::official(match config.environment {
            Environment::Test => "https://democpay.payple.kr",
            Environment::Live => "https://cpay.payple.kr",
        });
        let origin = config.cpay_origin.clone().unwrap_or_else(|| official.clone());
        origin.check_for(config.environment, &config.credentials)?;
        Ok(Self {
            environment: config.environment,
            credentials: config.credentials.clone(),
            referer: config.referer.clone(),
            official,
            origin,
        })
    }

    /// A `POST` with the Referer: live refuses other domains than the registered one, test does not
    /// look.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<HttpRequest, Error> {
        let url = format!("{}{path}", self.origin.as_str());
        let mut request = transport::post_json(&url, fields)?;
        let referer = match &self.referer {
            Some(referer) => referer.header_value().clone(),
            None => HeaderValue::from_static(TEST_REFERER),
        };
        request.headers_mut().insert(REFERER, referer);
        Ok(request)
    }
}

impl Service for Cpay {
    const NAME: &'static str = "cpay";
    type Token = Token;
    type Question = PayerId;
    type Answer = BillingKey;

    fn check(&self, _: &PayerId) -> Result<(), Error> {
        if self.environment == Environment::Live && self.referer.is_none() {
            let error =
                Error::invalid_config("a live billing-key look-up needs the referer setting");
            return Err(error.with_hint(Some(hint::REFERER_REQUIRED)));
        }
        Ok(())
    }

    fn token_request(&self, _: &Nonce) -> Result<HttpRequest, Error> {
        let fields = [
            ("cst_id", self.credentials.reveal_cst_id()),
            ("custKey", self.credentials.reveal_cust_key()),
            ("PCD_PAY_WORK", "PUSERINFO"),
        ];
        self.post("/php/auth.php", &fields)
    }

    fn read_token(&self, response: &HttpResponse, _: &Nonce) -> Result<NewToken<Token>, Error> {
        let ours = [self.official.as_str(), self.origin.as_str()];
        auth::read(response, &ours, &self.credentials.secrets())
    }

    fn lookup_request(&self, token: &Token, payer_id: &PayerId) -> Result<HttpRequest, Error> {
        let fields = [
            ("PCD_CST_ID", token.cst_id.reveal()),
            ("PCD_CUST_KEY", token.cust_key.reveal()),
            ("PCD_AUTH_KEY", token.auth_key.reveal()),
            ("PCD_PAYER_ID", payer_id.reveal()),
        ];
        self.post(token.path.as_str(), &fields)
    }

    fn read_answer(
        &self,
        response: HttpResponse,
        token: &Token,
        payer_id: &PayerId,
    ) -> Result<BillingKey, Error> {
        let [cust_key, cst_id] = self.credentials.secrets();
        let secrets = [
            cust_key,
            cst_id,
            token.cst_id.reveal(),
            token.cust_key.reveal(),
            token.auth_key.reveal(),
            payer_id.reveal(),
        ];
        billing_key::read(&response, payer_id, &secrets)
    }
}

/// What the spec page's own sample sends, for test, where no domain is registered.
const TEST_REFERER: &str = "http://localhost:8080";
