//! The flow as seen from outside: how often Payple is asked, with what, and what comes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use futures_executor::block_on;
use futures_util::FutureExt;
use payple_edge::cpay::{Cpay, PayerId};
use payple_edge::error::{Error, Kind, Phase};
use payple_edge::hub::Hub;
use payple_edge::lookup::{Call, Desk, Report, Runtime};
use payple_edge::partner::{Credentials, Environment, Origin, Partner, Referer};
use payple_edge::payout::GroupKey;
use payple_edge::wire::{Exchange, Reply, SendError};

#[test]
fn one_token_serves_all_look_ups_of_its_life() {
    let world = World::new();
    let desk = world.hub();

    for _ in 0..20 {
        assert!(world.ask_hub(&desk).is_ok());
    }
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (1, 20));

    world.pass_time(54_999);
    assert!(world.ask_hub(&desk).is_ok());
    assert_eq!(world.sent("/oauth/token"), 1);
    world.pass_time(1);
    assert!(world.ask_hub(&desk).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn one_partner_authentication_serves_25_minutes() {
    let world = World::new();
    let desk = world.cpay();

    for _ in 0..20 {
        assert!(world.ask_cpay(&desk).is_ok());
        world.pass_time(60_000);
    }
    assert_eq!((world.sent("/php/auth.php"), world.sent("/php/look.php?ACT_=PUSERINFO")), (1, 20));

    world.pass_time(6 * 60_000);
    assert!(world.ask_cpay(&desk).is_ok());
    assert_eq!(world.sent("/php/auth.php"), 2);
}

#[test]
fn a_tokens_life_is_counted_from_when_it_was_asked_for() {
    let world = World::new();
    let desk = world.hub();
    world.on("/oauth/token", |world, request| {
        world.pass_time(50_000);
        world.token(request, "60")
    });

    assert!(world.ask_hub(&desk).is_ok());
    world.pass_time(5_000);
    assert!(world.ask_hub(&desk).is_ok());

    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_token_of_no_lifetime_serves_one_look_up_and_is_not_kept() {
    let world = World::new();
    let desk = world.hub();
    world.on("/oauth/token", |world, request| world.token(request, "0"));

    assert!(world.ask_hub(&desk).is_ok());
    assert!(world.ask_hub(&desk).is_ok());

    assert_eq!(world.sent("/oauth/token"), 2);
    assert!(world.0.store.borrow().is_empty());
}

#[test]
fn a_clock_set_back_means_a_new_token_and_never_a_stale_one() {
    let world = World::new();
    let desk = world.hub();
    assert!(world.ask_hub(&desk).is_ok());

    world.0.now_ms.set(world.0.now_ms.get() - 3_600_000);
    assert!(world.ask_hub(&desk).is_ok());

    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_clock_that_jumps_costs_one_authentication_and_no_answer() {
    for jump_ms in [3_600_000_i64, -3_600_000] {
        let world = World::new();
        let (hub, cpay) = (world.hub(), world.cpay());
        let both = || {
            assert!(world.ask_hub(&hub).is_ok());
            assert!(world.ask_cpay(&cpay).is_ok());
        };
        both();
        world.0.now_ms.set(world.0.now_ms.get().saturating_add_signed(jump_ms));
        both();
        both();

        assert_eq!((world.sent("/oauth/token"), world.sent("/php/auth.php")), (2, 2), "{jump_ms}");
        assert_eq!(
            (world.sent("/request/result/group_key"), world.sent("/php/look.php?ACT_=PUSERINFO")),
            (3, 3)
        );
    }
}

#[test]
fn a_clock_that_jumps_while_the_pass_is_on_its_way_costs_no_answer() {
    for jump_ms in [3_600_000_i64, -3_600_000] {
        let world = World::new();
        let desk = world.hub();
        world.on("/oauth/token", move |world, request| {
            world.0.now_ms.set(world.0.now_ms.get().saturating_add_signed(jump_ms));
            world.token(request, "60")
        });
        assert!(world.ask_hub(&desk).is_ok());

        assert_eq!(
            (world.sent("/oauth/token"), world.sent("/request/result/group_key")),
            (1, 1),
            "{jump_ms}"
        );
    }
}

#[test]
fn a_pass_that_expires_before_it_is_used_is_replaced_once() {
    for refusal in [json(401, ""), json(200, r#"{"result":"T0400","message":"만료"}"#)] {
        let refusal = Rc::new(refusal.unwrap());
        let world = World::new();
        world.on("/request/result/group_key", move |world, request| {
            match &*request.headers["authorization"] {
                "Bearer token-1" => Ok(Reply {
                    status: refusal.status,
                    retry_after_ms: None,
                    body: refusal.body.clone(),
                }),
                _ => world.group(),
            }
        });
        assert!(world.ask_hub(&world.hub()).is_ok());

        assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 2));
    }
}

#[test]
fn the_pass_is_sent_as_the_spec_says() {
    let world = World::new();
    assert!(world.ask_hub(&world.hub()).is_ok());
    assert!(world.ask_cpay(&world.cpay()).is_ok());

    let [token, lookup, auth, key] = &world.0.requests.borrow()[..] else { panic!() };
    assert_eq!(token.url, "https://demohub.payple.kr/oauth/token");
    assert_eq!(token.body["cst_id"], "test");
    assert_eq!(token.body["code"].as_str().unwrap().len(), 10);
    assert_eq!(lookup.url, "https://demohub.payple.kr/request/result/group_key");
    assert_eq!(lookup.headers["authorization"], "Bearer token-1");
    assert_eq!(
        lookup.body,
        serde_json::json!({ "cst_id": "test", "custKey": "abcd1234567890", "group_key": "G" })
    );
    assert_eq!(auth.url, "https://democpay.payple.kr/php/auth.php");
    assert_eq!(
        auth.body,
        serde_json::json!({ "cst_id": "test", "custKey": "abcd1234567890", "PCD_PAY_WORK": "PUSERINFO" })
    );
    assert_eq!(key.url, "https://democpay.payple.kr/php/look.php?ACT_=PUSERINFO");
    assert_eq!(
        key.body,
        serde_json::json!({ "PCD_CST_ID": "enc-id", "PCD_CUST_KEY": "enc-key", "PCD_AUTH_KEY": "auth-1", "PCD_PAYER_ID": "K" })
    );
    for request in [auth, key] {
        assert!(request.headers["referer"].starts_with("http://"));
    }
    for request in [token, lookup, auth, key] {
        assert_eq!(
            (&*request.headers["content-type"], &*request.headers["cache-control"]),
            ("application/json", "no-cache")
        );
    }
}

#[test]
fn a_hub_pair_a_referer_and_other_origins_are_used_where_they_are_set() {
    let world = World::new();
    let partner = Partner {
        hub_credentials: Some(Credentials::new("hub-id", "hub-key").unwrap()),
        referer: Some(Referer::parse("https://shop.example/pay").unwrap()),
        hub_origin: Some(Origin::parse("http://127.0.0.1:8788/").unwrap()),
        cpay_origin: Some(Origin::parse("HTTPS://Relay.example:8443").unwrap()),
        ..partner(Environment::Live)
    };
    assert!(world.ask_hub(&Desk::new(Hub::new(&partner))).is_ok());
    // Payple, asked through a relay, names its own address; the relay is asked all the same.
    world.on("/php/auth.php", |world, _| {
        let mut reply = world.auth()?;
        reply.body =
            String::from_utf8(reply.body).unwrap().replace("democpay", "cpay").into_bytes();
        Ok(reply)
    });
    assert!(world.ask_cpay(&Desk::new(Cpay::new(&partner))).is_ok());

    let [token, lookup, auth, key] = &world.0.requests.borrow()[..] else { panic!() };
    assert_eq!(token.url, "http://127.0.0.1:8788/oauth/token");
    assert_eq!(lookup.url, "http://127.0.0.1:8788/request/result/group_key");
    for request in [token, lookup] {
        assert_eq!(
            (&request.body["cst_id"], &request.body["custKey"]),
            (&"hub-id".into(), &"hub-key".into())
        );
    }
    assert_eq!(auth.url, "https://relay.example:8443/php/auth.php");
    assert_eq!(
        (&auth.body["cst_id"], &auth.body["custKey"]),
        (&"test".into(), &"abcd1234567890".into())
    );
    assert_eq!(key.url, "https://relay.example:8443/php/look.php?ACT_=PUSERINFO");
    for request in [auth, key] {
        assert_eq!(request.headers["referer"], "https://shop.example/pay");
    }
}

#[test]
fn a_revoked_pass_is_replaced_once_and_the_look_up_succeeds() {
    let world = World::new();
    let desk = world.hub();
    assert!(world.ask_hub(&desk).is_ok());

    world.on(
        "/request/result/group_key",
        |world, request| match &*request.headers["authorization"] {
            "Bearer token-1" => json(401, r#"{"result":"T0400","message":"만료"}"#),
            _ => world.group(),
        },
    );
    assert!(world.ask_hub(&desk).is_ok());

    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 3));
}

#[test]
fn a_pass_refused_for_good_fails_after_exactly_one_replacement() {
    let world = World::new();
    world.on("/request/result/group_key", |_, _| json(200, r#"{"result":"T0400"}"#));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!(
        (error.kind(), error.phase(), error.code()),
        (Kind::Authentication, Some(Phase::Lookup), Some("T0400"))
    );
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 2));
}

