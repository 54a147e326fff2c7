//! What holds for every reply and not for samples alone: no panic, nothing lost on the way, sums as
//! a calculation of its own has them, edits found in a comparison, no other address, no secret
//! shown.
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

use payple_edge::api::read_expectation;
use payple_edge::money::{Limit, MAX_EXACT, Won};
use payple_edge::payout::{FindingKind, PayoutRequestGroup};
use payple_edge::{Error, ErrorKind};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use targets::{CUST_KEY, PAYER_ID, World, ok};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_give_a_value_or_an_error_and_never_a_panic(bytes in vec(any::<u8>(), 0..400)) {
        for (_, run) in targets::TARGETS {
            run(&bytes);
        }
    }

    #[test]
    fn any_json_gives_a_value_or_an_error_and_never_a_panic(
        status in "[ 13459]",
        reply in reply_like(),
    ) {
        let bytes = format!("{status}{reply}").into_bytes();
        for (_, run) in targets::TARGETS {
            run(&bytes);
        }
    }

    #[test]
    fn a_group_written_by_the_model_reads_back_the_same(
        rows in vec(row(MAX_EXACT), 0..12),
        numbers in any::<bool>(),
        extra in json_value(),
    ) {
        let total = decimal_sum(&rows);
        let body = group_json(&rows, &total, rows.len() as u64, numbers, &extra);
        let read = read_group(&body);
        if total.parse::<u128>().unwrap() > u128::from(MAX_EXACT) {
            prop_assert_eq!(read.err().unwrap().kind, ErrorKind::Protocol);
            return Ok(());
        }
        let group = read.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(group.total.amount().to_string(), total);
        prop_assert_eq!(group.count, rows.len() as u64);
        prop_assert_eq!(group.requests.len(), rows.len());
        for (wrote, read) in rows.iter().zip(&group.requests) {
            prop_assert_eq!(wrote.amount, read.amount.amount());
            prop_assert_eq!(wrote.limit, read.remaining_limit.amount());
            prop_assert_eq!(&wrote.recipient, &read.billing_tran_id);
            prop_assert_eq!(&wrote.sub_id, &read.sub_id);
            prop_assert_eq!(&wrote.print_content, &read.print_content);
            prop_assert_eq!(&wrote.time, &read.requested_at_raw);
            prop_assert_eq!(wrote.time.replace(' ', "T") + "+09:00", read.requested_at.to_string());
        }
    }

    #[test]
    fn the_reviews_sums_are_those_of_a_calculation_of_its_own(
        rows in vec(row(MAX_EXACT / 50), 1..40),
        more in 0_u64..3,
        more_rows in 0_u64..2,
    ) {
        let sum = decimal_sum(&rows);
        let declared = (sum.parse::<u64>().unwrap() + more).to_string();
        let body = group_json(&rows, &declared, rows.len() as u64 + more_rows, false, &Value::Null);
        let group = read_group(&body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let review = serde_json::to_value(&group.review).unwrap();
        prop_assert_eq!(review["computedTotal"].to_string(), sum);
        prop_assert_eq!(review["computedCount"].as_u64(), Some(rows.len() as u64));
        let found = |kind| group.review.findings.iter().any(|finding| finding.kind == kind);
        prop_assert_eq!(found(FindingKind::TotalMismatch), more > 0);
        prop_assert_eq!(found(FindingKind::CountMismatch), more_rows > 0);
    }

    #[test]
    fn an_amount_is_exact_or_refused(text in "(0|[1-9][0-9]{0,20}|[-+0-9.,eE ]{0,8})") {
        let exact = !text.is_empty()
            && text.bytes().all(|b| b.is_ascii_digit())
            && text.parse::<u128>().unwrap() <= u128::from(MAX_EXACT);
        prop_assert_eq!(Won::parse(&text).is_some(), exact);
        if let Some(won) = Won::parse(&text) {
            prop_assert_eq!(u128::from(won.amount()), text.parse::<u128>().unwrap());
            prop_assert_eq!(won.to_string().replace(['₩', ','], ""), won.amount().to_string());
        }
        let signed = format!("-{text}");
        prop_assert_eq!(
            Limit::parse(&signed).map(|limit| -i128::from(limit.amount())),
            Won::parse(&text).map(|won| i128::from(won.amount()))
        );
    }

    #[test]
    fn a_billing_key_written_by_the_model_reads_back_the_same(
        card in any::<bool>(),
        [code, name, number] in [text(), text(), text()],
        [payer_name, phone, owner] in [option::of(text()), option::of(text()), option::of(text())],
    ) {
        let fields = if card {
            ["PCD_PAY_CARD", "PCD_PAY_CARDNAME", "PCD_PAY_CARDNUM"]
        } else {
            ["PCD_PAY_BANK", "PCD_PAY_BANKNAME", "PCD_PAY_BANKNUM"]
        };
        let body = json!({
            "PCD_PAY_RST": "success", "PCD_PAY_CODE": "0000", "PCD_PAY_MSG": "회원조회 성공", "PCD_PAYER_ID": PAYER_ID,
            "PCD_PAY_TYPE": if card { "card" } else { "transfer" }, fields[0]: code, fields[1]: name, fields[2]: number,
            "PCD_PAYER_NAME": payer_name, "PCD_PAYER_HP": phone, "PCD_PAY_BANKACCTYPE": owner,
        });
        let world = World {
            token: Some(ok(targets::AUTH)),
            lookup: Some(ok(&body.to_string())),
            ..World::default()
        };
        let key = world.ask_cpay();
        let read =
            serde_json::to_value(key.map_err(|error| TestCaseError::fail(error.to_string()))?)
                .unwrap();
        let shown = &read[if card { "card" } else { "bank" }];
        prop_assert_eq!(shown, &json!({ "code": code, "name": name, "number": number }));
        for (field, wrote) in
            [("payerName", payer_name), ("payerPhone", phone), ("ownerType", owner)]
        {
            prop_assert_eq!(read.get(field).and_then(Value::as_str), wrote.as_deref());
        }
    }

    #[test]
    fn the_url_join_never_leaves_our_host(
        host in address(),
        url in address(),
        return_url in address(),
    ) {
        targets::url_join(format!("{host}\n{url}\n{return_url}").as_bytes());
    }

    #[test]
    fn payples_words_never_show_the_key_or_an_account(
        before in "\\PC{0,30}",
        after in "\\PC{0,30}",
        digits in "[0-9]{5,20}",
    ) {
        let message = format!("{before}{CUST_KEY}{after} {digits}");
        let body = json!({ "result": "error", "result_msg": message }).to_string();
        let error = World { token: Some(ok(&body)), ..World::default() }.ask_cpay().unwrap_err();
        let shown = serde_json::to_string(&error).unwrap();
        prop_assert!(!shown.contains(CUST_KEY), "{}", shown);
        // What is no code: that may hold a longer number.
        if error.code.is_none() {
            let longest =
                error.message.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap();
            prop_assert!(longest <= 4, "{}", shown);
        }
    }
}

