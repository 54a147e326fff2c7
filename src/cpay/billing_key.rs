//! One billing key's state, as the look-up answers it: a card, a bank account, or something newer than this crate.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, Kind, Phase};
use crate::hint;
use crate::json::Scalar;
use crate::partner::identifier_fault;
use crate::secret::Secret;
use crate::wire::{self, Reply};

/// 빌링키 (`PCD_PAYER_ID`): as good as a means of payment, so it is never shown.
#[derive(Debug, Clone)]
pub struct PayerId(Secret);

impl PayerId {
    /// Checks a billing key: 1 to 255 characters, no white space, no control characters. The spec names no length.
    pub fn new(text: &str) -> Result<Self, Error> {
        match identifier_fault(text, MAX_PAYER_ID_CHARS) {
            None => Ok(Self(Secret::new(text.to_owned()))),
            Some(fault) => Err(Error::new(Kind::InvalidInput, format!("payerId {fault}"))),
        }
    }

    /// The key itself, for the request that asks for it and the answer that returns it.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// What Payple says of a billing key. Serialises as the contract's `BillingKey`.
#[derive(Clone)]
pub struct BillingKey {
    /// Card, account, or neither.
    pub method: Method,
    /// The key that was asked for, echoed.
    pub payer_id: PayerId,
    /// 이름, as Payple returns it.
    pub payer_name: Option<String>,
    /// 휴대전화번호, as Payple masks it.
    pub payer_phone: Option<String>,
    /// 개인, 법인, 개인사업자, or another word of Payple's.
    pub owner_type: Option<String>,
    /// Payple's result code.
    pub code: String,
    /// Payple's message.
    pub message: String,
}

/// The means of payment behind a billing key.
#[derive(Clone, PartialEq, Eq)]
pub enum Method {
    /// `PCD_PAY_TYPE` `card`.
    Card(Card),
    /// `PCD_PAY_TYPE` `transfer`.
    Transfer(Account),
    /// A type that this crate does not know, kept as it came.
    Other {
        /// `PCD_PAY_TYPE`.
        raw_type: String,
    },
}

/// A card. Texts are as Payple displays them, `""` where it sends none.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Issuer's code. No full table of them is public.
    pub code: String,
    /// Issuer's name.
    pub name: String,
    /// Masked number.
    pub number: String,
    /// 부가세 표시: `None` where Payple says neither Y nor N.
    #[serde(skip)]
    pub taxable: Option<bool>,
}

/// A bank account. Texts are as Payple displays them, `""` where it sends none.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Three digits; leading zeros matter.
    pub code: String,
    /// The bank's name.
    pub name: String,
    /// Masked number.
    pub number: String,
}

/// Shows nothing of the person.
impl fmt::Debug for BillingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BillingKey({})", self.method.type_name())
    }
}

impl Method {
    /// `card`, `transfer` or `other`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Card(_) => "card",
            Self::Transfer(_) => "transfer",
            Self::Other { .. } => "other",
        }
    }
}

impl Serialize for BillingKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("type", self.method.type_name())?;
        match &self.method {
            Method::Card(card) => {
                object.serialize_entry("card", card)?;
                if let Some(taxable) = card.taxable {
                    object.serialize_entry("taxable", &taxable)?;
                }
            }
            Method::Transfer(bank) => object.serialize_entry("bank", bank)?,
            Method::Other { raw_type } => object.serialize_entry("rawType", raw_type)?,
        }
        object.serialize_entry("payerId", self.payer_id.reveal())?;
        for (name, text) in [
            ("payerName", &self.payer_name),
            ("payerPhone", &self.payer_phone),
            ("ownerType", &self.owner_type),
        ] {
            if let Some(text) = text {
                object.serialize_entry(name, text)?;
            }
        }
        object.serialize_entry("code", &self.code)?;
        object.serialize_entry("message", &self.message)?;
        object.end()
    }
}

/// The reply to a look-up, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct BillingKeyReply<'a> {
    #[serde(borrow, rename = "PCD_PAY_RST")]
    outcome: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_CODE")]
    code: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_MSG")]
    message: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_TYPE")]
    pay_type: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_BANKACCTYPE")]
    owner_type: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAYER_ID")]
    payer_id: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAYER_NAME")]
    payer_name: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAYER_HP")]
    payer_phone: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_CARD")]
    card_code: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_CARDNAME")]
    card_name: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_CARDNUM")]
    card_number: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_ISTAX")]
    is_taxable: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_BANK")]
    bank_code: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_BANKNAME")]
    bank_name: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_BANKNUM")]
    bank_number: Scalar<'a>,
    /// Of a refusal in the form of `auth.php`.
    #[serde(borrow)]
    result: Scalar<'a>,
    #[serde(borrow)]
    result_msg: Scalar<'a>,
}