#[test]
fn an_expired_auth_key_is_replaced_once() {
    let world = World::new();
    let desk = world.cpay();
    world.on("/php/look.php?ACT_=PUSERINFO", |world, request| match request.body["PCD_AUTH_KEY"].as_str() {
        Some("auth-1") => json(200, r#"{"PCD_PAY_RST":"error","PCD_PAY_CODE":"X100","PCD_PAY_MSG":"인증세션이 만료되었습니다"}"#),
        _ => world.key(request),
    });

    assert!(world.ask_cpay(&desk).is_ok());
    assert_eq!(world.sent("/php/auth.php"), 2);
}

#[test]
fn a_refused_pass_leaves_the_store_before_it_is_replaced() {
    let world = World::new();
    world.on("/request/result/group_key", |_, _| json(401, ""));
    world.on("/oauth/token", |world, request| match world.sent("/oauth/token") {
        1 => world.token(request, "60"),
        _ => json(200, r#"{"result":"T0300"}"#),
    });

    assert_eq!(world.ask_hub(&world.hub()).unwrap_err().code(), Some("T0300"));
    assert!(world.0.store.borrow().is_empty());
}

#[test]
fn a_store_that_still_offers_the_refused_pass_is_not_believed() {
    let world = World::new();
    world.0.store_forgets.set(false);
    let desk = world.hub();
    world.on(
        "/request/result/group_key",
        |world, request| match &*request.headers["authorization"] {
            "Bearer token-1" => json(401, ""),
            _ => world.group(),
        },
    );

    assert!(world.ask_hub(&desk).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_store_that_offers_a_pass_from_before_the_refused_one_is_not_believed() {
    let world = World::new();
    world.0.store_forgets.set(false);
    let desk = world.hub();
    world.revoking();
    assert!(world.ask_hub(&desk).is_ok());
    let old = world.0.store.borrow()["hub"].clone();
    world.pass_time(1);
    world.revoke();
    assert!(world.ask_hub(&desk).is_ok());

    world.0.store.borrow_mut().insert("hub", old);
    world.pass_time(1);
    world.revoke();
    assert!(world.ask_hub(&desk).is_ok());
    assert_eq!(world.sent("/oauth/token"), 3);
}

#[test]
fn a_late_report_throws_no_newer_pass_out_of_the_store() {
    let world = World::new();
    let desk = world.hub();
    assert!(world.ask_hub(&desk).is_ok());
    // While a look-up waits for its answer, its pass runs out and another one gets a new one.
    let early = desk.clone();
    let is_first = Cell::new(true);
    world.on("/request/result/group_key", move |world, request| {
        if is_first.replace(false) {
            world.pass_time(60_000);
            assert!(
                early
                    .look_up(&GroupKey::new("G").unwrap(), world, Call::default())
                    .now_or_never()
                    .unwrap()
                    .is_ok()
            );
        }
        match &*request.headers["authorization"] {
            "Bearer token-1" => json(401, ""),
            _ => world.group(),
        }
    });

    assert!(world.ask_hub(&desk).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
    assert!(world.0.store.borrow()["hub"].contains("token-2"));
}

#[test]
fn another_process_takes_the_pass_from_the_store() {
    let world = World::new();
    assert!(world.ask_hub(&world.hub()).is_ok());
    assert!(world.ask_hub(&world.hub()).is_ok());

    assert_eq!(world.sent("/oauth/token"), 1);
}

#[test]
fn many_isolates_live_on_one_authentication_of_the_broker() {
    let world = World::with_broker();

    for _ in 0..20 {
        assert!(world.ask_hub(&world.hub()).is_ok());
    }
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (1, 20));
}

#[test]
fn a_hundred_reports_of_one_pass_make_the_broker_replace_it_once() {
    let world = World::with_broker();
    world.revoking();
    let isolates: Vec<_> = (0..100).map(|_| world.hub()).collect();
    assert!(isolates.iter().all(|desk| world.ask_hub(desk).is_ok()));
    world.pass_time(1);
    world.revoke();

    assert!(isolates.iter().all(|desk| world.ask_hub(desk).is_ok()));
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 300));
}

#[test]
fn a_late_report_makes_the_broker_throw_nothing_away() {
    let world = World::with_broker();
    let desk = world.hub();
    let hand_out =
        |refused: Option<&str>| block_on(desk.hand_out(refused, &world, Call::default())).unwrap();
    let serial = |pass: &str| serde_json::from_str::<Vec<String>>(pass).unwrap()[2].clone();

    let first = hand_out(None);
    assert_eq!(hand_out(None), first);
    assert_eq!(hand_out(Some("another")), first);
    let second = hand_out(Some(&serial(&first)));
    assert_ne!(second, first);
    assert_eq!(hand_out(Some(&serial(&first))), second);
    assert_eq!(hand_out(None), second);
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn what_payple_told_the_broker_stands() {
    let world = World::with_broker();
    world.on("/oauth/token", |_, _| json(200, r#"{"result":"T0300"}"#));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!(
        (error.kind(), error.phase(), error.code()),
        (Kind::Authentication, Some(Phase::Token), Some("T0300"))
    );
    assert_eq!(world.sent("/oauth/token"), 1);
}

#[test]
fn a_broker_of_no_use_means_authenticate() {
    for nonsense in [None, Some(""), Some("[]"), Some(r#"["0","99999999999999","x","a"]"#)] {
        let world = World::new();
        *world.0.broker.borrow_mut() =
            Some(Rc::new(move |_| nonsense.map(|text| Ok(text.to_owned()))));

        assert!(world.ask_hub(&world.hub()).is_ok(), "{nonsense:?}");
        assert_eq!(world.sent("/oauth/token"), 1);
    }
}

#[test]
fn a_broker_that_hands_out_the_refused_pass_again_is_not_believed() {
    let world = World::new();
    let old = block_on(world.hub().hand_out(None, &world, Call::default())).unwrap();
    *world.0.broker.borrow_mut() = Some(Rc::new(move |_| Some(Ok(old.clone()))));
    world.0.store.borrow_mut().clear();
    world.revoking();
    world.revoke();

    assert!(world.ask_hub(&world.hub()).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_store_with_nonsense_in_it_means_authenticate() {
    for nonsense in [
        "",
        "{}",
        "null",
        "[\"1\"",
        r#"["0","99999999999999","1","a\nb"]"#,
        r#"["0","99999999999999","1"]"#,
        r#"["0","x","1","a"]"#,
    ] {
        let world = World::new();
        world.0.store.borrow_mut().insert("hub", nonsense.to_owned());

        assert!(world.ask_hub(&world.hub()).is_ok(), "{nonsense}");
        assert_eq!(world.sent("/oauth/token"), 1);
    }
}

#[test]
fn a_stored_pass_that_leads_elsewhere_or_is_not_whole_means_authenticate() {
    for nonsense in [
        r#"["id","key","auth","//evil.example"]"#,
        r#"["id","key","auth","/a#b"]"#,
        r#"["id","key","auth"]"#,
        "[]",
    ] {
        let world = World::new();
        let times = format!(r#"["{}","{}","1","#, world.now_ms(), world.now_ms() + 1_000);
        world
            .0
            .store
            .borrow_mut()
            .insert("cpay", nonsense.replacen('[', &times, 1).replace(",]", "]"));

        assert!(world.ask_cpay(&world.cpay()).is_ok(), "{nonsense}");
        assert_eq!(world.sent("/php/auth.php"), 1, "{nonsense}");
    }
}

#[test]
fn both_services_keep_their_passes_in_one_store_each_by_its_name() {
    let world = World::new();
    for _ in 0..2 {
        assert!(world.ask_hub(&world.hub()).is_ok());
        assert!(world.ask_cpay(&world.cpay()).is_ok());
    }

    let mut names: Vec<_> = world.0.store.borrow().keys().copied().collect();
    names.sort_unstable();
    assert_eq!(names, ["cpay", "hub"]);
    assert_eq!((world.sent("/oauth/token"), world.sent("/php/auth.php")), (1, 1));
}

#[test]
fn what_may_pass_is_tried_again_and_no_more_often_than_allowed() {
    let world = World::new();
    world.on("/request/result/group_key", |world, _| {
        match world.sent("/request/result/group_key") {
            1 => Err(SendError::Unreachable),
            2 => json(502, "<html>"),
            _ => world.group(),
        }
    });
    assert!(world.ask_hub(&world.hub()).is_ok());

    let world = World::new();
    world.on("/oauth/token", |_, _| json(503, "<html>"));
    let error = world.ask_hub(&world.hub()).unwrap_err();
    assert_eq!(
        (error.kind(), error.phase(), error.status()),
        (Kind::Unavailable, Some(Phase::Token), Some(503))
    );
    assert_eq!(world.sent("/oauth/token"), 3);
}

#[test]
fn every_token_request_has_a_code_of_its_own() {
    let world = World::new();
    world.on("/oauth/token", |_, _| json(503, ""));
    assert!(world.ask_hub(&world.hub()).is_err());

    let requests = world.0.requests.borrow();
    assert_ne!(requests[0].body["code"], requests[1].body["code"]);
}

#[test]
fn a_time_out_is_not_tried_again() {
    let world = World::new();
    world.on("/request/result/group_key", |_, _| Err(SendError::Timeout));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!((error.kind(), error.retryable()), (Kind::Timeout, true));
    assert_eq!(world.sent("/request/result/group_key"), 1);
}

#[test]
fn maintenance_is_told_at_once() {
    let world = World::new();
    world.on("/oauth/token", |_, _| json(200, r#"{"result":"T0997","message":"점검"}"#));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!(
        (error.kind(), error.retryable(), world.sent("/oauth/token")),
        (Kind::Unavailable, true, 1)
    );
}

#[test]
fn a_host_of_somebody_elses_gets_no_request() {
    let world = World::new();
    world.on("/php/auth.php", |_, _| {
        json(
            200,
            r#"{"result":"success","cst_id":"a","custKey":"b","AuthKey":"c","PCD_PAY_HOST":"https://evil.example","PCD_PAY_URL":"/x"}"#,
        )
    });
    let error = world.ask_cpay(&world.cpay()).unwrap_err();

    assert_eq!((error.kind(), error.phase()), (Kind::Protocol, Some(Phase::Token)));
    assert_eq!(world.0.requests.borrow().len(), 1);
}

#[test]
fn a_live_billing_key_look_up_needs_a_referer_before_anything_is_sent() {
    let world = World::new();
    let desk = Desk::new(Cpay::new(&partner(Environment::Live)));
    let error = world.ask_cpay(&desk).unwrap_err();

    assert_eq!((error.kind(), error.phase()), (Kind::InvalidConfig, None));
    assert!(error.hint().is_some_and(|hint| hint.en.contains("Referer")));
    assert_eq!(world.0.requests.borrow().len(), 0);
}

#[test]
fn every_exchange_is_reported_without_secrets() {
    let world = World::new();
    world.on("/request/result/group_key", |world, _| {
        match world.sent("/request/result/group_key") {
            1 => json(500, ""),
            _ => world.group(),
        }
    });
    assert!(world.ask_hub(&world.hub()).is_ok());

    assert_eq!(
        *world.0.reports.borrow(),
        ["hub token 0 200", "hub lookup 0 500 unavailable", "hub lookup 1 200"]
    );
}

#[test]
fn without_randomness_nothing_is_sent() {
    let world = World::new();
    world.0.random_works.set(false);

    assert_eq!(world.ask_hub(&world.hub()).unwrap_err().kind(), Kind::Internal);
    assert_eq!(world.0.requests.borrow().len(), 0);
}

/// A Payple, a clock, a store and a random source in one hand. Answers well unless told otherwise.
#[derive(Clone)]
struct World(Rc<State>);

struct State {
    now_ms: Cell<u64>,
    seed: Cell<u32>,
    random_works: Cell<bool>,
    tokens: Cell<u32>,
    revoked: Cell<u32>,
    requests: RefCell<Vec<Seen>>,
    answers: RefCell<HashMap<&'static str, Rc<Answer>>>,
    store: RefCell<HashMap<&'static str, String>>,
    store_forgets: Cell<bool>,
    broker: RefCell<Option<Rc<Broker>>>,
    reports: RefCell<Vec<String>>,
}

type Broker = dyn Fn(Option<String>) -> Option<Result<String, Error>>;
type Answer = dyn Fn(&World, &Seen) -> Result<Reply, SendError>;

#[derive(Clone)]
struct Seen {
    url: String,
    headers: HashMap<String, String>,
    body: serde_json::Value,
}

impl World {
    fn new() -> Self {
        Self(Rc::new(State {
            now_ms: Cell::new(1_700_000_000_000),
            seed: Cell::new(1),
            random_works: Cell::new(true),
            tokens: Cell::default(),
            revoked: Cell::default(),
            requests: RefCell::default(),
            answers: RefCell::default(),
            store: RefCell::default(),
            store_forgets: Cell::new(true),
            broker: RefCell::default(),
            reports: RefCell::default(),
        }))
    }

    /// Without a store, so that only the broker can save an authentication.
    fn with_broker() -> Self {
        let world = Self::new();
        let desk = world.hub();
        // The broker lives in the same world, but has no broker of its own.
        let inside = world.clone();
        *world.0.broker.borrow_mut() = Some(Rc::new(move |refused| {
            let broker = inside.0.broker.take();
            let outcome =
                desk.hand_out(refused.as_deref(), &inside, Call::default()).now_or_never().unwrap();
            *inside.0.broker.borrow_mut() = broker;
            inside.0.store.borrow_mut().clear();
            Some(outcome)
        }));
        world
    }

    fn hub(&self) -> Desk<Hub> {
        Desk::new(Hub::new(&partner(Environment::Test)))
    }

    fn cpay(&self) -> Desk<Cpay> {
        Desk::new(Cpay::new(&partner(Environment::Test)))
    }

    fn ask_hub(&self, desk: &Desk<Hub>) -> Result<(), Error> {
        block_on(desk.look_up(&GroupKey::new("G").unwrap(), self, Call::default())).map(drop)
    }

    fn ask_cpay(&self, desk: &Desk<Cpay>) -> Result<(), Error> {
        block_on(desk.look_up(&PayerId::new("K").unwrap(), self, Call::default())).map(drop)
    }

    /// Answers requests to `path` with `answer` from now on.
    fn on(
        &self,
        path: &'static str,
        answer: impl Fn(&World, &Seen) -> Result<Reply, SendError> + 'static,
    ) {
        self.0.answers.borrow_mut().insert(path, Rc::new(answer));
    }

    /// The hub takes only tokens that were issued after the last `revoke`.
    fn revoking(&self) {
        self.on(
            "/request/result/group_key",
            |world, request| match request.headers["authorization"]
                .strip_prefix("Bearer token-")
                .and_then(|n| n.parse::<u32>().ok())
            {
                Some(n) if n > world.0.revoked.get() => world.group(),
                _ => json(401, ""),
            },
        );
    }

    /// Ends every token issued so far.
    fn revoke(&self) {
        self.0.revoked.set(self.0.tokens.get());
    }

    fn sent(&self, path: &str) -> usize {
        self.0.requests.borrow().iter().filter(|seen| seen.url.ends_with(path)).count()
    }

    fn pass_time(&self, ms: u64) {
        self.0.now_ms.set(self.0.now_ms.get() + ms);
    }

    fn token(&self, request: &Seen, expires_in: &str) -> Result<Reply, SendError> {
        self.0.tokens.set(self.0.tokens.get() + 1);
        let (n, code) = (self.0.tokens.get(), request.body["code"].as_str().unwrap());
        json(
            200,
            &format!(
                r#"{{"result":"T0000","code":"{code}","access_token":"token-{n}","expires_in":"{expires_in}"}}"#
            ),
        )
    }

    fn auth(&self) -> Result<Reply, SendError> {
        self.0.tokens.set(self.0.tokens.get() + 1);
        let n = self.0.tokens.get();
        json(
            200,
            &format!(
                r#"{{"result":"success","cst_id":"enc-id","custKey":"enc-key","AuthKey":"auth-{}","PCD_PAY_HOST":"https:\/\/democpay.payple.kr","PCD_PAY_URL":"\/php\/look.php?ACT_=PUSERINFO"}}"#,
                if self.sent("/oauth/token") > 0 { 1 } else { n }
            ),
        )
    }

    fn group(&self) -> Result<Reply, SendError> {
        json(200, r#"{"result":"A0000","total":"0","count":"0","list":[]}"#)
    }

    fn key(&self, request: &Seen) -> Result<Reply, SendError> {
        let key = &request.body["PCD_PAYER_ID"];
        json(
            200,
            &format!(
                r#"{{"PCD_PAY_RST":"success","PCD_PAY_CODE":"0000","PCD_PAY_TYPE":"card","PCD_PAYER_ID":{key},"PCD_PAY_CARDNUM":"1111"}}"#
            ),
        )
    }
}

impl Runtime for World {
    async fn send(&self, exchange: Exchange, _timeout_ms: u64) -> Result<Reply, SendError> {
        let headers =
            exchange.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let seen = Seen {
            url: exchange.url,
            headers,
            body: serde_json::from_str(&exchange.body).unwrap(),
        };
        self.0.requests.borrow_mut().push(seen.clone());
        let told = self
            .0
            .answers
            .borrow()
            .iter()
            .find(|(path, _)| seen.url.ends_with(**path))
            .map(|(_, answer)| Rc::clone(answer));
        match told {
            Some(answer) => answer(self, &seen),
            None if seen.url.ends_with("/oauth/token") => self.token(&seen, "60"),
            None if seen.url.ends_with("/php/auth.php") => self.auth(),
            None if seen.url.contains("/php/look.php") => self.key(&seen),
            None => self.group(),
        }
    }

    fn now_ms(&self) -> u64 {
        self.0.now_ms.get()
    }

    async fn sleep(&self, duration_ms: u64) {
        self.pass_time(duration_ms);
    }

    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        if !self.0.random_works.get() {
            return Err(payple_edge::lookup::no_randomness());
        }
        for byte in bytes {
            self.0.seed.set(self.0.seed.get().wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
            *byte = (self.0.seed.get() >> 24) as u8;
        }
        Ok(())
    }

    async fn load(&self, service: &'static str) -> Option<String> {
        self.0.store.borrow().get(service).cloned()
    }

    async fn save(&self, service: &'static str, pass: String, _keep_for_ms: u64) {
        self.0.store.borrow_mut().insert(service, pass);
    }

    async fn forget(&self, service: &'static str) {
        if self.0.store_forgets.get() {
            self.0.store.borrow_mut().remove(service);
        }
    }

    async fn broker(
        &self,
        _service: &'static str,
        refused: Option<String>,
    ) -> Option<Result<String, Error>> {
        let broker = self.0.broker.borrow().clone();
        broker?(refused)
    }

    fn report(&self, report: &Report<'_>) {
        let status = report.status.map(|status| format!(" {status}")).unwrap_or_default();
        let kind = report.error.map(|error| format!(" {}", error.kind())).unwrap_or_default();
        self.0.reports.borrow_mut().push(format!(
            "{} {} {}{status}{kind}",
            report.service,
            report.phase.name(),
            report.attempt
        ));
    }
}

fn partner(environment: Environment) -> Partner {
    Partner {
        environment,
        credentials: Credentials::new("test", "abcd1234567890").unwrap(),
        hub_credentials: None,
        referer: None,
        hub_origin: None,
        cpay_origin: None,
    }
}

fn json(status: u16, body: &str) -> Result<Reply, SendError> {
    Ok(Reply { status, retry_after_ms: None, body: body.as_bytes().to_vec() })
}
