//! What the Worker answers of many billing keys: one result for each.

use serde::{Deserialize, Serialize};

use crate::billing_key::BillingKey;
use crate::error::{Error, ErrorKind};

/// One result for each billing key that was sent, in their order.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillingKeyResults {
    /// In the order of the keys.
    pub results: Vec<BillingKeyOutcome>,
}

/// What came of one of several billing keys, as `lookupBillingKeys` of the npm package yields it.
/// Narrow by `status`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(!try_from))]
#[serde(tag = "status", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[serde(try_from = "Fields")]
pub enum BillingKeyOutcome {
    /// 등록된 빌링키.
    Registered {
        /// Its place among the keys that were sent, from 0.
        index: usize,
        /// 빌링키, as sent.
        payer_id: String,
        /// What is behind it.
        billing_key: BillingKey,
    },
    /// 등록되지 않았거나 해지된 빌링키, as far as Payple's code tells.
    NotRegistered {
        /// Its place among the keys that were sent, from 0.
        index: usize,
        /// 빌링키, as sent.
        payer_id: String,
        /// Payple's code.
        code: String,
        /// What Payple says.
        message: String,
    },
    /// 조회하지 못한 빌링키: it may well be registered.
    Failed {
        /// Its place among the keys that were sent, from 0.
        index: usize,
        /// 빌링키, as sent.
        payer_id: String,
        /// Why.
        error: Error,
    },
}

/// An outcome's fields as they are read: all at one level, so that a fault in them can be named.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    status: String,
    index: usize,
    payer_id: String,
    billing_key: Option<BillingKey>,
    code: Option<String>,
    message: Option<String>,
    error: Option<Error>,
}

impl TryFrom<Fields> for BillingKeyOutcome {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { status, index, payer_id, billing_key, code, message, error } = fields;
        match status.as_str() {
            "registered" => {
                let billing_key = billing_key.ok_or("missing field `billingKey`")?;
                Ok(Self::Registered { index, payer_id, billing_key })
            }
            "not_registered" => {
                let code = code.ok_or("missing field `code`")?;
                let message = message.ok_or("missing field `message`")?;
                Ok(Self::NotRegistered { index, payer_id, code, message })
            }
            "failed" => {
                let error = error.ok_or("missing field `error`")?;
                Ok(Self::Failed { index, payer_id, error })
            }
            _ => Err("a status of another version"),
        }
    }
}

impl BillingKeyOutcome {
    /// Of one look-up.
    pub fn of(index: usize, payer_id: String, outcome: Result<BillingKey, Error>) -> Self {
        match outcome {
            Ok(billing_key) => Self::Registered { index, payer_id, billing_key },
            Err(error) => match &error.code {
                // Payple says that nothing is registered under the key.
                Some(code)
                    if error.kind == ErrorKind::Rejected
                        && NOT_REGISTERED.contains(&code.as_str()) =>
                {
                    let (code, message) = (code.clone(), error.message.to_string());
                    Self::NotRegistered { index, payer_id, code, message }
                }
                _ => Self::Failed { index, payer_id, error },
            },
        }
    }
}

const NOT_REGISTERED: [&str; 2] = ["SPCD0001", "SPCD0012"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_key_that_is_not_registered_is_a_result_and_no_failure() {
        let error = |kind| Error::new(kind, "why").with_code(Some("SPCD0012"));
        let result = BillingKeyOutcome::of(3, "K".to_owned(), Err(error(ErrorKind::Rejected)));
        assert_eq!(
            serde_json::to_value(&result).unwrap(),
            serde_json::json!({ "status": "not_registered", "index": 3, "payerId": "K", "code": "SPCD0012", "message": "why" })
        );
        let failed = BillingKeyOutcome::of(0, "K".to_owned(), Err(error(ErrorKind::Protocol)));
        assert!(matches!(failed, BillingKeyOutcome::Failed { .. }));
    }
}
