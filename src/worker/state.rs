//! What one isolate keeps between requests: checked settings, tokens, derived keys. All of it may
//! be lost at any time.
//!
//! Bindings and requests are never kept, and no future is shared: in a Worker one request must not
//! wait for another's. An isolate may outlive a change of its settings, so everything hangs on the
//! settings it was made from.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use worker::Env;

use super::auth::Memory;
use super::bindings::{is_bound, setting};
use super::crypto::{HashingKey, Refused, Root};
use super::once::once;
use super::payple::token_cipher::{TokenCipher, TokenScope};
use super::records::seal::RecordKeys;
use super::settings::{Raw, Settings};
use crate::client::Client;
use crate::config::{Config, Origin};
use crate::cpay::Cpay;
use crate::error::Error;
use crate::hub::Hub;
use crate::service::Service;
use crate::single_flight::PollingFlight;
use crate::token::IssuedToken;

/// The isolate's memory under one set of settings.
pub(super) struct IsolateState {
    raw: Raw,
    pub(super) settings: Settings,
    pub(super) sign_in_memory: Memory,
    record_keys: OnceCell<RecordKeys>,
    /// Only where no setting is at fault.
    pub(super) partner: Option<PartnerClients>,
}

/// Both look-ups of one partner, with their tokens.
pub(super) struct PartnerClients {
    pub(super) config: Config,
    pub(super) hub: IsolateClient<Hub>,
    pub(super) cpay: IsolateClient<Cpay>,
    hub_cipher: OnceCell<Rc<TokenCipher>>,
    cpay_cipher: OnceCell<Rc<TokenCipher>>,
    audit_key: OnceCell<HashingKey>,
}

type IsolateClient<S> = Client<S, PollingFlight<IssuedToken<<S as Service>::Token>>>;

thread_local! {
    static LATEST: Cell<Option<Rc<IsolateState>>> = const { Cell::new(None) };
}

impl IsolateState {
    /// The state of an environment. The platform hands over the same object for as long as nothing
    /// in it changes, so that the settings need not be read for every request.
    pub(super) fn of(env: &Env) -> Rc<Self> {
        thread_local! {
            static LAST: Cell<Option<(JsValue, Rc<IsolateState>)>> = const { Cell::new(None) };
        }
        let env_object: &JsValue = env.as_ref();
        let last = LAST.take().filter(|(known, _)| known == env_object);
        let (env, state) = last.unwrap_or_else(|| {
            let raw = Raw::collect(|name| setting(env, name), |name| is_bound(env, name));
            (env_object.clone(), Self::of_settings(raw))
        });
        LAST.set(Some((env, Rc::clone(&state))));
        state
    }

    /// The state of these settings: the one that is there, or a new one.
    fn of_settings(raw: Raw) -> Rc<Self> {
        let state = match LATEST.take() {
            Some(state) if state.raw == raw => state,
            _ => Rc::new(Self::build(raw)),
        };
        LATEST.set(Some(Rc::clone(&state)));
        state
    }

    fn build(raw: Raw) -> Self {
        let settings = Settings::check(&raw);
        let config = settings.config.clone().filter(|_| settings.faults.is_empty());
        let partner = config.and_then(|config| PartnerClients::new(config).ok());
        Self {
            raw,
            settings,
            sign_in_memory: Memory::default(),
            record_keys: OnceCell::new(),
            partner,
        }
    }

    /// What seals the subjects in the access record.
    pub(super) async fn record_keys(&self) -> Result<&RecordKeys, Refused> {
        once(&self.record_keys, RecordKeys::derive(&self.settings.records.keys)).await
    }
}

impl PartnerClients {
    fn new(config: Config) -> Result<Self, Error> {
        Ok(Self {
            hub: Client::new(Hub::new(&config)?),
            cpay: Client::new(Cpay::new(&config)?),
            hub_cipher: OnceCell::new(),
            cpay_cipher: OnceCell::new(),
            audit_key: OnceCell::new(),
            config,
        })
    }

    /// The service's entry in the shared store.
    pub(super) async fn token_cipher(
        &self,
        service: &'static str,
    ) -> Result<Rc<TokenCipher>, Refused> {
        let is_hub = service == Hub::NAME;
        let kept = if is_hub { &self.hub_cipher } else { &self.cpay_cipher };
        let cipher = once(kept, async {
            let config = &self.config;
            let own = config.hub_credentials.as_ref().filter(|_| is_hub);
            let credentials = own.unwrap_or(&config.credentials);
            let origin = if is_hub { &config.hub_origin } else { &config.cpay_origin };
            let scope = TokenScope {
                service,
                environment: config.environment.name(),
                cst_id: credentials.reveal_cst_id(),
                origin: origin.as_ref().map(Origin::as_str),
            };
            TokenCipher::new(&scope, credentials.reveal_cust_key()).await.map(Rc::new)
        });
        cipher.await.map(Rc::clone)
    }

    /// For the audit line: the same key gives the same hash, and nobody without the partner's key
    /// can try keys out.
    pub(super) async fn audit_hash(&self, text: &str) -> Result<String, Refused> {
        let key = once(&self.audit_key, async {
            let root = Root::import(self.config.credentials.reveal_cust_key()).await?;
            root.hashing_key("payple-edge audit v1").await
        });
        let hash = key.await?.hash(text.as_bytes()).await?;
        Ok(hex::encode(hash.get(..AUDIT_HASH_BYTES).unwrap_or(&hash)))
    }
}

/// Enough to tell look-ups apart, and short enough for a log line.
const AUDIT_HASH_BYTES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(cust_key: &str) -> Raw {
        let read = |name| match name {
            "PAYPLE_ENVIRONMENT" => Some("test".to_owned()),
            "PAYPLE_CST_ID" => Some("test".to_owned()),
            "PAYPLE_CUST_KEY" => Some(cust_key.to_owned()),
            "ADMIN_TOKEN" => Some("6b1f0c9ad27e4385bb0e51d7f2a9c846".to_owned()),
            "RECORD_KEY" => Some("c07e5d2b81fa4396e0d7a25c64b1f893".to_owned()),
            "SESSION_SECRET" => Some("93ce7ad14f0b5286e1d83c7a60f49b25".to_owned()),
            _ => None,
        };
        Raw::collect(read, |_| true)
    }

    #[test]
    fn the_same_settings_find_the_same_house() {
        let first = IsolateState::of_settings(raw("key"));

        assert!(first.partner.is_some());
        assert!(Rc::ptr_eq(&first, &IsolateState::of_settings(raw("key"))));
    }

    #[test]
    fn other_settings_find_a_new_house_without_a_token() {
        let first = IsolateState::of_settings(raw("key"));
        let second = IsolateState::of_settings(raw("another key"));
        assert!(!Rc::ptr_eq(&first, &second));
        assert!(second.partner.is_none(), "a key with white space is a fault");

        assert!(
            !Rc::ptr_eq(&first, &IsolateState::of_settings(raw("key"))),
            "and what was before is forgotten"
        );
    }
}
