//! The hub on the wire: 지급이체 요청 조회, the payout requests under one group key.

mod payout_requests;
mod result_code;
mod token;

use http::header::{AUTHORIZATION, HeaderValue};

pub use self::token::Token;
use crate::config::{Config, Credentials, Environment, Origin};
use crate::error::Error;
use crate::payout::{GroupKey, PayoutRequestGroup};
use crate::service::{NewToken, Nonce, Service};
use crate::transport::{self, HttpRequest, HttpResponse};

/// The hub as one partner sees it.
#[derive(Debug)]
pub struct Hub {
    credentials: Credentials,
    origin: Origin,
}

impl Hub {
    /// The hub of the configured environment, asked with the hub's own credentials where there are
    /// any.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidConfig`] where credentials would be sent in plain text beyond
    /// this machine.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let official = match config.environment {
            Environment::Test => "https://demohub.payple.kr",
            Environment::Live => "https://hub.payple.kr",
        };
        let credentials = config.hub_credentials.as_ref().unwrap_or(&config.credentials).clone();
        let origin = config.hub_origin.clone().unwrap_or_else(|| Origin::official(official));
        origin.check_for(config.environment, &credentials)?;
        Ok(Self { credentials, origin })
    }

    /// A `POST` of the credentials and one more field.
    fn post(&self, path: &str, field: (&str, &str)) -> Result<HttpRequest, Error> {
        let fields = [
            ("cst_id", self.credentials.reveal_cst_id()),
            ("custKey", self.credentials.reveal_cust_key()),
            field,
        ];
        transport::post_json(&format!("{}{path}", self.origin.as_str()), &fields)
    }
}

impl Service for Hub {
    const NAME: &'static str = "hub";
    type Token = Token;
    type Question = GroupKey;
    type Answer = PayoutRequestGroup;

    fn check(&self, _: &GroupKey) -> Result<(), Error> {
        Ok(())
    }

    fn token_request(&self, nonce: &Nonce) -> Result<HttpRequest, Error> {
        self.post("/oauth/token", ("code", &token::code_of(nonce)))
    }

    fn read_token(&self, response: &HttpResponse, nonce: &Nonce) -> Result<NewToken<Token>, Error> {
        token::read(response, &token::code_of(nonce), &self.credentials.secrets())
    }

    fn lookup_request(&self, token: &Token, group_key: &GroupKey) -> Result<HttpRequest, Error> {
        let mut request =
            self.post("/request/result/group_key", ("group_key", group_key.as_str()))?;
        // The comma in the spec page is a slip.
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.reveal()))
            .map_err(|_| transport::unformed())?;
        bearer.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, bearer);
        Ok(request)
    }

    fn read_answer(
        &self,
        response: HttpResponse,
        token: &Token,
        group_key: &GroupKey,
    ) -> Result<PayoutRequestGroup, Error> {
        let [cust_key, cst_id] = self.credentials.secrets();
        let secrets = [cust_key, cst_id, token.reveal(), group_key.as_str()];
        payout_requests::read(response, group_key, cst_id, &secrets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_carries_the_token_and_does_not_show_it() {
        let credentials = Credentials::new("canary-id", "canary-key").unwrap();
        let hub = Hub::new(&Config::new(Environment::Test, credentials)).unwrap();
        let token = Token::try_from("canary-token".to_owned()).unwrap();

        let request = hub.lookup_request(&token, &GroupKey::new("canary-group").unwrap()).unwrap();

        assert_eq!(request.headers()[AUTHORIZATION], "Bearer canary-token");
        assert!(!format!("{request:?}").contains("canary"));
    }
}
