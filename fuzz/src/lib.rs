//! What each fuzz target does with its bytes, and what must hold whatever they are. Also run over the kept corpora by
//! `cargo test` (tests/corpus.rs).
//!
//! Everything goes through the crate's public API. A panic is a finding, and so is a broken promise: no answer but from
//! a reply that holds one, no secret in an error, no address but our own.

use std::sync::OnceLock;

use futures_executor::block_on;
use payple_edge::cpay::{Cpay, PayerId};
use payple_edge::error::{Error, Kind, Phase};
use payple_edge::hub::{GroupKey, Hub, Severity};
use payple_edge::lookup::{Authority, Call, Desk, Draw, Held, Report, Runtime, Service};
use payple_edge::partner::{Credentials, Environment, Partner};
use payple_edge::wire::{Exchange, Reply, SendError};

/// A target, by name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 8] = [
    ("token_reply", token_reply),
    ("payout_reply", payout_reply),
    ("auth_reply", auth_reply),
    ("billing_reply", billing_reply),
    ("auth_message", auth_message),
    ("url_join", url_join),
    ("stored_token", stored_token),
    ("stored_partner_pass", stored_partner_pass),
];

/// The hub's reply to a token request. The first byte chooses the HTTP status, here and in the other replies.
pub fn token_reply(bytes: &[u8]) {
    let (hub, code) = hub();
    match hub.read_pass(&reply(bytes), code) {
        Ok(issued) => {
            let [token] = issued.held.reveal().unwrap();
            assert!(!token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()));
            assert!(issued.keep_for_ms <= 60_000);
            let exchange = hub.ask(&issued.held, &group_key()).unwrap();
            assert_eq!(exchange.headers, [("authorization", format!("Bearer {token}"))]);
        }
        Err(error) => assert_sound(&error),
    }
}

/// The hub's reply to a payout look-up.
pub fn payout_reply(bytes: &[u8]) {
    let (hub, _) = hub();
    let token = Held::new(["token".to_owned()]);
    match hub.read_answer(reply(bytes), &token, &group_key()) {
        Ok(group) => {
            let sum: u128 = group.requests().map(|row| u128::from(row.amount.amount())).sum();
            let read: serde_json::Value = serde_json::from_str(&serde_json::to_string(&group).unwrap()).unwrap();
            assert_eq!(read["review"]["computedTotal"].as_u64().map(u128::from), Some(sum));
            assert_eq!(read["review"]["computedCount"].as_u64(), Some(group.requests().len() as u64));
            assert_eq!(read["requests"].as_array().map(Vec::len), Some(group.requests().len()));
            let has_error = group.review().findings().iter().any(|finding| finding.severity == Severity::Error);
            assert_eq!(group.review().consistent(), !has_error);
            let agrees = sum == u128::from(group.total().amount()) && group.count() == group.requests().len() as u64;
            assert!(agrees || has_error);
            assert!(group.review().findings().iter().flat_map(|finding| &finding.rows).all(|&row| row < group.requests().len()));
        }
        Err(error) => assert_sound(&error),
    }
}

/// cpay's reply to a partner authentication.
pub fn auth_reply(bytes: &[u8]) {
    check_auth(&reply(bytes));
}

/// cpay's reply to a billing-key look-up.
pub fn billing_reply(bytes: &[u8]) {
    let pass = Held::new(["enc-id-1", "enc-key-1", "auth-key-1", "/php/x.php"].map(str::to_owned));
    match cpay().read_answer(reply(bytes), &pass, &payer_id()) {
        Ok(key) => {
            let read: serde_json::Value = serde_json::from_str(&serde_json::to_string(&key).unwrap()).unwrap();
            assert_eq!(read["payerId"], PAYER_ID);
            assert_eq!(read["code"], "0000");
            assert!(read["rawType"].as_str().is_none_or(|raw_type| !raw_type.is_empty()));
        }
        Err(error) => assert_sound(&error),
    }
}

/// The message of a refused authentication, in which the code stands.
pub fn auth_message(bytes: &[u8]) {
    let Ok(message) = std::str::from_utf8(bytes) else { return };
    let body = serde_json::json!({ "result": "error", "result_msg": message }).to_string();
    let Err(error) = cpay().read_pass(&Reply { status: 200, retry_after_ms: None, body: body.into_bytes() }, "") else {
        panic!("a refusal was taken for a pass");
    };
    assert!(matches!(error.kind(), Kind::Authentication | Kind::Unavailable));
    assert_sound(&error);
}

/// `PCD_PAY_HOST`, `PCD_PAY_URL` and `return_url`, apart by line breaks; an empty one is absent.
pub fn url_join(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut body = serde_json::json!({ "result": "success", "cst_id": "enc-id-1", "custKey": "enc-key-1", "AuthKey": "auth-key-1" });
    for (name, part) in ["PCD_PAY_HOST", "PCD_PAY_URL", "return_url"].into_iter().zip(text.split('\n')) {
        body[name] = part.into();
    }
    check_auth(&Reply { status: 200, retry_after_ms: None, body: body.to_string().into_bytes() });
}

