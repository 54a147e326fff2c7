//! What each fuzz target does with its bytes, and what must hold whatever they are. Also run over
//! the kept corpora by `cargo test` (tests/corpus.rs).
//!
//! Everything goes through whole look-ups, in a [`World`] that answers as told. A panic is a
//! finding, and so is a broken promise: no answer but from a reply that holds one, no secret in an
//! error, no address but our own.

use futures_executor::block_on;
use payple_edge::api::PayoutQuestion;
use payple_edge::payout::{FindingKind, Severity};
use payple_edge::testing::{FakeRuntime, Random, Sent};
use payple_edge::transport::{HttpResponse, SendError};
use payple_edge::{
    BillingKey, CallOptions, Client, Config, Cpay, Credentials, Environment, Error, ErrorKind,
    Expectation, GroupKey, Hub, PayerId, PayoutRequestGroup, Phase,
};

/// A target, by name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 9] = [
    ("token_reply", token_reply),
    ("payout_reply", payout_reply),
    ("auth_reply", auth_reply),
    ("billing_reply", billing_reply),
    ("auth_message", auth_message),
    ("url_join", url_join),
    ("stored_token", stored_token),
    ("stored_partner_token", stored_partner_token),
    ("payout_question", payout_question),
];

/// The hub's reply to a token request. The first byte chooses the HTTP status, here and in the
/// other replies.
pub fn token_reply(bytes: &[u8]) {
    let world =
        World { token: Some(answer(bytes)), lookup: Some(ok(EMPTY_GROUP)), ..World::default() };
    let outcome = world.ask_hub();
    assert!(outcome.is_err() || is_json(bytes));
    check(&world, outcome.map(drop));
}

/// The hub's reply to a payout look-up.
pub fn payout_reply(bytes: &[u8]) {
    let world = World { token: Some(ok(TOKEN)), lookup: Some(answer(bytes)), ..World::default() };
    match world.ask_hub() {
        Ok(group) => {
            assert!(is_json(bytes));
            check_group(&group);
            check_texts(&group, bytes);
        }
        Err(error) => check(&world, Err(error)),
    }
}

/// cpay's reply to a partner authentication.
pub fn auth_reply(bytes: &[u8]) {
    check_auth(answer(bytes));
}

/// cpay's reply to a billing-key look-up.
pub fn billing_reply(bytes: &[u8]) {
    let world = World { token: Some(ok(AUTH)), lookup: Some(answer(bytes)), ..World::default() };
    match world.ask_cpay() {
        Ok(key) => {
            assert!(is_json(bytes));
            let read: serde_json::Value =
                serde_json::from_str(&serde_json::to_string(&key).unwrap()).unwrap();
            assert_eq!(read["payerId"], PAYER_ID);
            assert_eq!(read["code"], "0000");
            assert!(read["rawType"].as_str().is_none_or(|raw_type| !raw_type.is_empty()));
        }
        Err(error) => check(&world, Err(error)),
    }
}

/// The message of a refused authentication, in which the code stands.
pub fn auth_message(bytes: &[u8]) {
    let Ok(message) = std::str::from_utf8(bytes) else { return };
    let body = serde_json::json!({ "result": "error", "result_msg": message }).to_string();
    let world = World { token: Some(ok(&body)), ..World::default() };
    let Err(error) = world.ask_cpay() else { panic!("a refusal was taken for a token") };
    assert!(matches!(error.kind, ErrorKind::Authentication | ErrorKind::Unavailable));
    check(&world, Err(error));
}

/// `PCD_PAY_HOST`, `PCD_PAY_URL` and `return_url`, apart by line breaks.
pub fn url_join(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut body = serde_json::json!({ "result": "success", "cst_id": "enc-id-1", "custKey": "enc-key-1", "AuthKey": "auth-key-1" });
    for (name, part) in
        ["PCD_PAY_HOST", "PCD_PAY_URL", "return_url"].into_iter().zip(text.split('\n'))
    {
        body[name] = part.into();
    }
    check_auth(ok(&body.to_string()));
}

