//! The forms of the Worker's answers, checked before a caller sees them.
//!
//! Page and Worker may be of different versions, and an amount that is no whole number must never be shown. The
//! browser has parsed the reply by then: the check walks its objects, so that ten thousand rows are built only once.

use js_sys::{Array, Number, Reflect};
use wasm_bindgen::prelude::*;

/// What a value must look like. Fields that are not named may hold anything.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Text,
    /// A text where it is there at all.
    Optional,
    /// A text, or `null`.
    Nullable,
    /// A whole number that JavaScript holds exactly.
    Limit,
    /// The same, not below zero.
    Won,
    Flag,
    Object(&'static [Field]),
    List(&'static [Field]),
    /// An object whose further fields depend on a text in the field that is named first.
    OneOf(&'static str, &'static [(&'static str, Form)]),
    Items(&'static Form),
    Both(&'static Form, &'static Form),
}

type Field = (&'static str, Form);

pub(super) const PAYOUT_REQUEST_GROUP: Form = Form::Object(&GROUP);

/// A group that was compared with what was expected.
pub(super) const COMPARED_GROUP: Form = Form::Both(
    &PAYOUT_REQUEST_GROUP,
    &Form::Object(&[(
        "review",
        Form::Object(&[(
            "expectation",
            Form::Object(&[
                ("matched", Form::Won),
                ("missing", Form::Won),
                ("unexpected", Form::Won),
                ("different", Form::Won),
                ("ambiguous", Form::Won),
                ("matchedTotal", Form::Won),
                ("missingTotal", Form::Won),
                ("unexpectedTotal", Form::Won),
                ("differentTotal", Form::Won),
                ("differentExpectedTotal", Form::Won),
            ]),
        )]),
    )]),
);

const GROUP: [Field; 7] = [
    ("groupKey", Form::Text),
    ("total", Form::Won),
    ("count", Form::Won),
    ("code", Form::Text),
    ("message", Form::Text),
    (
        "requests",
        Form::List(&[
            ("cstId", Form::Text),
            ("subId", Form::Optional),
            ("groupKey", Form::Text),
            ("billingTranId", Form::Text),
            ("printContent", Form::Optional),
            ("amount", Form::Won),
            ("remainingLimit", Form::Limit),
            ("requestedAt", Form::Nullable),
            ("requestedAtRaw", Form::Text),
        ]),
    ),
    (
        "review",
        Form::Object(&[
            ("consistent", Form::Flag),
            ("computedTotal", Form::Won),
            ("computedCount", Form::Won),
            (
                "findings",
                Form::List(&[
                    ("kind", Form::Text),
                    ("severity", Form::Text),
                    ("message", Form::Text),
                ]),
            ),
        ]),
    ),
];

pub(super) const BILLING_KEY: Form = Form::OneOf(
    "type",
    &[
        ("card", Form::Object(&[("payerId", Form::Text), ("card", METHOD), ("code", Form::Text)])),
        (
            "transfer",
            Form::Object(&[("payerId", Form::Text), ("bank", METHOD), ("code", Form::Text)]),
        ),
        (
            "other",
            Form::Object(&[("payerId", Form::Text), ("rawType", Form::Text), ("code", Form::Text)]),
        ),
    ],
);

pub(super) const BILLING_KEY_RESULTS: Form = Form::Object(&[("results", Form::Items(&RESULT))]);

const RESULT: Form = Form::OneOf(
    "status",
    &[
        ("registered", Form::Object(&[("payerId", Form::Text), ("billingKey", BILLING_KEY)])),
        (
            "not_registered",
            Form::Object(&[("payerId", Form::Text), ("code", Form::Text), ("message", Form::Text)]),
        ),
        (
            "failed",
            Form::Object(&[
                ("payerId", Form::Text),
                (
                    "error",
                    Form::Object(&[
                        ("kind", Form::Text),
                        ("message", Form::Text),
                        ("retryable", Form::Flag),
                    ]),
                ),
            ]),
        ),
    ],
);

pub(super) const SESSION: Form = Form::Object(&[("environment", Form::Text)]);

const METHOD: Form =
    Form::Object(&[("code", Form::Text), ("name", Form::Text), ("number", Form::Text)]);

impl Form {
    pub(super) fn fits(self, value: &JsValue) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Optional => value.is_undefined() || value.is_string(),
            Self::Nullable => value.is_null() || value.is_string(),
            Self::Limit => Number::is_safe_integer(value),
            Self::Won => Number::is_safe_integer(value) && value.as_f64() >= Some(0.0),
            Self::Flag => value.as_bool().is_some(),
            Self::Object(fields) => Fields::new(fields).fit(value),
            Self::List(fields) => {
                let fields = Fields::new(fields);
                Array::is_array(value) && Array::from(value).iter().all(|item| fields.fit(&item))
            }
            Self::Both(one, other) => one.fits(value) && other.fits(value),
            Self::Items(form) => {
                Array::is_array(value) && Array::from(value).iter().all(|item| form.fits(&item))
            }
            Self::OneOf(which, forms) => {
                let name =
                    field(value, &JsValue::from_str(which)).and_then(|name| name.as_string());
                forms.iter().any(|(of, form)| name.as_deref() == Some(of) && form.fits(value))
            }
        }
    }
}

/// Fields whose names are JavaScript strings already: they are made once for a list, not once for a row.
struct Fields(Vec<(JsValue, Form)>);

impl Fields {
    fn new(fields: &[Field]) -> Self {
        Self(fields.iter().map(|(name, form)| (JsValue::from_str(name), *form)).collect())
    }

    fn fit(&self, value: &JsValue) -> bool {
        value.is_object()
            && self
                .0
                .iter()
                .all(|(name, form)| field(value, name).is_some_and(|value| form.fits(&value)))
    }
}

/// A field of an object; `undefined` where it has none, `None` where `value` cannot have fields.
pub(super) fn field(value: &JsValue, name: &JsValue) -> Option<JsValue> {
    Reflect::get(value, name).ok()
}