/// What a shared store gives back as the hub's token.
pub fn stored_token(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let desk = Desk::<Hub>::new(Hub::new(&partner()));
    let error = block_on(desk.look_up(&group_key(), &Store(text.to_owned()), Call { max_retries: 0, ..Call::default() })).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
}

/// What a shared store gives back as cpay's pass.
pub fn stored_partner_pass(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let desk = Desk::<Cpay>::new(Cpay::new(&partner()));
    let error = block_on(desk.look_up(&payer_id(), &Store(text.to_owned()), Call { max_retries: 0, ..Call::default() })).unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
}

fn check_auth(reply: &Reply) {
    let cpay = cpay();
    match cpay.read_pass(reply, "") {
        Ok(issued) => {
            let texts: [&str; 4] = issued.held.reveal().unwrap();
            assert!(texts.iter().all(|text| !text.is_empty()));
            assert!(cpay.accepts(&issued.held), "a pass survives the store");
            assert_ours(&cpay.ask(&issued.held, &payer_id()).unwrap());
        }
        Err(error) => assert_sound(&error),
    }
}

/// Sent to Payple's own address, whatever a reply or a store says.
fn assert_ours(exchange: &Exchange) {
    let ours = ["https://democpay.payple.kr/", "https://demohub.payple.kr/"];
    assert!(ours.iter().any(|origin| exchange.url.starts_with(origin)), "{}", exchange.url);
}

/// An error that can be shown and logged.
fn assert_sound(error: &Error) {
    let text = serde_json::to_string(error).unwrap();
    assert!(!text.contains(CUST_KEY), "{text}");
    // Before the question is asked, no reply can know the key that it is about.
    assert!(error.phase() == Some(Phase::Token) || !text.contains(PAYER_ID), "{text}");
    assert!(error.message().chars().count() < 400 && !error.message().chars().any(char::is_control), "{text}");
    assert!(error.phase().is_some());
}

/// The rest of the bytes under the HTTP status that the first one stands for.
fn reply(bytes: &[u8]) -> Reply {
    let (&first, body) = bytes.split_first().unwrap_or((&b' ', &[]));
    let status = match first {
        b'3' => 302,
        b'4' => 404,
        b'1' => 401,
        b'9' => 429,
        b'5' => 503,
        _ => 200,
    };
    Reply { status, retry_after_ms: (first == b'9').then_some(1_000), body: body.to_vec() }
}

/// The hub, and the `code` of a token request that it made: always the same one, so that inputs can echo it.
fn hub() -> &'static (Hub, String) {
    static HUB: OnceLock<(Hub, String)> = OnceLock::new();
    HUB.get_or_init(|| {
        let hub = Hub::new(&partner());
        let mut next = 0_u8;
        let draw: &mut Draw<'_> = &mut |bytes: &mut [u8]| {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_add(7);
            }
            Ok(())
        };
        let (_, code) = hub.authenticate(draw).unwrap();
        (hub, code)
    })
}

fn cpay() -> &'static Cpay {
    static CPAY: OnceLock<Cpay> = OnceLock::new();
    CPAY.get_or_init(|| Cpay::new(&partner()))
}

fn partner() -> Partner {
    Partner {
        environment: Environment::Test,
        credentials: Credentials::new("test", CUST_KEY).unwrap(),
        hub_credentials: None,
        referer: None,
        hub_origin: None,
        cpay_origin: None,
    }
}

fn group_key() -> GroupKey {
    GroupKey::new("G").unwrap()
}

fn payer_id() -> PayerId {
    PayerId::new(PAYER_ID).unwrap()
}

/// A world with a store that holds a text, and no network.
#[derive(Clone)]
struct Store(String);

impl Runtime for Store {
    async fn send(&self, exchange: Exchange, _: u64) -> Result<Reply, SendError> {
        assert_ours(&exchange);
        Err(SendError::Unreachable)
    }

    fn now_ms(&self) -> u64 {
        1_700_000_000_000
    }

    async fn sleep(&self, _: u64) {}

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let mut next = 0_u8;
        for byte in bytes {
            *byte = next;
            next = next.wrapping_add(7);
        }
        Ok(())
    }

    async fn load(&self, _: &'static str) -> Option<String> {
        Some(self.0.clone())
    }

    async fn save(&self, _: &'static str, _: String, _: u64) {}

    async fn forget(&self, _: &'static str) {}

    fn report(&self, _: &Report<'_>) {}
}

const CUST_KEY: &str = "abcd1234567890";
const PAYER_ID: &str = "KEY-1-of-the-fuzz-target";
