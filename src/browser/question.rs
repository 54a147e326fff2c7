//! What can be asked of the Worker's API: method, path and body of each question, and the reading
//! of its answer.

use gloo_net::http::Method;
use js_sys::JsString;
use serde::de::DeserializeOwned;

use super::answer;
use crate::api::{BillingKeyQuestion, BillingKeyResults, BillingKeysQuestion, Session, SignIn};
use crate::billing_key::{BillingKey, PayerId};
use crate::payout::{GroupKey, PayoutRequestGroup};

/// One request to the Worker.
pub(super) enum Question {
    /// With what the group is to be compared with, as JSON.
    PayoutRequests(GroupKey, Option<JsString>),
    BillingKey(PayerId),
    /// One that is no key is a result of its own.
    BillingKeys(BillingKeysQuestion),
    Session,
    SignIn(String),
    SignOut,
}

impl Question {
    pub(super) fn method(&self) -> Method {
        match self {
            Self::PayoutRequests(..)
            | Self::BillingKey(_)
            | Self::BillingKeys(_)
            | Self::SignIn(_) => Method::POST,
            Self::Session => Method::GET,
            Self::SignOut => Method::DELETE,
        }
    }

    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::PayoutRequests(..) => "api/payout-requests",
            Self::BillingKey(_) => "api/billing-key",
            Self::BillingKeys(_) => "api/billing-keys",
            Self::Session | Self::SignIn(_) | Self::SignOut => "api/session",
        }
    }

    /// As JSON.
    pub(super) fn body(&self) -> Option<JsString> {
        let text = match self {
            Self::PayoutRequests(group_key, expect) => {
                let open = format!("{{\"groupKey\":{}", serde_json::to_string(group_key).ok()?);
                return Some(match expect {
                    None => JsString::from(format!("{open}}}")),
                    // A list may be megabytes: it is put in as the text that it is, and never
                    // enters this module.
                    Some(expect) => JsString::from(format!("{open},\"expect\":"))
                        .concat(expect)
                        .concat(&JsString::from("}")),
                });
            }
            Self::BillingKey(payer_id) => {
                serde_json::to_string(&BillingKeyQuestion { payer_id: payer_id.reveal() })
            }
            Self::BillingKeys(question) => serde_json::to_string(question),
            Self::SignIn(token) => serde_json::to_string(&SignIn { token }),
            Self::Session | Self::SignOut => return None,
        };
        text.ok().map(JsString::from)
    }

    /// Whether it is done without an answer.
    pub(super) fn wants_no_answer(&self) -> bool {
        matches!(self, Self::SignIn(_) | Self::SignOut)
    }

    /// Checks that a text is its answer. The error completes a sentence, "the reply {error}".
    pub(super) fn check(&self, text: &str) -> Result<(), String> {
        match self {
            Self::PayoutRequests(_, expect) => {
                let group: PayoutRequestGroup = answer::read(text)?;
                match (expect, group.review.expectation) {
                    (Some(_), None) => Err("lacks review.expectation".to_owned()),
                    _ => Ok(()),
                }
            }
            Self::BillingKey(_) => reads_as::<BillingKey>(text),
            Self::BillingKeys(_) => reads_as::<BillingKeyResults>(text),
            Self::Session => reads_as::<Session>(text),
            Self::SignIn(_) | Self::SignOut => Err("holds an answer where none is due".to_owned()),
        }
    }
}

fn reads_as<T: DeserializeOwned>(text: &str) -> Result<(), String> {
    answer::read::<T>(text).map(drop)
}