/// What becomes of a row in the list of what is expected.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Edit {
    Keep,
    Drop,
    Change(u64),
    Duplicate,
    Rename,
    /// One more that the group does not have.
    Add,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        6 => Just(Edit::Keep),
        1 => Just(Edit::Drop),
        1 => (1..5_000_u64).prop_map(Edit::Change),
        1 => Just(Edit::Duplicate),
        1 => Just(Edit::Rename),
        1 => Just(Edit::Add),
    ]
}

/// A line of the list: what it says, the row it was made of, and what was done to it.
#[derive(Debug, Clone)]
struct Line {
    json: Value,
    row: usize,
    edit: Edit,
}

/// The list that these edits make of the rows. `tell` leaves of a row what the list says.
fn edited(rows: &[Row], edits: &[Edit], tell: impl Fn(&Row) -> Value) -> Vec<Line> {
    let mut list = Vec::new();
    for (row, (each, edit)) in rows.iter().zip(edits).enumerate() {
        let mut put = |row_as: &Row, edit| list.push(Line { json: tell(row_as), row, edit });
        match *edit {
            Edit::Drop => {}
            Edit::Keep => put(each, Edit::Keep),
            Edit::Change(by) => put(&Row { amount: each.amount + by, ..each.clone() }, *edit),
            Edit::Rename => {
                put(&Row { recipient: format!("renamed {row}"), ..each.clone() }, Edit::Rename);
            }
            Edit::Duplicate => {
                put(each, Edit::Keep);
                put(each, Edit::Duplicate);
            }
            Edit::Add => {
                put(each, Edit::Keep);
                put(&Row { recipient: format!("added {row}"), ..each.clone() }, Edit::Add);
            }
        }
    }
    list
}

fn everything(row: &Row) -> Value {
    json!({ "billingTranId": row.recipient, "subId": row.sub_id, "printContent": row.print_content, "amount": row.amount })
}