/// What a shared store gives back as the hub's token.
pub fn stored_token(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let world = World { stored: Some(text.to_owned()), ..World::default() };
    assert_eq!(world.ask_hub().unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(world.exchanges(), 1);
}

/// What a shared store gives back as cpay's token.
pub fn stored_partner_token(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let world = World { stored: Some(text.to_owned()), ..World::default() };
    assert_eq!(world.ask_cpay().unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(world.exchanges(), 1);
}

/// What another reader of JSON sees in a question.
#[derive(serde::Deserialize)]
struct Body {
    #[serde(rename = "groupKey")]
    group_key: String,
    expect: Option<serde::de::IgnoredAny>,
}

/// The body of a request to the Worker, and the comparison that it asks for.
pub fn payout_question(bytes: &[u8]) {
    match PayoutQuestion::from_json(bytes) {
        Ok(question) => {
            // What is passed over need not be UTF-8, nor a number that another reader could hold.
            let body: Body =
                serde_json::from_str(&String::from_utf8_lossy(without_mark(bytes))).unwrap();
            assert_eq!(body.group_key, question.group_key.as_str());
            assert_eq!(body.expect.is_some(), question.expect.is_some());
            if let Some(expectation) = question.expect {
                check_comparison(&expectation);
            }
        }
        Err(error) => {
            assert_eq!((error.kind, error.phase), (ErrorKind::InvalidInput, None));
            assert!(
                error.message.chars().count() < 400 && !error.message.chars().any(char::is_control)
            );
            // A field that is not known is named; no value ever is.
            let names_a_field = error.message.contains(" field \"");
            assert!(names_a_field || !error.message.contains("canary"));
        }
    }
}

/// A world in which Payple answers as told, and not at all where nothing is told. There is one
/// client per look-up.
#[derive(Clone, Default)]
pub struct World {
    /// What an authentication is answered with.
    pub token: Option<(u16, Vec<u8>)>,
    /// What a look-up is answered with.
    pub lookup: Option<(u16, Vec<u8>)>,
    /// What the shared store holds.
    pub stored: Option<String>,
    /// The world itself, once it is asked.
    pub runtime: FakeRuntime,
}

impl World {
    /// A payout look-up.
    pub fn ask_hub(&self) -> Result<PayoutRequestGroup, Error> {
        let client = Client::<Hub>::new(Hub::new(&config()).unwrap());
        block_on(client.lookup(&GroupKey::new("G").unwrap(), self.prepared("hub"), options()))
    }

    /// A billing-key look-up.
    pub fn ask_cpay(&self) -> Result<BillingKey, Error> {
        let client = Client::<Cpay>::new(Cpay::new(&config()).unwrap());
        let payer_id = PayerId::new(PAYER_ID).unwrap();
        block_on(client.lookup(&payer_id, self.prepared("cpay"), options())).inspect_err(|error| {
            let text = serde_json::to_string(error).unwrap();
            // Before the question is asked, no reply can know the key that it is about.
            assert!(error.phase == Some(Phase::Token) || !text.contains(PAYER_ID), "{text}");
        })
    }

    /// How many requests were sent.
    pub fn exchanges(&self) -> usize {
        self.runtime.sent().len()
    }

    fn prepared(&self, service: &'static str) -> &FakeRuntime {
        // Always the same, so that inputs can echo the `code` of the token request.
        self.runtime.set_random(Random::Counting);
        if let Some(stored) = &self.stored {
            self.runtime.store().borrow_mut().insert(service, stored.clone());
        }
        let (token, lookup) = (self.token.clone(), self.lookup.clone());
        self.runtime.answer_by(move |_, sent| {
            assert_ours(sent);
            let is_token =
                sent.url.ends_with("/oauth/token") || sent.url.ends_with("/php/auth.php");
            let (status, body) =
                if is_token { &token } else { &lookup }.clone().ok_or(SendError::Unreachable)?;
            Ok(reply(status, body))
        });
        &self.runtime
    }
}

fn reply(status: u16, body: Vec<u8>) -> HttpResponse {
    let mut response = payple_edge::testing::response(status, "");
    *response.body_mut() = body;
    if status == 429 {
        response.headers_mut().insert("retry-after", "1".parse().unwrap());
    }
    response
}

/// HTTP 200 and a body.
pub fn ok(body: &str) -> (u16, Vec<u8>) {
    (200, body.as_bytes().to_vec())
}

/// What must hold of a group, whatever the reply was.
fn check_group(group: &PayoutRequestGroup) {
    let sum: u128 = group.requests.iter().map(|row| u128::from(row.amount.amount())).sum();
    let rows = group.requests.len();
    let review = &group.review;
    let read: serde_json::Value =
        serde_json::from_str(&serde_json::to_string(group).unwrap()).unwrap();
    assert_eq!(read["review"]["computedTotal"].as_u64().map(u128::from), Some(sum));
    assert_eq!(read["review"]["computedCount"].as_u64(), Some(rows as u64));
    assert_eq!(read["requests"].as_array().map(Vec::len), Some(rows));
    assert_eq!((u128::from(review.computed_total.amount()), review.computed_count), (sum, rows));
    let has_error = review.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(review.consistent, !has_error);
    let agrees = sum == u128::from(group.total.amount()) && group.count == rows as u64;
    assert!(agrees || has_error);
    assert!(review.findings.iter().flat_map(|finding| &finding.rows).all(|&row| row < rows));
}

/// Of every comparison: each request is counted once, and so is its amount.
fn check_comparison(expectation: &Expectation) {
    let world = World { token: Some(ok(TOKEN)), lookup: Some(ok(SIX_ROWS)), ..World::default() };
    let mut group = world.ask_hub().unwrap();
    group.compare(expectation);
    let review = &group.review;
    let found = |kind| review.findings.iter().filter(|finding| finding.kind == kind).count();
    let summary = review.expectation.unwrap();
    let lines = expectation.requests().map_or(0, <[_]>::len);

    if let Some(requests) = expectation.requests() {
        let expected: u64 = requests.iter().map(|request| request.amount.amount()).sum();
        let sum =
            |parts: &[payple_edge::money::Won]| parts.iter().map(|part| part.amount()).sum::<u64>();
        assert_eq!(summary.matched + summary.different + summary.missing, lines);
        assert_eq!(summary.matched + summary.different + summary.unexpected, 6);
        assert_eq!(
            sum(&[summary.matched_total, summary.different_expected_total, summary.missing_total]),
            expected
        );
        assert_eq!(
            sum(&[summary.matched_total, summary.different_total, summary.unexpected_total]),
            21_000
        );
    }
    assert_eq!(found(FindingKind::AmountMismatch), summary.different);
    assert_eq!(found(FindingKind::AmbiguousMatch), summary.ambiguous);
    assert_eq!(
        found(FindingKind::ExpectedTotalMismatch) == 1,
        expectation.total().is_some_and(|total| total.amount() != 21_000)
    );
    assert_eq!(
        found(FindingKind::ExpectedCountMismatch) == 1,
        expectation.count().is_some_and(|count| count != 6)
    );
    let has_error = review.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(review.consistent, !has_error);
    assert!(review.findings.iter().all(|finding| finding.rows.iter().all(|&row| row < 6)
        && finding.expected_rows.iter().all(|&line| line < lines)));
}

/// The rows are those that another reader of JSON finds, escapes and all.
fn check_texts(group: &PayoutRequestGroup, bytes: &[u8]) {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(json_of(bytes)) else { return };
    let list = match &body["list"] {
        serde_json::Value::Array(rows) => rows.iter().collect(),
        row @ serde_json::Value::Object(_) => vec![row],
        _ => vec![],
    };
    assert_eq!(list.len(), group.requests.len());
    for (wrote, read) in list.into_iter().zip(&group.requests) {
        for (name, text) in [
            ("billing_tran_id", Some(&*read.billing_tran_id)),
            ("print_content", read.print_content.as_deref()),
            ("sub_id", read.sub_id.as_deref()),
        ] {
            if let Some(wrote) = wrote[name].as_str() {
                assert_eq!(text, Some(wrote).filter(|wrote| !wrote.is_empty()));
            }
        }
        assert_eq!(
            wrote["tran_amt"].as_str().map_or(wrote["tran_amt"].to_string(), str::to_owned).parse(),
            Ok(read.amount.amount())
        );
    }
}

/// Whether another reader of JSON takes the body for JSON, and nothing behind it.
fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(json_of(bytes)).is_ok()
}

/// The body without the status, white space and byte order mark before it.
fn json_of(bytes: &[u8]) -> &[u8] {
    without_mark(bytes.split_first().map_or(&[][..], |(_, body)| body))
}

fn without_mark(body: &[u8]) -> &[u8] {
    let body = body.trim_ascii_start();
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start()
}

/// A token that is taken is asked with, and survives the store.
fn check_auth(reply: (u16, Vec<u8>)) {
    let world = World { token: Some(reply), ..World::default() };
    let error = world.ask_cpay().unwrap_err();
    if error.phase == Some(Phase::Lookup) {
        assert_eq!(error.kind, ErrorKind::Unavailable);
        let stored = world.runtime.store().borrow().get("cpay").cloned();
        assert!(stored.is_some());
        let elsewhere = World { stored, ..World::default() };
        assert_eq!(elsewhere.ask_cpay().unwrap_err().phase, Some(Phase::Lookup));
    }
    check(&world, Err(error));
}

/// An error can be shown and logged, and tells the exchange it comes from.
fn check(world: &World, outcome: Result<(), Error>) {
    let Err(error) = outcome else {
        assert_eq!(world.exchanges(), 2);
        return;
    };
    let text = serde_json::to_string(&error).unwrap();
    assert!(!text.contains(CUST_KEY), "{text}");
    assert!(
        error.message.chars().count() < 400 && !error.message.chars().any(char::is_control),
        "{text}"
    );
    assert!(error.phase.is_some());
}

/// Sent to Payple's own address, whatever a reply or a store says.
fn assert_ours(sent: &Sent) {
    let url = &sent.url;
    let path = ["https://democpay.payple.kr", "https://demohub.payple.kr"]
        .iter()
        .find_map(|ours| url.strip_prefix(ours));
    let is_path = |path: &str| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '#', ' '])
    };
    assert!(path.is_some_and(is_path), "{url}");
}

