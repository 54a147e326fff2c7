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
use std::task::Poll;

use futures_executor::block_on;
use futures_util::FutureExt;
use futures_util::future::join;
use payple_edge::runtime::Report;
use payple_edge::single_flight::SharedFlight;
use payple_edge::testing::{FakeRuntime, Random, Sent, response};
use payple_edge::transport::{HttpRequest, HttpResponse, SendError};
use payple_edge::{
    CallOptions, Client, Config, Cpay, Credentials, Environment, Error, ErrorKind, GroupKey, Hub,
    Origin, PayerId, Phase, Referer, Runtime,
};

#[test]
fn one_token_serves_all_look_ups_of_its_life() {
    let world = World::new();
    let client = world.hub();

    for _ in 0..20 {
        assert!(world.ask_hub(&client).is_ok());
    }
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (1, 20));

    world.pass_time(54_999);
    assert!(world.ask_hub(&client).is_ok());
    assert_eq!(world.sent("/oauth/token"), 1);
    world.pass_time(1);
    assert!(world.ask_hub(&client).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn one_partner_authentication_serves_25_minutes() {
    let world = World::new();
    let client = world.cpay();

    for _ in 0..20 {
        assert!(world.ask_cpay(&client).is_ok());
        world.pass_time(60_000);
    }
    assert_eq!((world.sent("/php/auth.php"), world.sent("/php/look.php?ACT_=PUSERINFO")), (1, 20));

    world.pass_time(6 * 60_000);
    assert!(world.ask_cpay(&client).is_ok());
    assert_eq!(world.sent("/php/auth.php"), 2);
}

#[test]
fn a_tokens_life_is_counted_from_when_it_was_asked_for() {
    let world = World::new();
    let client = world.hub();
    world.on("/oauth/token", |world, request| {
        world.pass_time(50_000);
        world.token(request, "60")
    });

    assert!(world.ask_hub(&client).is_ok());
    world.pass_time(5_000);
    assert!(world.ask_hub(&client).is_ok());

    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_token_of_no_lifetime_serves_one_look_up_and_is_not_kept() {
    let world = World::new();
    let client = world.hub();
    world.on("/oauth/token", |world, request| world.token(request, "0"));

    assert!(world.ask_hub(&client).is_ok());
    assert!(world.ask_hub(&client).is_ok());

    assert_eq!(world.sent("/oauth/token"), 2);
    assert!(world.runtime.store().borrow().is_empty());
}

#[test]
fn a_clock_set_back_means_a_new_token_and_never_a_stale_one() {
    let world = World::new();
    let client = world.hub();
    assert!(world.ask_hub(&client).is_ok());

    world.runtime.jump_ms(-3_600_000);
    assert!(world.ask_hub(&client).is_ok());

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
        world.runtime.jump_ms(jump_ms);
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
fn a_clock_that_jumps_while_the_token_is_on_its_way_costs_no_answer() {
    for jump_ms in [3_600_000_i64, -3_600_000] {
        let world = World::new();
        let client = world.hub();
        world.on("/oauth/token", move |world, request| {
            world.runtime.jump_ms(jump_ms);
            world.token(request, "60")
        });
        assert!(world.ask_hub(&client).is_ok());

        assert_eq!(
            (world.sent("/oauth/token"), world.sent("/request/result/group_key")),
            (1, 1),
            "{jump_ms}"
        );
    }
}

#[test]
fn a_token_that_expires_before_it_is_used_is_replaced_once() {
    for (status, body) in [
        (401, ""),
        (401, r#"{"result":"E0401","message":"만료"}"#),
        (200, r#"{"result":"T0400","message":"만료"}"#),
    ] {
        let world = World::new();
        world.on("/request/result/group_key", move |world, request| {
            match &*request.headers["authorization"] {
                "Bearer token-1" => json(status, body),
                _ => world.group(),
            }
        });
        assert!(world.ask_hub(&world.hub()).is_ok());

        assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 2));
    }
}

#[test]
fn the_token_is_sent_as_the_spec_says() {
    let world = World::new();
    assert!(world.ask_hub(&world.hub()).is_ok());
    assert!(world.ask_cpay(&world.cpay()).is_ok());

    let [token, lookup, auth, key] = &world.runtime.sent()[..] else { panic!() };
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
    let mut config = config(Environment::Live);
    config.hub_credentials = Some(Credentials::new("hub-id", "hub-key").unwrap());
    config.referer = Some(Referer::parse("https://shop.example/pay").unwrap());
    config.hub_origin = Some(Origin::parse("http://127.0.0.1:8788/").unwrap());
    config.cpay_origin = Some(Origin::parse("HTTPS://Relay.example:8443").unwrap());
    assert!(world.ask_hub(&Client::new(Hub::new(&config).unwrap())).is_ok());
    // Payple, asked through a relay, names its own address; the relay is asked all the same.
    world.on("/php/auth.php", |world, _| {
        let body = String::from_utf8(world.auth()?.into_body()).unwrap();
        json(200, &body.replace("democpay", "cpay"))
    });
    assert!(world.ask_cpay(&Client::new(Cpay::new(&config).unwrap())).is_ok());

    let [token, lookup, auth, key] = &world.runtime.sent()[..] else { panic!() };
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
fn a_revoked_token_is_replaced_once_and_the_look_up_succeeds() {
    let world = World::new();
    let client = world.hub();
    assert!(world.ask_hub(&client).is_ok());

    world.on(
        "/request/result/group_key",
        |world, request| match &*request.headers["authorization"] {
            "Bearer token-1" => json(401, r#"{"result":"T0400","message":"만료"}"#),
            _ => world.group(),
        },
    );
    assert!(world.ask_hub(&client).is_ok());

    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 3));
}

#[test]
fn a_token_refused_for_good_fails_after_exactly_one_replacement() {
    let world = World::new();
    world.on("/request/result/group_key", |_, _| json(200, r#"{"result":"T0400"}"#));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!(
        (error.kind, error.phase, error.code.as_deref()),
        (ErrorKind::Authentication, Some(Phase::Lookup), Some("T0400"))
    );
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 2));
}

#[test]
fn an_expired_auth_key_is_replaced_once() {
    let world = World::new();
    let client = world.cpay();
    world.on("/php/look.php?ACT_=PUSERINFO", |world, request| match request.body["PCD_AUTH_KEY"].as_str() {
        Some("auth-1") => json(200, r#"{"PCD_PAY_RST":"error","PCD_PAY_CODE":"X100","PCD_PAY_MSG":"인증세션이 만료되었습니다"}"#),
        _ => world.key(request),
    });

    assert!(world.ask_cpay(&client).is_ok());
    assert_eq!(world.sent("/php/auth.php"), 2);
}

#[test]
fn a_refused_token_leaves_the_store_before_it_is_replaced() {
    let world = World::new();
    world.on("/request/result/group_key", |_, _| json(401, ""));
    world.on("/oauth/token", |world, request| match world.sent("/oauth/token") {
        1 => world.token(request, "60"),
        _ => json(200, r#"{"result":"T0300"}"#),
    });

    assert_eq!(world.ask_hub(&world.hub()).unwrap_err().code.as_deref(), Some("T0300"));
    assert!(world.runtime.store().borrow().is_empty());
}

#[test]
fn a_store_that_still_offers_the_refused_token_is_not_believed() {
    let world = World::new();
    world.runtime.set_store_deletes(false);
    let client = world.hub();
    world.on(
        "/request/result/group_key",
        |world, request| match &*request.headers["authorization"] {
            "Bearer token-1" => json(401, ""),
            _ => world.group(),
        },
    );

    assert!(world.ask_hub(&client).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_store_that_offers_a_token_from_before_the_refused_one_is_not_believed() {
    let world = World::new();
    world.runtime.set_store_deletes(false);
    let client = world.hub();
    world.revoking();
    assert!(world.ask_hub(&client).is_ok());
    let old = world.runtime.store().borrow()["hub"].clone();
    world.pass_time(1);
    world.revoke();
    assert!(world.ask_hub(&client).is_ok());

    world.runtime.store().borrow_mut().insert("hub", old);
    world.pass_time(1);
    world.revoke();
    assert!(world.ask_hub(&client).is_ok());
    assert_eq!(world.sent("/oauth/token"), 3);
}

#[test]
fn a_late_report_throws_no_newer_token_out_of_the_store() {
    let world = World::new();
    let client = world.hub();
    assert!(world.ask_hub(&client).is_ok());
    // While a look-up waits for its answer, its token runs out and another one gets a new one.
    let early = client.clone();
    let is_first = Cell::new(true);
    world.on("/request/result/group_key", move |world, request| {
        if is_first.replace(false) {
            world.pass_time(60_000);
            assert!(
                early
                    .lookup(&GroupKey::new("G").unwrap(), &world.runtime, CallOptions::default())
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

    assert!(world.ask_hub(&client).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
    assert!(world.runtime.store().borrow()["hub"].contains("token-2"));
}

#[test]
fn another_process_takes_the_token_from_the_store() {
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
fn a_hundred_reports_of_one_token_make_the_broker_replace_it_once() {
    let world = World::with_broker();
    world.revoking();
    let isolates: Vec<_> = (0..100).map(|_| world.hub()).collect();
    assert!(isolates.iter().all(|client| world.ask_hub(client).is_ok()));
    world.pass_time(1);
    world.revoke();

    assert!(isolates.iter().all(|client| world.ask_hub(client).is_ok()));
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (2, 300));
}

#[test]
fn a_late_report_makes_the_broker_throw_nothing_away() {
    let world = World::with_broker();
    let client = world.hub();
    let issue_token = |rejected: Option<&str>| {
        block_on(client.issue_token(rejected, &world.runtime, CallOptions::default())).unwrap()
    };
    let id = |token: &str| {
        let token: serde_json::Value = serde_json::from_str(token).unwrap();
        token["id"].as_str().unwrap().to_owned()
    };

    let first = issue_token(None);
    assert_eq!(issue_token(None), first);
    assert_eq!(issue_token(Some("another")), first);
    let second = issue_token(Some(&id(&first)));
    assert_ne!(second, first);
    assert_eq!(issue_token(Some(&id(&first))), second);
    assert_eq!(issue_token(None), second);
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn what_payple_told_the_broker_stands() {
    let world = World::with_broker();
    world.on("/oauth/token", |_, _| json(200, r#"{"result":"T0300"}"#));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!(
        (error.kind, error.phase, error.code.as_deref()),
        (ErrorKind::Authentication, Some(Phase::Token), Some("T0300"))
    );
    assert_eq!(world.sent("/oauth/token"), 1);
}

#[test]
fn a_broker_of_no_use_means_authenticate() {
    for nonsense in [None, Some(""), Some("{}"), Some(r#"{"id":"0"}"#)] {
        let world = World::new();
        world.runtime.set_broker(Some(move |_| nonsense.map(|text| Ok(text.to_owned()))));

        assert!(world.ask_hub(&world.hub()).is_ok(), "{nonsense:?}");
        assert_eq!(world.sent("/oauth/token"), 1);
    }
}

#[test]
fn a_broker_that_hands_out_the_refused_token_again_is_not_believed() {
    let world = World::new();
    let old =
        block_on(world.hub().issue_token(None, &world.runtime, CallOptions::default())).unwrap();
    world.runtime.set_broker(Some(move |_| Some(Ok(old.clone()))));
    world.runtime.store().borrow_mut().clear();
    world.revoking();
    world.revoke();

    assert!(world.ask_hub(&world.hub()).is_ok());
    assert_eq!(world.sent("/oauth/token"), 2);
}

#[test]
fn a_broker_that_hands_out_a_token_from_before_the_rejected_one_is_not_believed() {
    let world = World::new();
    world.revoking();
    let old = block_on(world.hub().issue_token(None, &world.runtime, CallOptions::default()));
    let old = old.unwrap();
    world.runtime.store().borrow_mut().clear();
    world.pass_time(1);
    // This client got its token by itself, and the broker does not know of it.
    let client = world.hub();
    assert!(world.ask_hub(&client).is_ok());
    world.runtime.store().borrow_mut().clear();
    world.runtime.set_broker(Some(move |_| Some(Ok(old.clone()))));
    world.revoke();

    assert!(world.ask_hub(&client).is_ok());
    assert_eq!(world.sent("/oauth/token"), 3);
}

#[test]
fn a_store_with_nonsense_in_it_means_authenticate() {
    for nonsense in [
        "",
        "{}",
        "null",
        "[\"1\"",
        r#"{"id":"0000000000000001","issuedAtMs":0,"expiresAtMs":99999999999999,"token":"a\nb"}"#,
        r#"{"id":"0000000000000001","issuedAtMs":0,"expiresAtMs":99999999999999}"#,
        r#"{"id":"0000000000000001","issuedAtMs":0,"expiresAtMs":"x","token":"a"}"#,
        r#"{"id":"1","issuedAtMs":0,"expiresAtMs":99999999999999,"token":"a"}"#,
    ] {
        let world = World::new();
        world.runtime.store().borrow_mut().insert("hub", nonsense.to_owned());

        assert!(world.ask_hub(&world.hub()).is_ok(), "{nonsense}");
        assert_eq!(world.sent("/oauth/token"), 1);
    }
}

#[test]
fn a_stored_token_that_leads_elsewhere_or_is_not_whole_means_authenticate() {
    for nonsense in [
        r#"{"cst_id":"id","cust_key":"key","auth_key":"auth","path":"//evil.example"}"#,
        r#"{"cst_id":"id","cust_key":"key","auth_key":"auth","path":"/a#b"}"#,
        r#"{"cst_id":"id","cust_key":"key","auth_key":"auth"}"#,
        "{}",
    ] {
        let world = World::new();
        let now_ms = world.runtime.now_ms();
        let ends_ms = now_ms + 1_000;
        let token = format!(
            r#"{{"id":"0000000000000001","issuedAtMs":{now_ms},"expiresAtMs":{ends_ms},"token":{nonsense}}}"#
        );
        world.runtime.store().borrow_mut().insert("cpay", token);

        assert!(world.ask_cpay(&world.cpay()).is_ok(), "{nonsense}");
        assert_eq!(world.sent("/php/auth.php"), 1, "{nonsense}");
    }
}

#[test]
fn both_services_keep_their_tokens_in_one_store_each_by_its_name() {
    let world = World::new();
    for _ in 0..2 {
        assert!(world.ask_hub(&world.hub()).is_ok());
        assert!(world.ask_cpay(&world.cpay()).is_ok());
    }

    let mut names: Vec<_> = world.runtime.store().borrow().keys().copied().collect();
    names.sort_unstable();
    assert_eq!(names, ["cpay", "hub"]);
    assert_eq!((world.sent("/oauth/token"), world.sent("/php/auth.php")), (1, 1));
}

#[test]
fn what_may_token_is_tried_again_and_no_more_often_than_allowed() {
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
        (error.kind, error.phase, error.http_status),
        (ErrorKind::Unavailable, Some(Phase::Token), Some(503))
    );
    assert_eq!(world.sent("/oauth/token"), 3);
}

#[test]
fn every_token_request_has_a_code_of_its_own() {
    let world = World::new();
    world.on("/oauth/token", |_, _| json(503, ""));
    assert!(world.ask_hub(&world.hub()).is_err());

    let requests = world.runtime.sent();
    assert_ne!(requests[0].body["code"], requests[1].body["code"]);
}

#[test]
fn a_time_out_is_not_tried_again() {
    let world = World::new();
    world.on("/request/result/group_key", |_, _| Err(SendError::Timeout));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!((error.kind, error.retryable), (ErrorKind::Timeout, true));
    assert_eq!(world.sent("/request/result/group_key"), 1);
}

#[test]
fn maintenance_is_told_at_once() {
    let world = World::new();
    world.on("/oauth/token", |_, _| json(200, r#"{"result":"T0997","message":"점검"}"#));
    let error = world.ask_hub(&world.hub()).unwrap_err();

    assert_eq!(
        (error.kind, error.retryable, world.sent("/oauth/token")),
        (ErrorKind::Unavailable, true, 1)
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

    assert_eq!((error.kind, error.phase), (ErrorKind::Protocol, Some(Phase::Token)));
    assert_eq!(world.runtime.sent().len(), 1);
}

#[test]
fn a_live_billing_key_look_up_needs_a_referer_before_anything_is_sent() {
    let world = World::new();
    let client = Client::new(Cpay::new(&config(Environment::Live)).unwrap());
    let error = world.ask_cpay(&client).unwrap_err();

    assert_eq!((error.kind, error.phase), (ErrorKind::InvalidConfig, None));
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("Referer")));
    assert_eq!(world.runtime.sent().len(), 0);
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
        world.runtime.reports(),
        ["hub token 0 200", "hub lookup 0 500 unavailable", "hub lookup 1 200"]
    );
}

#[test]
fn what_payple_says_is_passed_on_without_our_credentials_and_tokens() {
    for path in ["/oauth/token", "/request/result/group_key"] {
        let world = World::new();
        world.on(path, |_, request| {
            let headers = request.headers.get("authorization").map_or("", String::as_str);
            let said = format!("custKey abcd1234567890 {headers}");
            json(200, &format!(r#"{{"result":"T0300","message":"{said}"}}"#))
        });
        let error = world.ask_hub(&world.hub()).unwrap_err();

        assert_eq!(error.code.as_deref(), Some("T0300"), "{path}");
        assert!(error.message.contains("custKey …"), "{}", error.message);
        assert!(!error.message.contains("abcd1234567890"), "{path}");
        for request in world.runtime.sent() {
            if let Some(bearer) = request.headers.get("authorization") {
                let token = bearer.strip_prefix("Bearer ").unwrap();
                assert!(!error.message.contains(token), "{path}");
            }
        }
    }
}

#[test]
fn without_randomness_nothing_is_sent() {
    let world = World::new();
    world.runtime.set_random(Random::Missing);

    assert_eq!(world.ask_hub(&world.hub()).unwrap_err().kind, ErrorKind::Internal);
    assert_eq!(world.runtime.sent().len(), 0);
}

#[test]
fn an_error_of_payples_stands_where_randomness_ends() {
    let world = World::new();
    world.on("/request/result/group_key", |world, _| {
        world.runtime.set_random(Random::Missing);
        json(200, r#"{"result":"N0101","message":"no"}"#)
    });

    let error = world.ask_hub(&world.hub()).unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Rejected, Some("N0101")));
}

#[test]
fn a_client_keeps_its_token_without_any_store() {
    let world = World::new();
    let client = world.hub();
    for _ in 0..3 {
        assert!(world.ask_hub(&client).is_ok());
        world.runtime.store().borrow_mut().clear();
    }
    assert_eq!((world.sent("/oauth/token"), world.sent("/request/result/group_key")), (1, 3));
}

#[test]
fn a_pause_of_ten_seconds_is_waited_for_and_a_longer_one_is_not() {
    for (asked_s, slept_ms) in [("10", vec![10_000]), ("11", vec![])] {
        let world = World::new();
        world.on("/request/result/group_key", move |world, _| {
            if world.sent("/request/result/group_key") > 1 {
                return world.group();
            }
            let mut busy = response(503, "");
            busy.headers_mut().insert("retry-after", asked_s.parse().unwrap());
            Ok(busy)
        });
        assert_eq!(world.ask_hub(&world.hub()).is_ok(), !slept_ms.is_empty());
        assert_eq!(world.runtime.slept_ms(), slept_ms);
    }
}

/// Two look-ups that begin together, of which the second waits for the first one's authentication:
/// what they come to, and how often Payple was asked for a token. The first such request ends as
/// told.
fn two_together(first_ends: fn() -> Result<HttpResponse, SendError>) -> [Result<(), Error>; 2] {
    let world = World::new();
    let client: Client<Hub, SharedFlight<_>> =
        Client::new(Hub::new(&config(Environment::Test)).unwrap());
    let attempts = Rc::new(Cell::new(0));
    let seen = Rc::clone(&attempts);
    world.on("/oauth/token", move |world, request| {
        seen.set(seen.get() + 1);
        if seen.get() == 1 { first_ends() } else { world.token(request, "60") }
    });
    let group_key = GroupKey::new("G").unwrap();
    let slow = Unhurried { runtime: world.runtime.clone(), answers: true };
    let mut options = CallOptions::default();
    options.max_retries = 0;
    let mut impatient = options;
    impatient.timeout_ms = 150;
    let (first, second) = block_on(join(
        client.lookup(&group_key, &slow, impatient),
        client.lookup(&group_key, &slow, options),
    ));
    assert_eq!(attempts.get(), if second.is_ok() { 2 } else { 1 });
    [first.map(drop), second.map(drop)]
}

#[test]
fn one_that_gives_up_early_fails_nobody_else() {
    let [first, second] = two_together(|| Err(SendError::Timeout));
    assert_eq!(first.unwrap_err().kind, ErrorKind::Timeout);
    assert!(second.is_ok());
}

#[test]
fn what_payple_told_the_first_it_has_told_all_who_waited_for_it() {
    let [first, second] =
        two_together(|| json(200, r#"{"result":"T0300","message":"no such partner"}"#));
    assert_eq!(first.unwrap_err(), second.unwrap_err());
}

/// Answers a little later, or never.
#[derive(Clone)]
struct Unhurried {
    runtime: FakeRuntime,
    answers: bool,
}

impl Runtime for Unhurried {
    async fn send(&self, request: HttpRequest, timeout_ms: u64) -> Result<HttpResponse, SendError> {
        if !self.answers {
            return std::future::pending().await;
        }
        let mut is_asked_again = false;
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            let poll = if is_asked_again { Poll::Ready(()) } else { Poll::Pending };
            is_asked_again = true;
            poll
        })
        .await;
        self.runtime.send(request, timeout_ms).await
    }
    fn now_ms(&self) -> u64 {
        self.runtime.now_ms()
    }
    /// Never ends: what is waited for here comes before any time-out.
    async fn sleep(&self, _: u64) {
        std::future::pending::<()>().await;
    }
    fn random(&self, bytes: &mut [u8]) -> Result<(), Error> {
        self.runtime.random(bytes)
    }
    async fn load_token(&self, _: &'static str) -> Option<String> {
        None
    }
    async fn save_token(&self, _: &'static str, _: String, _: u64) {}
    async fn delete_token(&self, _: &'static str) {}
    fn report(&self, report: &Report<'_>) {
        self.runtime.report(report);
    }
}

#[test]
fn a_look_up_that_is_dropped_reports_its_exchange_as_aborted() {
    let world = World::new();
    let client = world.hub();
    let endless = Unhurried { runtime: world.runtime.clone(), answers: false };
    let group_key = GroupKey::new("G").unwrap();
    let lookup = client.lookup(&group_key, &endless, CallOptions::default());
    assert!(lookup.now_or_never().is_none());
    assert_eq!(world.runtime.reports(), ["hub token 0 aborted"]);
}

/// A Payple in a world of its own. Answers well unless told otherwise.
#[derive(Clone)]
struct World {
    runtime: FakeRuntime,
    /// How many tokens were issued, and how many of them are revoked.
    tokens: Rc<Cell<u32>>,
    revoked: Rc<Cell<u32>>,
    answers: Rc<RefCell<HashMap<&'static str, Rc<Answer>>>>,
}

type Answer = dyn Fn(&World, &Sent) -> Result<HttpResponse, SendError>;

impl World {
    fn new() -> Self {
        let world = Self {
            runtime: FakeRuntime::new(),
            tokens: Rc::default(),
            revoked: Rc::default(),
            answers: Rc::default(),
        };
        let inside = world.clone();
        world.runtime.answer_by(move |_, sent| inside.answer(sent));
        world
    }

    /// Without a store, so that only the broker can save an authentication.
    fn with_broker() -> Self {
        let world = Self::new();
        let client = world.hub();
        let inside = world.clone();
        world.runtime.set_broker(Some(move |rejected: Option<String>| {
            // The broker lives in the same world, but has no broker of its own.
            let outcome = inside.runtime.without_broker(|| {
                client
                    .issue_token(rejected.as_deref(), &inside.runtime, CallOptions::default())
                    .now_or_never()
                    .unwrap()
            });
            inside.runtime.store().borrow_mut().clear();
            Some(outcome)
        }));
        world
    }

    fn hub(&self) -> Client<Hub> {
        Client::new(Hub::new(&config(Environment::Test)).unwrap())
    }

    fn cpay(&self) -> Client<Cpay> {
        Client::new(Cpay::new(&config(Environment::Test)).unwrap())
    }

    fn ask_hub(&self, client: &Client<Hub>) -> Result<(), Error> {
        let group_key = GroupKey::new("G").unwrap();
        block_on(client.lookup(&group_key, &self.runtime, CallOptions::default())).map(drop)
    }

    fn ask_cpay(&self, client: &Client<Cpay>) -> Result<(), Error> {
        let payer_id = PayerId::new("K").unwrap();
        block_on(client.lookup(&payer_id, &self.runtime, CallOptions::default())).map(drop)
    }

    /// Answers requests to `path` with `answer` from now on.
    fn on(
        &self,
        path: &'static str,
        answer: impl Fn(&World, &Sent) -> Result<HttpResponse, SendError> + 'static,
    ) {
        self.answers.borrow_mut().insert(path, Rc::new(answer));
    }

    /// The hub takes only tokens that were issued after the last `revoke`.
    fn revoking(&self) {
        self.on(
            "/request/result/group_key",
            |world, request| match request.headers["authorization"]
                .strip_prefix("Bearer token-")
                .and_then(|n| n.parse::<u32>().ok())
            {
                Some(n) if n > world.revoked.get() => world.group(),
                _ => json(401, ""),
            },
        );
    }

    /// Ends every token issued so far.
    fn revoke(&self) {
        self.revoked.set(self.tokens.get());
    }

    fn sent(&self, path: &str) -> usize {
        self.runtime.sent_to(path)
    }

    fn pass_time(&self, ms: u64) {
        self.runtime.pass_ms(ms);
    }

    fn answer(&self, sent: &Sent) -> Result<HttpResponse, SendError> {
        let told = self
            .answers
            .borrow()
            .iter()
            .find(|(path, _)| sent.url.ends_with(**path))
            .map(|(_, answer)| Rc::clone(answer));
        match told {
            Some(answer) => answer(self, sent),
            None if sent.url.ends_with("/oauth/token") => self.token(sent, "60"),
            None if sent.url.ends_with("/php/auth.php") => self.auth(),
            None if sent.url.contains("/php/look.php") => self.key(sent),
            None => self.group(),
        }
    }

    fn token(&self, request: &Sent, expires_in: &str) -> Result<HttpResponse, SendError> {
        self.tokens.set(self.tokens.get() + 1);
        let (n, code) = (self.tokens.get(), request.body["code"].as_str().unwrap());
        json(
            200,
            &format!(
                r#"{{"result":"T0000","code":"{code}","access_token":"token-{n}","expires_in":"{expires_in}"}}"#
            ),
        )
    }

    fn auth(&self) -> Result<HttpResponse, SendError> {
        self.tokens.set(self.tokens.get() + 1);
        let n = if self.sent("/oauth/token") > 0 { 1 } else { self.tokens.get() };
        json(
            200,
            &format!(
                r#"{{"result":"success","cst_id":"enc-id","custKey":"enc-key","AuthKey":"auth-{n}","PCD_PAY_HOST":"https:\/\/democpay.payple.kr","PCD_PAY_URL":"\/php\/look.php?ACT_=PUSERINFO"}}"#
            ),
        )
    }

    fn group(&self) -> Result<HttpResponse, SendError> {
        json(200, r#"{"result":"A0000","total":"0","count":"0","list":[]}"#)
    }

    fn key(&self, request: &Sent) -> Result<HttpResponse, SendError> {
        let key = &request.body["PCD_PAYER_ID"];
        json(
            200,
            &format!(
                r#"{{"PCD_PAY_RST":"success","PCD_PAY_CODE":"0000","PCD_PAY_TYPE":"card","PCD_PAYER_ID":{key},"PCD_PAY_CARDNUM":"1111"}}"#
            ),
        )
    }
}

fn config(environment: Environment) -> Config {
    Config::new(environment, Credentials::new("test", "abcd1234567890").unwrap())
}

fn json(status: u16, body: &str) -> Result<HttpResponse, SendError> {
    Ok(response(status, body))
}