fn compared(rows: &[Row], list: &[Line]) -> Result<Value, TestCaseError> {
    let body = group_json(rows, &decimal_sum(rows), rows.len() as u64, false, &Value::Null);
    let mut group = read_group(&body).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let requests: Vec<&Value> = list.iter().map(|line| &line.json).collect();
    let expect = read_expectation(json!({ "requests": requests }).to_string().as_bytes());
    group.compare(&expect.map_err(|error| TestCaseError::fail(error.to_string()))?);
    Ok(serde_json::to_value(&group.review).unwrap())
}

/// The places that the findings of one kind name.
fn named(review: &Value, kind: &str, side: &str) -> Vec<usize> {
    let findings =
        review["findings"].as_array().unwrap().iter().filter(|finding| finding["kind"] == kind);
    let mut places: Vec<usize> = findings
        .flat_map(|finding| finding[side].as_array().into_iter().flatten())
        .map(|place| place.as_u64().unwrap() as usize)
        .collect();
    places.sort_unstable();
    places
}

fn rows_of_few(recipients: usize, amounts: u64) -> impl Strategy<Value = Vec<Row>> {
    let one = (row(1), 0..recipients, 1..=amounts).prop_map(|(row, recipient, amount)| Row {
        recipient: format!("R{recipient}"),
        amount: amount * 1_000,
        ..row
    });
    vec(one, 0..25)
}

fn with_edits(
    rows: impl Strategy<Value = Vec<Row>>,
) -> impl Strategy<Value = (Vec<Row>, Vec<Edit>)> {
    rows.prop_flat_map(|rows| {
        let edits = vec(edit(), rows.len());
        (Just(rows), edits)
    })
}

