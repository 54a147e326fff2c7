//! The options of a client, from whatever JavaScript was given. A wrong value is named, never
//! repeated.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::config::{Config, Credentials, Environment, Origin, Referer};
use crate::error::{Error, ErrorKind};
use crate::retry::CallOptions;

/// Options as checked.
pub(super) struct Options {
    pub(super) config: Config,
    pub(super) call: CallOptions,
}

/// Reads and checks the options of a client.
pub(super) fn read(options: &JsValue) -> Result<Options, Error> {
    let of = |object: &JsValue, name: &str| {
        Reflect::get(object, &name.into())
            .map(Value)
            .map_err(|_| Error::invalid_config("options must be plain objects"))
    };
    let pair = |object: &JsValue, prefix: &str| {
        let text = |name: &str| of(object, name)?.required_text(&format!("{prefix}{name}"));
        Credentials::new(&text("cstId")?, &text("custKey")?).map_err(|error| named(prefix, &error))
    };
    let hub = of(options, "hubCredentials")?.object("hubCredentials")?;
    let origins = of(options, "origins")?.object("origins")?;
    let origin = |name: &str| {
        let Some(origins) = &origins else { return Ok(None) };
        let path = format!("origins.{name}");
        of(origins, name)?
            .text(&path)?
            .map(|text| Origin::parse(&text).map_err(|error| named(&format!("{path}: "), &error)))
            .transpose()
    };
    let environment =
        Environment::parse(&of(options, "environment")?.required_text("environment")?)?;
    let mut config = Config::new(environment, pair(options, "")?);
    config.hub_credentials = hub.map(|hub| pair(&hub, "hubCredentials.")).transpose()?;
    config.referer =
        of(options, "referer")?.text("referer")?.map(|text| Referer::parse(&text)).transpose()?;
    config.hub_origin = origin("hub")?;
    config.cpay_origin = origin("cpay")?;

    let mut call = CallOptions::default();
    if let Some(ms) = timeout_ms(of(options, "timeoutMs")?.0, ErrorKind::InvalidConfig)? {
        call.timeout_ms = ms;
    }
    if let Some(retries) = of(options, "maxRetries")?.whole_number("maxRetries", MAX_RETRIES)? {
        call.max_retries = u32::try_from(retries).unwrap_or(u32::MAX);
    }
    Ok(Options { config, call })
}

/// The same error, which says first whose field it is about.
pub(super) fn named(prefix: &str, error: &Error) -> Error {
    Error::new(error.kind, format!("{prefix}{}", error.message))
}

/// Reads a `timeoutMs`; absent leaves what holds otherwise. A wrong one is an error of `kind`.
pub(super) fn timeout_ms(value: JsValue, kind: ErrorKind) -> Result<Option<u64>, Error> {
    match Value(value).whole_number("timeoutMs", MAX_TIMEOUT_MS) {
        Ok(Some(0)) => Err(Error::new(kind, "timeoutMs must be more than 0")),
        Ok(ms) => Ok(ms),
        Err(error) => Err(Error::new(kind, error.0.message)),
    }
}

/// An option's value, whatever it is. `null` is as good as absent.
struct Value(JsValue);

impl Value {
    fn given(&self) -> Option<&JsValue> {
        Some(&self.0).filter(|value| !value.is_undefined() && !value.is_null())
    }

    fn object(self, name: &str) -> Result<Option<JsValue>, Error> {
        match self.given() {
            Some(value) if !value.is_object() => {
                Err(Error::invalid_config(format!("{name} must be an object")))
            }
            given => Ok(given.cloned()),
        }
    }

    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let read = |value: &JsValue| {
            value
                .as_string()
                .ok_or_else(|| Error::invalid_config(format!("{name} must be a string")))
        };
        self.given().map(read).transpose()
    }

    fn required_text(&self, name: &str) -> Result<String, Error> {
        self.text(name)?.ok_or_else(|| Error::invalid_config(format!("{name} is missing")))
    }

    fn whole_number(&self, name: &str, max: u32) -> Result<Option<u64>, Error> {
        let Some(value) = self.given() else { return Ok(None) };
        match value.as_f64() {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number in range"
            )]
            Some(number) if number.fract() == 0.0 && (0.0..=f64::from(max)).contains(&number) => {
                Ok(Some(number as u64))
            }
            _ => Err(Error::invalid_config(format!("{name} must be a whole number up to {max}"))),
        }
    }
}

/// What a JavaScript timer can wait: 24 days.
const MAX_TIMEOUT_MS: u32 = 2_147_483_647;
const MAX_RETRIES: u32 = 10;
