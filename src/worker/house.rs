//! What one isolate keeps between requests: checked settings, tokens, derived keys. All of it may be lost at any time.
//!
//! Bindings and requests are never kept, and no future is shared: in a Worker one request must not wait for another's.
//! An isolate may outlive a change of its settings, so everything hangs on the settings it was made from.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use super::auth::Memory;
use super::settings::{Raw, Settings};
use super::vault::{Place, Vault};
use super::web_crypto::{HashingKey, Refused, Root};
use crate::client::Client;
use crate::config::Config;
use crate::cpay::Cpay;
use crate::error::Error;
use crate::hub::Hub;
use crate::service::Service;
use crate::single_flight::PollingFlight;
use crate::token::IssuedToken;

/// The isolate's memory under one set of settings.
pub(super) struct House {
    raw: Raw,
    pub(super) settings: Settings,
    pub(super) visitors: Memory,
    /// Only where no setting is at fault.
    pub(super) office: Option<Office>,
}

/// Both look-ups of one partner, with their tokens.
pub(super) struct Office {
    pub(super) config: Config,
    pub(super) hub: IsolateClient<Hub>,
    pub(super) cpay: IsolateClient<Cpay>,
    hub_vault: OnceCell<Rc<Vault>>,
    cpay_vault: OnceCell<Rc<Vault>>,
    audit_key: OnceCell<HashingKey>,
}

type IsolateClient<S> = Client<S, PollingFlight<IssuedToken<<S as Service>::Token>>>;

thread_local! {
    static HOUSE: Cell<Option<Rc<House>>> = const { Cell::new(None) };
}

impl House {
    /// The house of these settings: the one that stands, or a new one.
    pub(super) fn of(raw: Raw) -> Rc<Self> {
        let house = match HOUSE.take() {
            Some(house) if house.raw == raw => house,
            _ => Rc::new(Self::build(raw)),
        };
        HOUSE.set(Some(Rc::clone(&house)));
        house
    }

    fn build(raw: Raw) -> Self {
        let settings = Settings::check(&raw);
        let config = settings.config.clone().filter(|_| settings.faults.is_empty());
        let office = config.and_then(|config| Office::new(config).ok());
        Self { raw, settings, visitors: Memory::default(), office }
    }
}

impl Office {
    fn new(config: Config) -> Result<Self, Error> {
        Ok(Self {
            hub: Client::new(Hub::new(&config)?),
            cpay: Client::new(Cpay::new(&config)?),
            hub_vault: OnceCell::new(),
            cpay_vault: OnceCell::new(),
            audit_key: OnceCell::new(),
            config,
        })
    }

    /// The service's entry in the shared store.
    pub(super) async fn vault(&self, service: &'static str) -> Result<Rc<Vault>, Refused> {
        let is_hub = service == Hub::NAME;
        let kept = if is_hub { &self.hub_vault } else { &self.cpay_vault };
        if let Some(vault) = kept.get() {
            return Ok(Rc::clone(vault));
        }
        let config = &self.config;
        let own = config.hub_credentials.as_ref().filter(|_| is_hub);
        let credentials = own.unwrap_or(&config.credentials);
        let origin = if is_hub { &config.hub_origin } else { &config.cpay_origin };
        let place = Place {
            service,
            environment: config.environment.name(),
            cst_id: credentials.reveal_cst_id(),
            origin: origin.as_ref().map(|origin| origin.as_str()),
        };
        let vault = Rc::new(Vault::new(&place, credentials.reveal_cust_key()).await?);
        // Two requests may have made it side by side; both are the same.
        Ok(Rc::clone(kept.get_or_init(|| vault)))
    }

    /// For the audit line: the same key gives the same hash, and nobody without the partner's key can try keys out.
    pub(super) async fn audit_hash(&self, text: &str) -> Result<String, Refused> {
        let key = match self.audit_key.get() {
            Some(key) => key,
            None => {
                let root = Root::import(self.config.credentials.reveal_cust_key()).await?;
                let key = root.hashing_key("payple-edge audit v1").await?;
                self.audit_key.get_or_init(|| key)
            }
        };
        let hash = key.hash(text.as_bytes()).await?;
        Ok(super::hex(hash.get(..AUDIT_HASH_BYTES).unwrap_or(&hash)))
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
            "SESSION_SECRET" => Some("93ce7ad14f0b5286e1d83c7a60f49b25".to_owned()),
            _ => None,
        };
        Raw::collect(read, |_| true)
    }

    #[test]
    fn the_same_settings_find_the_same_house() {
        let first = House::of(raw("key"));

        assert!(first.office.is_some());
        assert!(Rc::ptr_eq(&first, &House::of(raw("key"))));
    }

    #[test]
    fn other_settings_find_a_new_house_without_a_token() {
        let first = House::of(raw("key"));
        let second = House::of(raw("another key"));
        assert!(!Rc::ptr_eq(&first, &second));
        assert!(second.office.is_none(), "a key with white space is a fault");

        assert!(!Rc::ptr_eq(&first, &House::of(raw("key"))), "and what was before is forgotten");
    }
}