fn shuffled<T: Clone>(list: &[T], mut seed: u64) -> Vec<T> {
    let mut list = list.to_vec();
    for at in (1..list.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (seed >> 33) as usize % (at + 1));
    }
    list
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn where_every_recipient_is_paid_once_the_findings_name_exactly_the_edits(
        (rows, edits) in with_edits(vec(row(100_000), 0..40)),
        order in any::<u64>(),
    ) {
        let rows: Vec<Row> = rows
            .into_iter()
            .enumerate()
            .map(|(at, row)| Row { recipient: format!("R{at}"), ..row })
            .collect();
        let list = shuffled(&edited(&rows, &edits, everything), order);
        let review = compared(&rows, &list)?;

        let rows_with = |wanted: fn(&Edit) -> bool| {
            (0..rows.len()).filter(|row| wanted(&edits[*row])).collect::<Vec<_>>()
        };
        prop_assert_eq!(
            named(&review, "unexpected_request", "rows"),
            rows_with(|edit| matches!(edit, Edit::Drop | Edit::Rename))
        );
        prop_assert_eq!(
            named(&review, "amount_mismatch", "rows"),
            rows_with(|edit| matches!(edit, Edit::Change(_)))
        );
        for finding in review["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["kind"] == "amount_mismatch")
        {
            let line = &list[finding["expectedRows"][0].as_u64().unwrap() as usize];
            prop_assert_eq!(finding["rows"][0].as_u64(), Some(line.row as u64));
        }
        // Either of two equal lines may be the one that is too many.
        let what = |line: &Line| (line.row, line.json.to_string());
        let mut missing: Vec<_> = named(&review, "missing_request", "expectedRows")
            .into_iter()
            .map(|at| what(&list[at]))
            .collect();
        let mut added: Vec<_> = list
            .iter()
            .filter(|line| matches!(line.edit, Edit::Duplicate | Edit::Rename | Edit::Add))
            .map(what)
            .collect();
        missing.sort();
        added.sort();
        prop_assert_eq!(missing, added);
        prop_assert!(named(&review, "ambiguous_match", "rows").is_empty());
    }

    #[test]
    fn where_recipients_are_paid_often_the_findings_cost_no_more_than_the_edits_or_are_ambiguous(
        (rows, edits) in with_edits(rows_of_few(4, 6)),
        order in any::<u64>(),
    ) {
        let list = shuffled(&edited(&rows, &edits, everything), order);
        let review = compared(&rows, &list)?;

        let of = |name: &str| review["expectation"][name].as_u64().unwrap();
        prop_assert_eq!(of("matched") + of("different") + of("missing"), list.len() as u64);
        prop_assert_eq!(of("matched") + of("different") + of("unexpected"), rows.len() as u64);
        let sum = |amounts: &mut dyn Iterator<Item = u64>| amounts.sum::<u64>();
        prop_assert_eq!(
            of("matchedTotal") + of("differentTotal") + of("unexpectedTotal"),
            sum(&mut rows.iter().map(|row| row.amount))
        );
        let expected = sum(&mut list.iter().map(|line| line.json["amount"].as_u64().unwrap()));
        prop_assert_eq!(
            of("matchedTotal") + of("differentExpectedTotal") + of("missingTotal"),
            expected
        );

        let gone =
            edits.iter().filter(|edit| matches!(edit, Edit::Drop | Edit::Rename)).count() as u64;
        let new = list
            .iter()
            .filter(|line| matches!(line.edit, Edit::Duplicate | Edit::Rename | Edit::Add))
            .count() as u64;
        let changed = edits.iter().filter(|edit| matches!(edit, Edit::Change(_))).count() as u64;
        prop_assert!(of("unexpected") <= gone && of("missing") <= new);
        prop_assert!(
            of("missing") + of("different") <= new + changed
                && of("unexpected") + of("different") <= gone + changed
        );
        // Nothing changed nothing found, whoever is paid how often.
        prop_assert!(gone + new + changed > 0 || review["expectation"]["ambiguous"] == 0);
    }

    #[test]
    fn equal_multisets_match_whole_whatever_their_order_and_whatever_the_list_leaves_out(
        rows in rows_of_few(5, 4),
        order in any::<u64>(),
        told in vec(any::<[bool; 2]>(), 25),
        by_recipient in any::<bool>(),
    ) {
        let list: Vec<Line> = rows
            .iter()
            .enumerate()
            .map(|(row, each)| {
                let mut json = everything(each);
                let is_told =
                    [by_recipient, by_recipient && told[row][0], by_recipient && told[row][1]];
                for (name, is_told) in
                    ["billingTranId", "subId", "printContent"].into_iter().zip(is_told)
                {
                    if !is_told {
                        json[name] = Value::Null;
                    }
                }
                Line { json, row, edit: Edit::Keep }
            })
            .collect();
        let review = compared(&rows, &shuffled(&list, order))?;

        prop_assert_eq!(&review["expectation"]["matched"], rows.len());
        prop_assert_eq!(
            &review["consistent"],
            !review["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|finding| finding["severity"] == "error")
        );
        prop_assert!(named(&review, "ambiguous_match", "rows").is_empty());
    }

    #[test]
    fn a_comparison_does_not_depend_on_the_order_of_the_list(
        (rows, edits) in with_edits(rows_of_few(4, 6)),
        order in any::<u64>(),
    ) {
        let list = edited(&rows, &edits, everything);
        let other = shuffled(&list, order);
        let (one, two) = (compared(&rows, &list)?, compared(&rows, &other)?);

        prop_assert_eq!(&one["expectation"], &two["expectation"]);
        let said = |review: &Value, list: &[Line]| {
            let mut lines: Vec<_> = named(review, "missing_request", "expectedRows")
                .into_iter()
                .map(|at| list[at].json.to_string())
                .collect();
            lines.sort();
            (
                lines,
                named(review, "unexpected_request", "rows")
                    .into_iter()
                    .map(|row| everything(&rows[row]).to_string())
                    .collect::<Vec<_>>(),
            )
        };
        prop_assert_eq!(said(&one, &list), said(&two, &other));
    }
}

#[derive(Debug, Clone)]
struct Row {
    amount: u64,
    limit: i64,
    recipient: String,
    sub_id: Option<String>,
    print_content: Option<String>,
    time: String,
}

fn row(most: u64) -> impl Strategy<Value = Row> {
    let amount = prop_oneof![8 => 0..1_000_000_u64, 1 => 0..=most, 1 => Just(most)];
    let limit = -(MAX_EXACT as i64)..=MAX_EXACT as i64;
    let time = (1900..2200_u32, 1..13_u32, 1..29_u32, 0..24_u32, 0..60_u32, 0..60_u32)
        .prop_map(|(y, mo, d, h, mi, s)| format!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}"));
    (amount, limit, text(), option::of(text()), option::of(text()), time).prop_map(
        |(amount, limit, recipient, sub_id, print_content, time)| Row {
            amount,
            limit,
            recipient,
            sub_id,
            print_content,
            time,
        },
    )
}

/// A text that is not empty, escapes and Korean included.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9-]{1,12}",
        "[가-힣 ]{1,8}",
        "\\PC{1,10}",
        Just("\"\\\n\u{0}</script>".to_owned())
    ]
}