/// Reads the reply to a look-up of `asked`.
pub(super) fn read(reply: &Reply, asked: &PayerId, secrets: &[&str]) -> Result<BillingKey, Error> {
    let phase = Phase::Lookup;
    let read: BillingKeyReply<'_> = wire::read(reply, phase)?;
    let BillingKeyReply { outcome, code, message, pay_type, payer_id, .. } = &read;
    let protocol = |what: &str| {
        Error::new(Kind::Protocol, format!("Payple's billing-key reply {what}"))
            .with_phase(phase)
            .with_status(reply.status)
    };

    match (outcome.as_str(), code.as_str()) {
        ("success", LOOKED_UP) => {}
        ("success", "") | ("", LOOKED_UP) => {
            if session_ended(message.as_str()) {
                return Err(refusal(reply, "", message.as_str(), secrets));
            }
            return Err(protocol("contradicts itself: result and code do not agree"));
        }
        // A refusal in the form of the authentication's: seen of real servers where the address is asked without one.
        ("", "")
            if message.filled().is_none()
                && read.result.filled().is_some_and(|result| result != "success") =>
        {
            return Err(refusal(reply, "", read.result_msg.as_str(), secrets));
        }
        ("", "") if message.filled().is_none() => {
            return Err(wire::without_answer(reply, phase, "has neither result nor code"));
        }
        // `error` is a refusal whatever code comes with it: so says the spec page.
        (_, code) => return Err(refusal(reply, code, message.as_str(), secrets)),
    }
    if payer_id.as_str() != asked.reveal() {
        return Err(protocol("is about another billing key than the one asked for"));
    }
    // One field may be missing; an answer that shows nothing at all of the means of payment is none.
    let shown = |what: &str, [code, name, number]: [&Scalar<'_>; 3]| {
        let texts = [code, name, number].map(|text| text.as_str().to_owned());
        if texts.iter().all(String::is_empty) {
            Err(protocol(&format!("shows no {what}")))
        } else {
            Ok(texts)
        }
    };
    let method = match pay_type.as_str() {
        "card" => {
            let [code, name, number] =
                shown("card", [&read.card_code, &read.card_name, &read.card_number])?;
            let taxable = match read.is_taxable.as_str() {
                "Y" => Some(true),
                "N" => Some(false),
                _ => None,
            };
            Method::Card(Card { code, name, number, taxable })
        }
        "transfer" => {
            let [code, name, number] =
                shown("account", [&read.bank_code, &read.bank_name, &read.bank_number])?;
            Method::Transfer(Account { code, name, number })
        }
        "" => return Err(protocol("has no PCD_PAY_TYPE")),
        raw_type => Method::Other { raw_type: raw_type.to_owned() },
    };
    Ok(BillingKey {
        method,
        payer_id: asked.clone(),
        message: wire::words(message.as_str(), secrets),
        payer_name: read.payer_name.into_filled(),
        payer_phone: read.payer_phone.into_filled(),
        owner_type: read.owner_type.into_filled(),
        code: LOOKED_UP.to_owned(),
    })
}

/// What a code other than success means.
fn refusal(reply: &Reply, code: &str, message: &str, secrets: &[&str]) -> Error {
    let words = wire::words(message, secrets);
    // In some refusals the code stands in the message alone: `[Test] [SPCD0001] - …`.
    let code = wire::code(code, secrets).or_else(|| wire::code_in_message(message, secrets));
    let error = match code {
        // About who asks and from where: a new pass would be refused like the old one.
        Some("AUTH0001" | "AUTH0002" | "AUTH0003" | "AUTH0004" | "AUTH0006" | "AUTH0007") => {
            Error::new(Kind::Authentication, format!("Payple refused the partner: {words}"))
        }
        _ if reply.status == 401
            || session_ended(message)
            || code.is_some_and(|code| code.starts_with("AUTH")) =>
        {
            Error::new(
                Kind::Authentication,
                format!("Payple did not accept the authentication: {words}"),
            )
            .refusing_the_pass()
        }
        _ => Error::new(Kind::Rejected, format!("Payple refused this look-up: {words}")),
    };
    let error = error.with_phase(Phase::Lookup).with_status(reply.status);
    match code {
        Some(code) => error.with_code(code).with_hint(hint::for_code(code)),
        None => error,
    }
}

