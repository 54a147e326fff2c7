//! The options of a client, from whatever JavaScript was given. A wrong value is named, never repeated.

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use wasm_bindgen::JsValue;

use crate::error::{Error, Kind};
use crate::lookup::Call;
use crate::partner::{Credentials, Environment, Origin, Partner, Referer};

/// Options as checked.
pub(super) struct Options {
    pub(super) partner: Partner,
    pub(super) call: Call,
}

/// Reads and checks the options of a client.
pub(super) fn read(options: JsValue) -> Result<Options, Error> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Given {
        environment: Value,
        cst_id: Value,
        cust_key: Value,
        hub_credentials: Option<Pair>,
        referer: Value,
        timeout_ms: Value,
        max_retries: Value,
        origins: Option<Origins>,
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "camelCase", default)]
    struct Pair {
        cst_id: Value,
        cust_key: Value,
    }
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Origins {
        hub: Value,
        cpay: Value,
    }
    let given: Given = serde_wasm_bindgen::from_value(options)
        .map_err(|_| invalid("options must be an object, and so must hubCredentials and origins where they are given"))?;

    let pair = |name: &str, cst_id: &Value, cust_key: &Value| {
        let of = |field: &str, value: &Value| value.required_text(&format!("{name}{field}"));
        Credentials::new(&of("cstId", cst_id)?, &of("custKey", cust_key)?)
    };
    let origin = |name: &str, value: &Value| value.text(name)?.map(|text| Origin::parse(&text)).transpose();
    let origins = given.origins.unwrap_or_default();
    let defaults = Call::default();
    Ok(Options {
        partner: Partner {
            environment: Environment::parse(&given.environment.required_text("environment")?)?,
            credentials: pair("", &given.cst_id, &given.cust_key)?,
            hub_credentials: given.hub_credentials.map(|hub| pair("hubCredentials.", &hub.cst_id, &hub.cust_key)).transpose()?,
            referer: given.referer.text("referer")?.map(|text| Referer::parse(&text)).transpose()?,
            hub_origin: origin("origins.hub", &origins.hub)?,
            cpay_origin: origin("origins.cpay", &origins.cpay)?,
        },
        call: Call {
            timeout_ms: given.timeout_ms.whole_number("timeoutMs", MAX_TIMEOUT_MS)?.map_or(Ok(defaults.timeout_ms), positive)?,
            max_retries: match given.max_retries.whole_number("maxRetries", MAX_RETRIES)? {
                Some(retries) => u32::try_from(retries).unwrap_or(u32::MAX),
                None => defaults.max_retries,
            },
        },
    })
}

/// Reads `timeoutMs` of one look-up; absent or `null` leaves the client's.
pub(super) fn timeout_ms(value: &JsValue, kind: Kind) -> Result<Option<u64>, Error> {
    let given = match value.as_f64() {
        Some(number) => Value::Number(number),
        None if value.is_undefined() || value.is_null() => Value::Absent,
        None => Value::Other,
    };
    let read = given.whole_number("timeoutMs", MAX_TIMEOUT_MS).and_then(|ms| ms.map(positive).transpose());
    read.map_err(|error| Error::new(kind, error.message().to_owned()))
}

/// An option's value as far as options can use it.
#[derive(Default)]
enum Value {
    #[default]
    Absent,
    Text(String),
    Number(f64),
    Other,
}

impl Value {
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        match self {
            Self::Absent => Ok(None),
            Self::Text(text) => Ok(Some(text.clone())),
            Self::Number(_) | Self::Other => Err(invalid(format!("{name} must be a string"))),
        }
    }

    fn required_text(&self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| invalid(format!("{name} is missing")))
    }

    fn whole_number(&self, name: &str, max: u64) -> Result<Option<u64>, Error> {
        match *self {
            Self::Absent => Ok(None),
            #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
            Self::Number(number) if number.fract() == 0.0 && number >= 0.0 && number <= max as f64 => Ok(Some(number as u64)),
            _ => Err(invalid(format!("{name} must be a whole number up to {max}"))),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Number(number))
            }

            #[allow(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Number(number as f64))
            }

            #[allow(clippy::cast_precision_loss, reason = "JavaScript has no other numbers")]
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Number(number as f64))
            }

            fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
                Ok(Value::Absent)
            }

            fn visit_bool<E: de::Error>(self, _: bool) -> Result<Value, E> {
                Ok(Value::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }
        }

        deserializer.deserialize_any(Any)
    }
}

fn positive(ms: u64) -> Result<u64, Error> {
    if ms > 0 { Ok(ms) } else { Err(invalid("timeoutMs must be more than 0")) }
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(Kind::InvalidConfig, message)
}

/// What a JavaScript timer can wait: 24 days.
const MAX_TIMEOUT_MS: u64 = 2_147_483_647;
const MAX_RETRIES: u64 = 10;
