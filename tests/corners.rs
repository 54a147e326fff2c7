//! Small promises that no larger test happens to need: each was found missing by changing the code (`npm run mutants`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod targets;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_executor::block_on;
use payple_edge::error::{Error, Kind};
use payple_edge::hub::Hub;
use payple_edge::lookup::{Call, Desk, Report, Runtime};
use payple_edge::partner::{Credentials, Environment, Partner};
use payple_edge::payout::GroupKey;
use payple_edge::wire::{Exchange, MAX_REPLY_BYTES, Reply, SendError};
use serde_json::json;
use targets::{AUTH, PAYER_ID, TOKEN, World, ok};

#[test]
fn an_error_says_what_happened_and_whether_to_try_again() {
    let error = Error::new(Kind::Rejected, "what happened");
    assert_eq!((error.to_string().as_str(), error.retryable()), ("what happened", false));
    assert!(answered(r#"{"result":"T0997"}"#).ask_hub().unwrap_err().retryable());
    assert!(!answered(r#"{"result":"A0009"}"#).ask_hub().unwrap_err().retryable());
}

#[test]
fn an_environment_is_test_or_live_and_nothing_else() {
    assert_eq!(Environment::parse("test"), Ok(Environment::Test));
    assert_eq!(Environment::parse("live"), Ok(Environment::Live));
    for wrong in ["", "TEST", "real", "live "] {
        assert_eq!(Environment::parse(wrong).unwrap_err().kind(), Kind::InvalidConfig);
    }
    assert_eq!(
        (Environment::Test.name(), Environment::Live.to_string().as_str()),
        ("test", "live")
    );
}

#[test]
fn what_is_debugged_says_what_it_is_and_shows_nothing() {
    let group = answered(&group(&[("R-1", 1_000), ("R-2", 1_000)])).ask_hub().unwrap();
    assert_eq!(format!("{group:?}"), "PayoutRequestGroup(2 requests)");
    assert_eq!(format!("{:?}", GroupKey::new("canary").unwrap()), "GroupKey(…)");
    assert_eq!(
        format!("{:?}", Reply { status: 200, retry_after_ms: None, body: b"canary".to_vec() }),
        "Reply(200, 6 bytes)"
    );
    let world = Watch::default();
    let _ = world.ask();
    assert_eq!(world.0.debugged.take(), ["Exchange(hub token)", "Exchange(hub lookup)"]);
}

#[test]
fn a_group_says_what_payple_declared_and_what_was_computed() {
    let group = answered(
        &group(&[("R-1", 1_000), ("R-2", 2_000), ("R-2", 500)]).replace("\"3500\"", "\"4000\""),
    )
    .ask_hub()
    .unwrap();
    assert_eq!(
        (group.total().amount(), group.count(), group.code(), group.message()),
        (4_000, 3, "A0000", "처리 성공")
    );
    assert_eq!(
        (group.review().computed_total().amount(), group.review().computed_count()),
        (3_500, 3)
    );
    assert_eq!(
        group.requests().iter().map(|row| row.billing_tran_id.as_str()).collect::<Vec<_>>(),
        ["R-1", "R-2", "R-2"]
    );
}

#[test]
fn a_desk_keeps_its_pass_without_any_store() {
    let world = Watch::default();
    let desk = Desk::<Hub>::new(Hub::new(&partner()));
    for _ in 0..3 {
        assert!(
            block_on(desk.look_up(&GroupKey::new("G").unwrap(), &world, Call::default())).is_ok()
        );
    }
    assert_eq!(world.0.debugged.take().len(), 4, "one authentication, three questions");
}

#[test]
fn a_pause_of_ten_seconds_is_waited_for_and_a_longer_one_is_not() {
    for (asked_ms, slept) in [(10_000, vec![10_000]), (10_001, vec![])] {
        let world = Watch::default();
        world.0.busy_for_ms.set(Some(asked_ms));
        assert_eq!(world.ask().is_ok(), asked_ms == 10_000);
        assert_eq!(world.0.slept.take(), slept);
    }
}

#[test]
fn a_reply_of_sixteen_mebibytes_is_the_most_that_is_read() {
    assert_eq!(MAX_REPLY_BYTES, 16_777_216);
}

#[test]
fn payples_words_are_cut_after_two_hundred_characters_and_stand_on_one_line() {
    let said = |words: &str| {
        answered(&json!({ "result": "A0009", "message": words }).to_string())
            .ask_hub()
            .unwrap_err()
            .message()
            .to_owned()
    };
    let long = "가".repeat(200);
    assert!(said(&long).ends_with(&long));
    assert!(said(&format!("{long}나")).ends_with(&format!("{long}…")));
    assert!(said("one\ntwo\u{7}three").ends_with("one two three"));
}

#[test]
fn what_is_wrong_with_json_is_told_by_place_and_without_its_words() {
    for (body, wrong) in [
        ("{\"result\":", "ends too early"),
        ("{nonsense}", "is not JSON"),
        ("{\"result\":1,\"result\":2}", "is not of the form"),
    ] {
        let error = answered(body).ask_hub().unwrap_err();
        assert!(error.message().contains(wrong), "{error}");
        assert!(error.message().contains("line 1"), "{error}");
    }
}

#[test]
fn a_card_is_taxable_or_not_or_nobody_says() {
    for (says, taxable) in
        [("Y", json!(true)), ("N", json!(false)), ("", json!(null)), ("maybe", json!(null))]
    {
        let key = billing(
            json!({ "PCD_PAY_RST": "success", "PCD_PAY_CODE": "0000", "PCD_PAY_ISTAX": says }),
        )
        .ask_cpay()
        .unwrap();
        assert_eq!(serde_json::to_value(key).unwrap()["taxable"], taxable, "{says}");
    }
}

#[test]
fn a_message_about_the_session_asks_for_a_new_authentication_and_no_other_does() {
    for (message, exchanges) in [
        ("인증세션 오류", 4),
        ("인증이 만료되었습니다", 4),
        ("카드가 만료되었습니다", 2),
        ("인증 오류", 2),
    ] {
        let world = billing(
            json!({ "PCD_PAY_RST": "error", "PCD_PAY_CODE": "X1", "PCD_PAY_MSG": message }),
        );
        assert!(world.ask_cpay().is_err());
        assert_eq!(world.exchanges.get(), exchanges, "{message}");
    }
}

#[test]
fn a_billing_reply_of_words_alone_is_a_refusal() {
    let error = billing(json!({ "PCD_PAY_MSG": "점검 중입니다" })).ask_cpay().unwrap_err();
    assert_eq!(error.kind(), Kind::Rejected);
    assert!(error.message().contains("점검 중입니다"));
}

fn answered(body: &str) -> World {
    World { pass: Some(ok(TOKEN)), lookup: Some(ok(body)), ..World::default() }
}

/// A card, where the changes do not say otherwise.
fn billing(changes: serde_json::Value) -> World {
    let mut body =
        json!({ "PCD_PAYER_ID": PAYER_ID, "PCD_PAY_TYPE": "card", "PCD_PAY_CARDNUM": "1111" });
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    World { pass: Some(ok(AUTH)), lookup: Some(ok(&body.to_string())), ..World::default() }
}

fn group(rows: &[(&str, u64)]) -> String {
    let row = |(recipient, amount): &(&str, u64)| {
        json!({
            "cst_id": "test", "group_key": "G", "billing_tran_id": recipient, "tran_amt": amount.to_string(), "remain_amt": "0",
            "request_date": "2021-10-26 10:55:03",
        })
    };
    let total: u64 = rows.iter().map(|(_, amount)| amount).sum();
    let list: Vec<_> = rows.iter().map(row).collect();
    json!({ "result": "A0000", "message": "처리 성공", "total": total.to_string(), "count": rows.len().to_string(), "list": list })
        .to_string()
}

/// A world without a store that writes down what it is asked to do.
#[derive(Clone, Default)]
struct Watch(Rc<Seen>);

#[derive(Default)]
struct Seen {
    debugged: RefCell<Vec<String>>,
    slept: RefCell<Vec<u64>>,
    /// Refuses once, and says for how long.
    busy_for_ms: Cell<Option<u64>>,
}

impl Watch {
    fn ask(&self) -> Result<(), Error> {
        let desk = Desk::<Hub>::new(Hub::new(&partner()));
        block_on(desk.look_up(&GroupKey::new("G").unwrap(), self, Call::default())).map(drop)
    }
}

impl Runtime for Watch {
    async fn send(&self, exchange: Exchange, _: u64) -> Result<Reply, SendError> {
        let shown = format!("{exchange:?}");
        let body = if shown.contains("token") { TOKEN } else { targets::EMPTY_GROUP };
        self.0.debugged.borrow_mut().push(shown);
        match self.0.busy_for_ms.take() {
            Some(ms) => Ok(Reply { status: 503, retry_after_ms: Some(ms), body: Vec::new() }),
            None => Ok(Reply { status: 200, retry_after_ms: None, body: body.into() }),
        }
    }

    fn now_ms(&self) -> u64 {
        1_700_000_000_000
    }

    async fn sleep(&self, duration_ms: u64) {
        self.0.slept.borrow_mut().push(duration_ms);
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        World::default().random(bytes)
    }

    async fn load(&self, _: &'static str) -> Option<String> {
        None
    }

    async fn save(&self, _: &'static str, _: String, _: u64) {}

    async fn forget(&self, _: &'static str) {}

    fn report(&self, _: &Report<'_>) {}
}

fn partner() -> Partner {
    Partner {
        environment: Environment::Test,
        credentials: Credentials::new("test", targets::CUST_KEY).unwrap(),
        hub_credentials: None,
        referer: None,
        hub_origin: None,
        cpay_origin: None,
    }
}