fn group_json(rows: &[Row], total: &str, count: u64, numbers: bool, extra: &Value) -> String {
    let number = |text: String| {
        if numbers { serde_json::from_str(&text).unwrap() } else { Value::String(text) }
    };
    let list: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "cst_id": "test",
                "group_key": "G",
                "billing_tran_id": row.recipient,
                "sub_id": row.sub_id,
                "print_content": row.print_content,
                "tran_amt": number(row.amount.to_string()),
                "remain_amt": number(row.limit.to_string()),
                "request_date": row.time,
                "new": extra,
            })
        })
        .collect();
    // As text: a JSON value would hold a total beyond 64 bits as a float.
    let total = if numbers { total.to_owned() } else { format!("\"{total}\"") };
    let rest =
        json!({ "result": "A0000", "message": "처리 성공", "count": number(count.to_string()), "list": list, "new": extra }).to_string();
    format!("{{\"total\":{total},{}", &rest[1..])
}

/// The sum in decimal digits, added up as on paper.
fn decimal_sum(rows: &[Row]) -> String {
    let mut sum: Vec<u8> = vec![0];
    for row in rows {
        let digits: Vec<u8> = row.amount.to_string().bytes().rev().map(|b| b - b'0').collect();
        let mut carry = 0;
        for at in 0..=sum.len().max(digits.len()) {
            if at == sum.len() {
                sum.push(0);
            }
            let digit = sum[at] + digits.get(at).copied().unwrap_or(0) + carry;
            (sum[at], carry) = (digit % 10, digit / 10);
        }
    }
    let text: String = sum.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    let text = text.trim_start_matches('0');
    if text.is_empty() { "0".to_owned() } else { text.to_owned() }
}

/// An object with the names of real replies and values of any kind.
fn reply_like() -> impl Strategy<Value = String> {
    let names = [
        "result",
        "message",
        "code",
        "access_token",
        "expires_in",
        "total",
        "count",
        "list",
        "result_msg",
        "cst_id",
        "custKey",
        "AuthKey",
        "PCD_PAY_HOST",
        "PCD_PAY_URL",
        "return_url",
        "PCD_PAY_RST",
        "PCD_PAY_CODE",
        "PCD_PAY_MSG",
        "PCD_PAY_TYPE",
        "PCD_PAYER_ID",
        "PCD_PAY_CARDNUM",
        "PCD_PAY_BANKNUM",
        "tran_amt",
        "remain_amt",
        "request_date",
        "billing_tran_id",
        "group_key",
    ];
    let well_known = [
        "T0000",
        "A0000",
        "success",
        "error",
        "0000",
        "a7elsz6dk3",
        "card",
        "transfer",
        "KEY-1-of-the-fuzz-target",
        "1000",
        "2021-10-26 10:55:03",
        "https://democpay.payple.kr",
        "/x",
    ];
    let value = prop_oneof![
        3 => proptest::sample::select(well_known.to_vec()).prop_map(Value::from),
        2 => json_value(),
    ];
    let object = vec((proptest::sample::select(names.to_vec()), value), 0..14).prop_map(|fields| {
        fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>()
    });
    (object.clone(), vec(object, 0..3), any::<bool>()).prop_map(|(mut object, rows, with_list)| {
        if with_list {
            object.insert("list".to_owned(), rows.into_iter().map(Value::Object).collect());
        }
        Value::Object(object).to_string()
    })
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("\\PC{0,6}", inner), 0..4).prop_map(|f| Value::Object(f.into_iter().collect()))
        ]
    })
}

/// Addresses put together from what confuses URL parsers.
fn address() -> impl Strategy<Value = String> {
    let parts = [
        "https://",
        "http://",
        "//",
        "/",
        "\\",
        "@",
        ":",
        ":443",
        ":8443",
        ".",
        "?",
        "#",
        "%2f",
        "%40",
        " ",
        "\t",
        "[::1]",
        "2130706433",
        "democpay.payple.kr",
        "https://democpay.payple.kr",
        "cpay.payple.kr",
        "evil.example",
        "dеmocpay.payple.kr",
        "user:pass@",
        "/php/x.php?ACT_=PUSERINFO",
        "x",
    ];
    vec(proptest::sample::select(parts.to_vec()), 0..5).prop_map(|parts| parts.concat())
}

fn read_group(body: &str) -> Result<PayoutRequestGroup, Error> {
    World { token: Some(ok(targets::TOKEN)), lookup: Some(ok(body)), ..World::default() }.ask_hub()
}
