//! cpay: 빌링키 등록 조회, the state of a billing key.

mod auth;
mod billing_key;
mod url;

pub use billing_key::{Account, BillingKey, Card, Method, PayerId};

use self::auth::PartnerPass;
use crate::error::{Error, Kind, Phase};
use crate::hint;
use crate::lookup::{Authority, Draw, Held, Issued, Service};
use crate::partner::{Credentials, Environment, Origin, Partner, Referer};
use crate::wire::{self, Exchange, Reply};

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
    /// cpay of the partner's environment.
    pub fn new(partner: &Partner) -> Self {
        let official = Origin::official(match partner.environment {
            Environment::Test => "https://democpay.payple.kr",
            Environment::Live => "https://cpay.payple.kr",
        });
        Self {
            environment: partner.environment,
            credentials: partner.credentials.clone(),
            referer: partner.referer.clone(),
            origin: partner.cpay_origin.clone().unwrap_or_else(|| official.clone()),
            official,
        }
    }

    /// Sent on both calls: live refuses other domains than the registered one, test does not look.
    fn referer(&self) -> Option<(&'static str, String)> {
        Some(("referer", self.referer.as_ref().map_or(TEST_REFERER, Referer::as_str).to_owned()))
    }
}

impl Authority for Cpay {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn authenticate(&self, _: &mut Draw<'_>) -> Result<(Exchange, String), Error> {
        let fields = [
            ("cst_id", self.credentials.reveal_cst_id()),
            ("custKey", self.credentials.reveal_cust_key()),
            ("PCD_PAY_WORK", "PUSERINFO"),
        ];
        let url = format!("{}/php/auth.php", self.origin.as_str());
        let exchange = wire::post(Self::NAME, Phase::Token, url, &fields, self.referer())?;
        // Nothing of the request comes back in the reply.
        Ok((exchange, String::new()))
    }

    fn read_pass(&self, reply: &Reply, _: &str) -> Result<Issued, Error> {
        let ours = [self.official.as_str(), self.origin.as_str()];
        auth::read(
            reply,
            &ours,
            &[self.credentials.reveal_cust_key(), self.credentials.reveal_cst_id()],
        )
    }

    fn accepts(&self, held: &Held) -> bool {
        PartnerPass::of(held).is_some()
    }
}

impl Service for Cpay {
    const NAME: &'static str = "cpay";
    type Question = PayerId;
    type Answer = BillingKey;

    fn ready(&self, _: &PayerId) -> Result<(), Error> {
        if self.environment == Environment::Live && self.referer.is_none() {
            let message = "a live billing-key look-up needs the referer setting";
            return Err(
                Error::new(Kind::InvalidConfig, message).with_hint(Some(hint::REFERER_REQUIRED))
            );
        }
        Ok(())
    }

    fn ask(&self, held: &Held, payer_id: &PayerId) -> Result<Exchange, Error> {
        let pass = PartnerPass::of(held)
            .ok_or_else(|| Error::new(Kind::Internal, "the pass is not whole"))?;
        let fields = [
            ("PCD_CST_ID", pass.cst_id),
            ("PCD_CUST_KEY", pass.cust_key),
            ("PCD_AUTH_KEY", pass.auth_key),
            ("PCD_PAYER_ID", payer_id.reveal()),
        ];
        let url = format!("{}{}", self.origin.as_str(), pass.path);
        wire::post(Self::NAME, Phase::Lookup, url, &fields, self.referer())
    }

    fn read_answer(
        &self,
        reply: Reply,
        held: &Held,
        payer_id: &PayerId,
    ) -> Result<BillingKey, Error> {
        let [cst_id, cust_key, auth_key, _] = held.reveal().unwrap_or_default();
        let own = [self.credentials.reveal_cust_key(), self.credentials.reveal_cst_id()];
        let secrets = [own[0], own[1], cst_id, cust_key, auth_key, payer_id.reveal()];
        billing_key::read(&reply, payer_id, &secrets)
    }
}

/// What the spec page's own sample sends, for test, where no domain is registered.
const TEST_REFERER: &str = "http://localhost:8080";
