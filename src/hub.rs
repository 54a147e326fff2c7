//! The hub: 지급이체 요청 조회, the payout requests under one group key, as the last check before they are executed.

mod payout_requests;
mod token;

use crate::error::{Error, Kind, Phase};
use crate::hint;
use crate::lookup::{Authority, Draw, Held, Issued, Service};
use crate::partner::{Credentials, Environment, Origin, Partner};
use crate::payout::{GroupKey, PayoutRequestGroup};
use crate::wire::{self, Exchange, Reply};

/// The hub as one partner sees it.
#[derive(Debug)]
pub struct Hub {
    credentials: Credentials,
    origin: Origin,
}

impl Hub {
    /// The hub of the partner's environment, asked with the hub's own credentials where there are any.
    pub fn new(partner: &Partner) -> Self {
        let official = match partner.environment {
            Environment::Test => "https://demohub.payple.kr",
            Environment::Live => "https://hub.payple.kr",
        };
        Self {
            credentials: partner.hub_credentials.as_ref().unwrap_or(&partner.credentials).clone(),
            origin: partner.hub_origin.clone().unwrap_or_else(|| Origin::official(official)),
        }
    }

    fn pair(&self) -> [(&'static str, &str); 2] {
        [
            ("cst_id", self.credentials.reveal_cst_id()),
            ("custKey", self.credentials.reveal_cust_key()),
        ]
    }
}

impl Authority for Hub {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn authenticate(&self, draw: &mut Draw<'_>) -> Result<(Exchange, String), Error> {
        let code = token::draw_code(draw)?;
        let [cst_id, cust_key] = self.pair();
        let url = format!("{}/oauth/token", self.origin.as_str());
        let exchange =
            wire::post(Self::NAME, Phase::Token, url, &[cst_id, cust_key, ("code", &code)], None)?;
        Ok((exchange, code))
    }

    fn read_pass(&self, reply: &Reply, code: &str) -> Result<Issued, Error> {
        token::read(
            reply,
            code,
            &[self.credentials.reveal_cust_key(), self.credentials.reveal_cst_id()],
        )
    }

    fn accepts(&self, held: &Held) -> bool {
        held.reveal().is_some_and(|[token]| token::is_sendable(token))
    }
}

impl Service for Hub {
    const NAME: &'static str = "hub";
    type Question = GroupKey;
    type Answer = PayoutRequestGroup;

    fn ready(&self, _: &GroupKey) -> Result<(), Error> {
        Ok(())
    }

    fn ask(&self, held: &Held, group_key: &GroupKey) -> Result<Exchange, Error> {
        let [token] = held.reveal().unwrap_or_default();
        let [cst_id, cust_key] = self.pair();
        let url = format!("{}/request/result/group_key", self.origin.as_str());
        let fields = [cst_id, cust_key, ("group_key", group_key.as_str())];
        // The comma in the spec page is a slip.
        wire::post(
            Self::NAME,
            Phase::Lookup,
            url,
            &fields,
            Some(("authorization", format!("Bearer {token}"))),
        )
    }

    fn read_answer(
        &self,
        reply: Reply,
        held: &Held,
        group_key: &GroupKey,
    ) -> Result<PayoutRequestGroup, Error> {
        let [token] = held.reveal().unwrap_or_default();
        let secrets = [
            self.credentials.reveal_cust_key(),
            self.credentials.reveal_cst_id(),
            token,
            group_key.as_str(),
        ];
        payout_requests::read(reply, group_key, self.credentials.reveal_cst_id(), &secrets)
    }
}

/// Reads a reply without a desk.
#[cfg(feature = "bench")]
pub(crate) fn read_for_bench(
    reply: Reply,
    asked: &GroupKey,
    cst_id: &str,
) -> Result<PayoutRequestGroup, Error> {
    payout_requests::read(reply, asked, cst_id, &[])
}

/// What a result code other than success means, in either phase.
///
/// Sources: facts page, 'Hub'. The set of codes is open; what is unknown is a refusal, never a success.
fn refusal(reply: &Reply, phase: Phase, code: &str, message: &str, secrets: &[&str]) -> Error {
    let Some(code) = wire::code(code, secrets) else {
        return wire::without_answer(reply, phase, "has a result that is not a code");
    };
    let words = wire::words(message, secrets);
    let said = |who: &str| format!("Payple's hub {who}: [{code}] {words}").trim_end().to_owned();
    let error = match (code, phase) {
        ("T0996" | "T0997", _) => {
            Error::new(Kind::Unavailable, said("is under maintenance")).retryable_later()
        }
        ("T1999" | "A0001" | "A0002" | "A0003" | "A0007" | "A0099" | "A0999", _) => {
            Error::new(Kind::Unavailable, said("cannot answer now"))
                .retryable_soon(reply.retry_after_ms)
        }
        ("T0200" | "T0201" | "T0210" | "T0211" | "T0300" | "T0310" | "T0322", _) => {
            Error::new(Kind::Authentication, said("refused the partner"))
        }
        // T02xx and T03xx are about the partner; the rest of the T codes are known as system errors.
        (code, Phase::Token)
            if code.starts_with('T') && !code.starts_with("T02") && !code.starts_with("T03") =>
        {
            Error::new(Kind::Unavailable, said("cannot issue a token now"))
                .retryable_soon(reply.retry_after_ms)
        }
        (_, Phase::Token) => Error::new(Kind::Authentication, said("refused the partner")),
        // What an expired token gets is documented nowhere, so every other T code may be it: a new token, once, tells.
        (code, Phase::Lookup) if code.starts_with('T') => {
            Error::new(Kind::Authentication, said("did not accept the token")).refusing_the_pass()
        }
        (_, Phase::Lookup) => Error::new(Kind::Rejected, said("refused this look-up")),
    };
    error
        .with_phase(phase)
        .with_code(code)
        .with_status(reply.status)
        .with_hint(hint::for_code(code))
}