/// The words with which sibling calls report an expired `AuthKey`; the code that goes with them here is documented
/// nowhere. A reply that holds them by mistake costs one authentication, no more.
fn session_ended(message: &str) -> bool {
    message.contains("인증세션") || message.contains("인증") && message.contains("만료")
}

const LOOKED_UP: &str = "0000";
const MAX_PAYER_ID_CHARS: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str = r#"{ "PCD_PAY_RST": "success", "PCD_PAY_CODE": "0000", "PCD_PAY_MSG": "회원조회 성공", "PCD_PAY_TYPE": "card",
        "PCD_PAY_BANKACCTYPE": "개인", "PCD_PAYER_ID": "KEY-1", "PCD_PAYER_NAME": "홍길동", "PCD_PAYER_HP": "010-****-5678",
        "PCD_PAY_CARD": "0200", "PCD_PAY_CARDNAME": "BC카드", "PCD_PAY_CARDNUM": "1111-****-****-2222", "PCD_PAY_ISTAX": "Y" }"#;

    fn read_body(status: u16, body: &str) -> Result<BillingKey, Error> {
        let reply = Reply { status, retry_after_ms: None, body: body.as_bytes().to_vec() };
        read(&reply, &PayerId::new("KEY-1").unwrap(), &["canary-key", "KEY-1"])
    }

    fn refused(code: &str, message: &str) -> Error {
        read_body(
            200,
            &format!(
                r#"{{"PCD_PAY_RST":"error","PCD_PAY_CODE":"{code}","PCD_PAY_MSG":"{message}"}}"#
            ),
        )
        .unwrap_err()
    }

    #[test]
    fn reads_the_card_of_the_spec() {
        assert_eq!(
            serde_json::to_value(read_body(200, CARD).unwrap()).unwrap(),
            serde_json::json!({
                "type": "card", "card": { "code": "0200", "name": "BC카드", "number": "1111-****-****-2222" }, "taxable": true,
                "payerId": "KEY-1", "payerName": "홍길동", "payerPhone": "010-****-5678", "ownerType": "개인",
                "code": "0000", "message": "회원조회 성공",
            })
        );
    }

    #[test]
    fn reads_the_account_of_the_spec() {
        let body = r#"{ "PCD_PAY_RST": "success", "PCD_PAY_CODE": "0000", "PCD_PAY_MSG": "회원조회 성공", "PCD_PAY_TYPE": "transfer",
            "PCD_PAY_BANKACCTYPE": "개인", "PCD_PAYER_ID" : "KEY-1", "PCD_PAYER_NAME": "홍길동", "PCD_PAYER_HP": "010-****-5678",
            "PCD_PAY_BANK": "081", "PCD_PAY_BANKNAME": "KEB하나은행", "PCD_PAY_BANKNUM": "123-********-021" }"#;
        let value = serde_json::to_value(read_body(200, body).unwrap()).unwrap();

        assert_eq!(value["type"], "transfer");
        assert_eq!(
            value["bank"],
            serde_json::json!({ "code": "081", "name": "KEB하나은행", "number": "123-********-021" })
        );
        assert!(value.get("taxable").is_none());
    }

    #[test]
    fn an_unknown_type_is_kept() {
        let key = read_body(200, &CARD.replace(r#""card""#, r#""pay-by-song""#)).unwrap();

        assert_eq!(serde_json::to_value(key).unwrap()["rawType"], "pay-by-song");
    }

    #[test]
    fn what_payple_leaves_out_is_left_out() {
        let bare = r#"{"PCD_PAY_RST":"success","PCD_PAY_CODE":"0000","PCD_PAY_TYPE":"card","PCD_PAYER_ID":"KEY-1","PCD_PAYER_NAME":null,"PCD_PAY_CARDNUM":"1111"}"#;

        assert_eq!(
            serde_json::to_value(read_body(200, bare).unwrap()).unwrap(),
            serde_json::json!({ "type": "card", "card": { "code": "", "name": "", "number": "1111" }, "payerId": "KEY-1", "code": "0000", "message": "" })
        );
    }

    #[test]
    fn a_card_or_account_that_is_not_shown_at_all_is_no_answer() {
        for kind in ["card", "transfer"] {
            let body = format!(
                r#"{{"PCD_PAY_RST":"success","PCD_PAY_CODE":"0000","PCD_PAY_TYPE":"{kind}","PCD_PAYER_ID":"KEY-1"}}"#
            );
            assert_eq!(read_body(200, &body).unwrap_err().kind(), Kind::Protocol, "{kind}");
        }
    }

    #[test]
    fn an_answer_without_a_type_is_none() {
        for nothing in ["\"\"", "null", "{}"] {
            assert_eq!(
                read_body(200, &CARD.replace(r#""card""#, nothing)).unwrap_err().kind(),
                Kind::Protocol,
                "{nothing}"
            );
        }
    }

    #[test]
    fn an_answer_about_another_key_is_refused() {
        for other in ["KEY-2", "", "key-1"] {
            let error = read_body(200, &CARD.replace("KEY-1", other)).unwrap_err();
            assert_eq!(error.kind(), Kind::Protocol, "{other:?}");
            assert!(!error.message().contains("KEY"));
        }
    }

    #[test]
    fn success_needs_both_result_and_code() {
        for (result, code) in
            [("success", ""), ("", "0000"), ("error", "0000"), ("success", "0001")]
        {
            let body = CARD
                .replace(r#"RST": "success""#, &format!(r#"RST": "{result}""#))
                .replace(r#""0000""#, &format!("\"{code}\""));
            assert!(read_body(200, &body).is_err(), "{result:?} {code:?}");
        }
        assert_eq!(
            (refused("0000", "x").kind(), refused("0000", "x").code()),
            (Kind::Rejected, Some("0000"))
        );
        assert_eq!((refused("", "x").kind(), refused("", "x").code()), (Kind::Rejected, None));
        assert_eq!(read_body(200, "{}").unwrap_err().kind(), Kind::Protocol);
        assert_eq!(read_body(503, "{}").unwrap_err().kind(), Kind::Unavailable);
    }

    #[test]
    fn a_refusal_keeps_payples_code_and_words() {
        let error = refused("SPCD0001", "등록된 빌링키가 없습니다 KEY-1");

        assert_eq!(
            (error.kind(), error.code(), error.phase()),
            (Kind::Rejected, Some("SPCD0001"), Some(Phase::Lookup))
        );
        assert!(error.message().contains("등록된 빌링키가 없습니다"));
        assert!(refused("SPCD0012", "canary-key").hint().is_some());
        assert!(!refused("SPCD0012", "canary-key").message().contains("canary"));
    }

    #[test]
    fn a_code_that_stands_in_the_message_alone_is_read() {
        let error = refused("", "[Test] [SPCD0001] - 등록된 빌링키가 없습니다");
        assert_eq!((error.kind(), error.code()), (Kind::Rejected, Some("SPCD0001")));
        assert!(error.hint().is_some());
        assert_eq!(refused("SPCD0012", "[Test] [SPCD0001] - x").code(), Some("SPCD0012"));
    }

    #[test]
    fn a_refusal_in_the_form_of_the_authentication_keeps_its_code() {
        let body =
            r#"{"result":"error","result_msg":"[Test] [AUTH0004] 1234 - 등록되지 않은 도메인"}"#;
        let error = read_body(200, body).unwrap_err();
        assert_eq!(
            (error.kind(), error.code(), error.phase()),
            (Kind::Authentication, Some("AUTH0004"), Some(Phase::Lookup))
        );
        assert!(error.hint().is_some() && !error.refuses_pass());
    }

    #[test]
    fn an_expired_authentication_refuses_the_pass() {
        assert!(refused("SPCD0999", "인증세션이 만료되었습니다").refuses_pass());
        assert!(refused("", "인증세션이 만료되었습니다").refuses_pass());
        assert!(refused("AUTH0099", "x").refuses_pass());
        assert!(!refused("AUTH0004", "x").refuses_pass());
        assert!(!refused("SPCD0001", "x").refuses_pass());
        assert!(read_body(401, r#"{"PCD_PAY_CODE":"X1"}"#).unwrap_err().refuses_pass());
    }

    #[test]
    fn a_billing_key_is_opaque_bounded_and_not_shown() {
        assert!(PayerId::new("d0toSS9sT084bVJSNThScnFX").is_ok());
        assert_eq!(PayerId::new("").unwrap_err().kind(), Kind::InvalidInput);
        assert!(PayerId::new("a b").is_err());
        assert!(!format!("{:?}", PayerId::new("canary").unwrap()).contains("canary"));
        assert_eq!(format!("{:?}", read_body(200, CARD).unwrap()), "BillingKey(card)");
    }
}
