//! The model of a billing key's state: a card, a bank account, or something newer than this crate.

use serde::{Deserialize, Serialize, Serializer};
use serde_with::skip_serializing_none;

use crate::error::Error;
use crate::identifier;
use crate::secret::Secret;

/// 빌링키 (`PCD_PAYER_ID`): as good as a means of payment, so it is never shown.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct PayerId(Secret);

impl PayerId {
    /// Checks a billing key: 1 to 255 characters, no white space, no control characters. The spec
    /// names no length.
    pub fn new(text: &str) -> Result<Self, Error> {
        identifier::check("payerId", text, MAX_PAYER_ID_CHARS).map_err(Error::invalid_input)?;
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// The key itself, for the request that asks for it and the answer that returns it.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

impl TryFrom<String> for PayerId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::new(&text)
    }
}

/// What is behind a billing key (빌링키). Narrow by `type`.
//
// Its `Debug` shows nothing of the person.
#[skip_serializing_none]
#[derive(Clone, derive_more::Debug, Serialize, Deserialize)]
#[debug("BillingKey({})", self.method.type_name())]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(!try_from))]
#[serde(rename_all = "camelCase", try_from = "Fields")]
#[non_exhaustive]
pub struct BillingKey {
    /// Card, account, or neither.
    #[serde(flatten)]
    pub method: Method,
    /// 빌링키 (`PCD_PAYER_ID`), as asked for and as Payple echoed it.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub payer_id: PayerId,
    /// 이름, as Payple returns it.
    pub payer_name: Option<String>,
    /// 휴대전화번호, as Payple masks it.
    pub payer_phone: Option<String>,
    /// 개인, 법인, 개인사업자, or another word of Payple's.
    pub owner_type: Option<String>,
    /// Payple's result code, `0000`.
    pub code: String,
    /// Payple's message.
    pub message: String,
}

/// The means of payment behind a billing key (`PCD_PAY_TYPE`).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[derive(strum::IntoStaticStr)]
#[strum(serialize_all = "camelCase")]
#[non_exhaustive]
pub enum Method {
    /// 카드 빌링키.
    Card {
        /// 카드사 코드, 카드사명, 카드번호.
        card: Card,
        /// 부가세 표시 (`PCD_PAY_ISTAX`); absent where Payple says neither Y nor N.
        #[serde(skip_serializing_if = "Option::is_none")]
        taxable: Option<bool>,
    },
    /// 계좌 빌링키.
    Transfer {
        /// 은행 코드, 은행명, 계좌번호.
        bank: BankAccount,
    },
    /// A type that this version does not know, kept as it came.
    Other {
        /// `PCD_PAY_TYPE`.
        raw_type: String,
    },
}

/// A card. Texts are as Payple displays them, `""` where it sends none. 카드.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Card {
    /// 카드사 코드. No full table of them is public.
    pub code: String,
    /// 카드사명.
    pub name: String,
    /// 카드번호, masked.
    pub number: String,
}

/// A bank account. Texts are as Payple displays them, `""` where it sends none. 은행 계좌.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BankAccount {
    /// 은행 코드: three digits; leading zeros matter.
    pub code: String,
    /// 은행명.
    pub name: String,
    /// 계좌번호, masked.
    pub number: String,
}

/// A billing key's fields as they are read: all at one level. Read as a tagged enum they would be
/// buffered first, and a fault in them could not be named.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    #[serde(rename = "type")]
    type_name: String,
    card: Option<Card>,
    taxable: Option<bool>,
    bank: Option<BankAccount>,
    raw_type: Option<String>,
    payer_id: PayerId,
    payer_name: Option<String>,
    payer_phone: Option<String>,
    owner_type: Option<String>,
    code: String,
    message: String,
}

impl TryFrom<Fields> for BillingKey {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { type_name, card, taxable, bank, raw_type, .. } = fields;
        let method = match type_name.as_str() {
            "card" => Method::Card { card: card.ok_or("missing field `card`")?, taxable },
            "transfer" => Method::Transfer { bank: bank.ok_or("missing field `bank`")? },
            "other" => Method::Other { raw_type: raw_type.ok_or("missing field `rawType`")? },
            _ => return Err("a type of another version"),
        };
        let Fields { payer_id, payer_name, payer_phone, owner_type, code, message, .. } = fields;
        Ok(Self { method, payer_id, payer_name, payer_phone, owner_type, code, message })
    }
}

impl Method {
    /// `card`, `transfer` or `other`.
    pub fn type_name(&self) -> &'static str {
        self.into()
    }
}

fn reveal<S: Serializer>(payer_id: &PayerId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(payer_id.reveal())
}

const MAX_PAYER_ID_CHARS: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_billing_key_is_opaque_bounded_and_not_shown() {
        assert!(PayerId::new("d0toSS9sT084bVJSNThScnFX").is_ok());
        assert_eq!(PayerId::new("").unwrap_err().kind, ErrorKind::InvalidInput);
        assert!(PayerId::new("a b").is_err());
        assert!(!format!("{:?}", PayerId::new("canary").unwrap()).contains("canary"));
    }

    #[test]
    fn each_type_reads_back_what_it_writes_and_a_field_that_is_missing_is_named() {
        let common = r#""payerId":"b","code":"0000","message":"""#;
        for (method, missing) in [
            (
                r#""type":"card","card":{"code":"311","name":"삼성","number":"1"},"taxable":true"#,
                "card",
            ),
            (r#""type":"transfer","bank":{"code":"090","name":"카카오","number":"1"}"#, "bank"),
            (r#""type":"other","rawType":"voucher""#, "rawType"),
        ] {
            let read = |json: String| serde_json::from_str::<BillingKey>(&json);
            let key = read(format!("{{{method},{common}}}")).unwrap();
            let written = serde_json::to_string(&key).unwrap();
            assert_eq!(written, format!("{{{method},{common}}}"));
            let (kind, _) = method.split_once(',').unwrap();
            let fault = read(format!("{{{kind},{common}}}")).unwrap_err().to_string();
            assert!(fault.contains(&format!("missing field `{missing}`")), "{fault}");
        }
        let newer = format!(r#"{{"type":"wallet",{common}}}"#);
        assert!(serde_json::from_str::<BillingKey>(&newer).is_err());
    }
}