/// The rest of the bytes under the HTTP status that the first one stands for.
fn answer(bytes: &[u8]) -> (u16, Vec<u8>) {
    let (&first, body) = bytes.split_first().unwrap_or((&b' ', &[]));
    let status = match first {
        b'3' => 302,
        b'4' => 404,
        b'1' => 401,
        b'9' => 429,
        b'5' => 503,
        _ => 200,
    };
    (status, body.to_vec())
}

fn config() -> Config {
    Config::new(Environment::Test, Credentials::new("test", CUST_KEY).unwrap())
}

fn options() -> CallOptions {
    let mut options = CallOptions::default();
    options.timeout_ms = 1_000;
    options.max_retries = 0;
    options
}

/// Payple's public test key: the secret that must never be seen.
pub const CUST_KEY: &str = "abcd1234567890";
/// The billing key that is asked for.
pub const PAYER_ID: &str = "KEY-1-of-the-fuzz-target";
/// A good reply to a token request.
pub const TOKEN: &str =
    r#"{"result":"T0000","code":"a7elsz6dk3","access_token":"token-1","expires_in":"60"}"#;
/// A good reply to an authentication.
pub const AUTH: &str = r#"{"result":"success","cst_id":"enc-id-1","custKey":"enc-key-1","AuthKey":"auth-key-1","PCD_PAY_HOST":"https://democpay.payple.kr","PCD_PAY_URL":"/php/x.php"}"#;
/// A good reply to a look-up of a group without requests.
pub const EMPTY_GROUP: &str = r#"{"result":"A0000","total":"0","count":"0","list":[]}"#;
/// A good reply to a look-up: six requests for three recipients, some of them alike.
const SIX_ROWS: &str = r#"{"result":"A0000","total":"21000","count":"6","list":[
    {"cst_id":"test","group_key":"G","billing_tran_id":"a","tran_amt":"1000","remain_amt":"99000","request_date":"2021-10-26 10:55:03"},
    {"cst_id":"test","group_key":"G","billing_tran_id":"a","sub_id":"s","tran_amt":"2000","remain_amt":"97000","request_date":"2021-10-26 10:55:03"},
    {"cst_id":"test","group_key":"G","billing_tran_id":"a","sub_id":"s","print_content":"p","tran_amt":"2000","remain_amt":"95000","request_date":"2021-10-26 10:55:03"},
    {"cst_id":"test","group_key":"G","billing_tran_id":"b","sub_id":"s","tran_amt":"5000","remain_amt":"90000","request_date":"2021-10-26 10:55:03"},
    {"cst_id":"test","group_key":"G","billing_tran_id":"b","print_content":"p","tran_amt":"5000","remain_amt":"85000","request_date":"2021-10-26 10:55:03"},
    {"cst_id":"test","group_key":"G","billing_tran_id":"c","sub_id":"s","print_content":"p","tran_amt":"6000","remain_amt":"79000","request_date":"2021-10-26 10:55:03"}]}"#;
