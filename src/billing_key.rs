//! The model of a billing key's state: a card, a bank account, or something newer than this crate.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::config::identifier_fault;
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// 빌링키 (`PCD_PAYER_ID`): as good as a means of payment, so it is never shown.
#[derive(Debug, Clone)]
pub struct PayerId(Secret);

impl PayerId {
    /// Checks a billing key: 1 to 255 characters, no white space, no control characters. The spec names no length.
    pub fn new(text: &str) -> Result<Self, Error> {
        match identifier_fault(text, MAX_PAYER_ID_CHARS) {
            None => Ok(Self(Secret::new(text.to_owned()))),
            Some(fault) => Err(Error::new(ErrorKind::InvalidInput, format!("payerId {fault}"))),
        }
    }

    /// The key itself, for the request that asks for it and the answer that returns it.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}

/// What Payple says of a billing key. Serialises as the contract's `BillingKey`.
#[derive(Clone)]
#[non_exhaustive]
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
#[non_exhaustive]
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

const MAX_PAYER_ID_CHARS: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_billing_key_is_opaque_bounded_and_not_shown() {
        assert!(PayerId::new("d0toSS9sT084bVJSNThScnFX").is_ok());
        assert_eq!(PayerId::new("").unwrap_err().kind(), ErrorKind::InvalidInput);
        assert!(PayerId::new("a b").is_err());
        assert!(!format!("{:?}", PayerId::new("canary").unwrap()).contains("canary"));
    }
}
