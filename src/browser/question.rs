//! What can be asked of the Worker's API: method, path and body of each question, and the form of its answer.

use gloo_net::http::Method;
use js_sys::{JSON, JsString};
use serde::Serialize;

use super::answer::{self, Form};
use crate::billing_key::PayerId;
use crate::payout::GroupKey;

/// One request to the Worker.
pub(super) enum Question {
    /// With what the group is to be compared with, as JSON.
    PayoutRequests(GroupKey, Option<JsString>),
    BillingKey(PayerId),
    /// One that is no key is a result of its own.
    BillingKeys(Vec<String>),
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
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        enum Body<'a> {
            GroupKey(&'a str),
            PayerId(&'a str),
            PayerIds(&'a [String]),
            Token(&'a str),
        }
        let body = match self {
            Self::PayoutRequests(group_key, _) => Body::GroupKey(group_key.as_str()),
            Self::BillingKey(payer_id) => Body::PayerId(payer_id.reveal()),
            Self::BillingKeys(payer_ids) => Body::PayerIds(payer_ids),
            Self::SignIn(token) => Body::Token(token),
            Self::Session | Self::SignOut => return None,
        };
        let body = JSON::stringify(&serde_wasm_bindgen::to_value(&body).ok()?).ok()?;
        match self {
            // A list may be megabytes: it is put in as the text that it is, and never enters this module.
            Self::PayoutRequests(_, Some(expect)) => {
                let open = body.slice(0, body.length().saturating_sub(1));
                Some(
                    open.concat(&JsString::from(r#","expect":"#))
                        .concat(expect)
                        .concat(&JsString::from("}")),
                )
            }
            _ => Some(body),
        }
    }

    /// The form of its answer; `None` where it is done without one.
    pub(super) fn answer(&self) -> Option<Form> {
        match self {
            Self::PayoutRequests(_, None) => Some(answer::PAYOUT_REQUEST_GROUP),
            Self::PayoutRequests(_, Some(_)) => Some(answer::COMPARED_GROUP),
            Self::BillingKey(_) => Some(answer::BILLING_KEY),
            Self::BillingKeys(_) => Some(answer::BILLING_KEY_RESULTS),
            Self::Session => Some(answer::SESSION),
            Self::SignIn(_) | Self::SignOut => None,
        }
    }
}
