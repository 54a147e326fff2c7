//! One billing key's state on the wire: the reply to the look-up.

use http::StatusCode;
use serde::Deserialize;

use crate::billing_key::{BankAccount, BillingKey, Card, Method, PayerId};
use crate::error::{Error, ErrorKind};
use crate::json::Scalar;
use crate::transport::{self, HttpResponse};

/// The reply to a look-up, as it is sent.
#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", default, bound(deserialize = "'de: 'a"))]
struct BillingKeyReply<'a> {
    pcd_pay_rst: Scalar<'a>,
    pcd_pay_code: Scalar<'a>,
    pcd_pay_msg: Scalar<'a>,
    pcd_pay_type: Scalar<'a>,
    pcd_pay_bankacctype: Scalar<'a>,
    pcd_payer_id: Scalar<'a>,
    pcd_payer_name: Scalar<'a>,
    pcd_payer_hp: Scalar<'a>,
    pcd_pay_card: Scalar<'a>,
    pcd_pay_cardname: Scalar<'a>,
    pcd_pay_cardnum: Scalar<'a>,
    pcd_pay_istax: Scalar<'a>,
    pcd_pay_bank: Scalar<'a>,
    pcd_pay_bankname: Scalar<'a>,
    pcd_pay_banknum: Scalar<'a>,
    /// Of a refusal in the form of `auth.php`.
    #[serde(rename = "result")]
    result: Scalar<'a>,
    #[serde(rename = "result_msg")]
    result_msg: Scalar<'a>,
}

/// Reads the reply to a look-up of `asked`.
pub(super) fn read(
    response: &HttpResponse,
    asked: &PayerId,
    secrets: &[&str],
) -> Result<BillingKey, Error> {
    let reply: BillingKeyReply<'_> = transport::read_json(response)?;
    let message = reply.pcd_pay_msg.as_str();
    let protocol =
        |what: &str| Error::new(ErrorKind::Protocol, format!("Payple's billing-key reply {what}"));

    match (reply.pcd_pay_rst.as_str(), reply.pcd_pay_code.as_str()) {
        ("success", LOOKED_UP) => {}
        ("success", "") | ("", LOOKED_UP) => {
            if session_ended(message) {
                return Err(refusal(response, "", message, secrets));
            }
            return Err(protocol("contradicts itself: result and code do not agree"));
        }
        // A refusal in the form of `auth.php`. Not seen at this address, but cheap to read.
        ("", "")
            if message.is_empty()
                && reply.result.filled().is_some_and(|result| result != "success") =>
        {
            return Err(refusal(response, "", reply.result_msg.as_str(), secrets));
        }
        ("", "") if message.is_empty() => {
            return Err(transport::no_answer(response, "has neither result nor code"));
        }
        // `error` is a refusal whatever code comes with it: so says the spec page.
        (_, code) => return Err(refusal(response, code, message, secrets)),
    }
    if reply.pcd_payer_id.as_str() != asked.reveal() {
        return Err(protocol("is about another billing key than the one asked for"));
    }
    // One field may be missing; an answer that shows nothing at all of the means of payment is
    // none.
    let shown = |what: &str, [code, name, number]: [&Scalar<'_>; 3]| {
        let texts = [code, name, number].map(|text| text.as_str().to_owned());
        if texts.iter().all(String::is_empty) {
            Err(protocol(&format!("shows no {what}")))
        } else {
            Ok(texts)
        }
    };
    let method = match reply.pcd_pay_type.as_str() {
        "card" => {
            let [code, name, number] = shown(
                "card",
                [&reply.pcd_pay_card, &reply.pcd_pay_cardname, &reply.pcd_pay_cardnum],
            )?;
            let taxable = match reply.pcd_pay_istax.as_str() {
                "Y" => Some(true),
                "N" => Some(false),
                _ => None,
            };
            Method::Card { card: Card { code, name, number }, taxable }
        }
        "transfer" => {
            let [code, name, number] = shown(
                "account",
                [&reply.pcd_pay_bank, &reply.pcd_pay_bankname, &reply.pcd_pay_banknum],
            )?;
            Method::Transfer { bank: BankAccount { code, name, number } }
        }
        "" => return Err(protocol("has no PCD_PAY_TYPE")),
        raw_type => Method::Other { raw_type: raw_type.to_owned() },
    };
    Ok(BillingKey {
        method,
        payer_id: asked.clone(),
        message: transport::displayable(message, secrets),
        payer_name: reply.pcd_payer_name.filled().map(str::to_owned),
        payer_phone: reply.pcd_payer_hp.filled().map(str::to_owned),
        owner_type: reply.pcd_pay_bankacctype.filled().map(str::to_owned),
        code: LOOKED_UP.to_owned(),
    })
}

/// What a code other than success means.
fn refusal(response: &HttpResponse, code: &str, message: &str, secrets: &[&str]) -> Error {
    let words = transport::displayable(message, secrets);
    // In some refusals the code stands in the message alone: `[Test] [SPCD0001] - …`.
    let code = transport::result_code(code, secrets)
        .or_else(|| transport::code_in_message(message, secrets));
    let error = match code {
        // About who asks and from where: a new token would be rejected like the old one.
        Some("AUTH0001" | "AUTH0002" | "AUTH0003" | "AUTH0004" | "AUTH0006" | "AUTH0007") => {
            Error::new(ErrorKind::Authentication, format!("Payple refused the partner: {words}"))
        }
        _ if response.status() == StatusCode::UNAUTHORIZED
            || session_ended(message)
            || code.is_some_and(|code| code.starts_with("AUTH")) =>
        {
            Error::new(
                ErrorKind::Authentication,
                format!("Payple did not accept the authentication: {words}"),
            )
            .rejecting_the_token()
        }
        _ => Error::new(ErrorKind::Rejected, format!("Payple refused this look-up: {words}")),
    };
    error.with_code(code)
}

/// The words with which sibling calls report an expired `AuthKey`; the code that goes with them
/// here is documented nowhere. A reply that holds them by mistake costs one authentication, no
/// more.
fn session_ended(message: &str) -> bool {
    message.contains("인증세션") || message.contains("인증") && message.contains("만료")
}

const LOOKED_UP: &str = "0000";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::response;

    const CARD: &str = r#"{ "PCD_PAY_RST": "success", "PCD_PAY_CODE": "0000", "PCD_PAY_MSG": "회원조회 성공", "PCD_PAY_TYPE": "card",
        "PCD_PAY_BANKACCTYPE": "개인", "PCD_PAYER_ID": "KEY-1", "PCD_PAYER_NAME": "홍길동", "PCD_PAYER_HP": "010-****-5678",
        "PCD_PAY_CARD": "0200", "PCD_PAY_CARDNAME": "BC카드", "PCD_PAY_CARDNUM": "1111-****-****-2222", "PCD_PAY_ISTAX": "Y" }"#;

    fn read_body(status: u16, body: &str) -> Result<BillingKey, Error> {
        read(&response(status, body), &PayerId::new("KEY-1").unwrap(), &["canary-key", "KEY-1"])
    }

    fn refused(code: &str, message: &str) -> Error {
        read_body(
            200,
            &format!(
                r#"{{"PCD_PAY_RST":"error","PCD_PAY_CODE":"{code}","PCD_PAY_MSG":"{message}"}}"#
            ),
        )
        .unwrap_err()
    }

    #[test]
    fn reads_the_card_of_the_spec() {
        assert_eq!(
            serde_json::to_value(read_body(200, CARD).unwrap()).unwrap(),
            serde_json::json!({
                "type": "card", "card": { "code": "0200", "name": "BC카드", "number": "1111-****-****-2222" }, "taxable": true,
                "payerId": "KEY-1", "payerName": "홍길동", "payerPhone": "010-****-5678", "ownerType": "개인",
                "code": "0000", "message": "회원조회 성공",
            })
        );
    }

    #[test]
    fn reads_the_account_of_the_spec() {
        let body = r#"{ "PCD_PAY_RST": "success", "PCD_PAY_CODE": "0000", "PCD_PAY_MSG": "회원조회 성공", "PCD_PAY_TYPE": "transfer",
            "PCD_PAY_BANKACCTYPE": "개인", "PCD_PAYER_ID" : "KEY-1", "PCD_PAYER_NAME": "홍길동", "PCD_PAYER_HP": "010-****-5678",
            "PCD_PAY_BANK": "081", "PCD_PAY_BANKNAME": "KEB하나은행", "PCD_PAY_BANKNUM": "123-********-021" }"#;
        let value = serde_json::to_value(read_body(200, body).unwrap()).unwrap();

        assert_eq!(value["type"], "transfer");
        assert_eq!(
            value["bank"],
            serde_json::json!({ "code": "081", "name": "KEB하나은행", "number": "123-********-021" })
        );
        assert!(value.get("taxable").is_none());
    }

    #[test]
    fn an_unknown_type_is_kept() {
        let key = read_body(200, &CARD.replace(r#""card""#, r#""pay-by-song""#)).unwrap();

        assert_eq!(serde_json::to_value(key).unwrap()["rawType"], "pay-by-song");
    }

    #[test]
    fn what_payple_leaves_out_is_left_out() {
        let bare = r#"{"PCD_PAY_RST":"success","PCD_PAY_CODE":"0000","PCD_PAY_TYPE":"card","PCD_PAYER_ID":"KEY-1","PCD_PAYER_NAME":null,"PCD_PAY_CARDNUM":"1111"}"#;

        assert_eq!(
            serde_json::to_value(read_body(200, bare).unwrap()).unwrap(),
            serde_json::json!({ "type": "card", "card": { "code": "", "name": "", "number": "1111" }, "payerId": "KEY-1", "code": "0000", "message": "" })
        );
    }

    #[test]
    fn a_card_or_account_that_is_not_shown_at_all_is_no_answer() {
        for kind in ["card", "transfer"] {
            let body = format!(
                r#"{{"PCD_PAY_RST":"success","PCD_PAY_CODE":"0000","PCD_PAY_TYPE":"{kind}","PCD_PAYER_ID":"KEY-1"}}"#
            );
            assert_eq!(read_body(200, &body).unwrap_err().kind, ErrorKind::Protocol, "{kind}");
        }
    }

    #[test]
    fn an_answer_without_a_type_is_none() {
        for nothing in ["\"\"", "null", "{}"] {
            assert_eq!(
                read_body(200, &CARD.replace(r#""card""#, nothing)).unwrap_err().kind,
                ErrorKind::Protocol,
                "{nothing}"
            );
        }
    }

    #[test]
    fn an_answer_about_another_key_is_refused() {
        for other in ["KEY-2", "", "key-1"] {
            let error = read_body(200, &CARD.replace("KEY-1", other)).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Protocol, "{other:?}");
            assert!(!error.message.contains("KEY"));
        }
    }

    #[test]
    fn success_needs_both_result_and_code() {
        for (result, code) in
            [("success", ""), ("", "0000"), ("error", "0000"), ("success", "0001")]
        {
            let body = CARD
                .replace(r#"RST": "success""#, &format!(r#"RST": "{result}""#))
                .replace(r#""0000""#, &format!("\"{code}\""));
            assert!(read_body(200, &body).is_err(), "{result:?} {code:?}");
        }
        assert_eq!(
            (refused("0000", "x").kind, refused("0000", "x").code.as_deref()),
            (ErrorKind::Rejected, Some("0000"))
        );
        assert_eq!(
            (refused("", "x").kind, refused("", "x").code.as_deref()),
            (ErrorKind::Rejected, None)
        );
        assert_eq!(read_body(200, "{}").unwrap_err().kind, ErrorKind::Protocol);
        assert_eq!(read_body(503, "{}").unwrap_err().kind, ErrorKind::Unavailable);
    }

    #[test]
    fn a_refusal_keeps_payples_code_and_words() {
        let error = refused("SPCD0001", "등록된 빌링키가 없습니다 KEY-1");

        assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Rejected, Some("SPCD0001")));
        assert!(error.message.contains("등록된 빌링키가 없습니다"));
        assert!(refused("SPCD0012", "canary-key").hint.is_some());
        assert!(!refused("SPCD0012", "canary-key").message.contains("canary"));
    }

    #[test]
    fn a_code_that_stands_in_the_message_alone_is_read() {
        let error = refused("", "[Test] [SPCD0001] - 등록된 빌링키가 없습니다");
        assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::Rejected, Some("SPCD0001")));
        assert!(error.hint.is_some());
        assert_eq!(refused("SPCD0012", "[Test] [SPCD0001] - x").code.as_deref(), Some("SPCD0012"));
    }

    #[test]
    fn a_refusal_in_the_form_of_the_authentication_keeps_its_code() {
        let body =
            r#"{"result":"error","result_msg":"[Test] [AUTH0004] 1234 - 등록되지 않은 도메인"}"#;
        let error = read_body(200, body).unwrap_err();
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (ErrorKind::Authentication, Some("AUTH0004"))
        );
        assert!(error.hint.is_some() && !error.rejects_the_token());
    }

    #[test]
    fn an_expired_authentication_rejects_the_token() {
        assert!(refused("SPCD0999", "인증세션이 만료되었습니다").rejects_the_token());
        assert!(refused("", "인증세션이 만료되었습니다").rejects_the_token());
        assert!(refused("AUTH0099", "x").rejects_the_token());
        assert!(!refused("AUTH0004", "x").rejects_the_token());
        assert!(!refused("SPCD0001", "x").rejects_the_token());
        assert!(read_body(401, r#"{"PCD_PAY_CODE":"X1"}"#).unwrap_err().rejects_the_token());
    }

    #[test]
    fn an_answer_shows_nothing_of_the_person() {
        assert_eq!(format!("{:?}", read_body(200, CARD).unwrap()), "BillingKey(card)");
    }

    #[test]
    fn a_card_is_taxable_or_not_or_nobody_says() {
        for (says, taxable) in [("Y", Some(true)), ("N", Some(false)), ("", None), ("maybe", None)]
        {
            let body =
                CARD.replace(r#""PCD_PAY_ISTAX": "Y""#, &format!(r#""PCD_PAY_ISTAX": "{says}""#));
            let key = serde_json::to_value(read_body(200, &body).unwrap()).unwrap();
            assert_eq!(key.get("taxable").and_then(serde_json::Value::as_bool), taxable, "{says}");
        }
    }

    #[test]
    fn a_message_about_the_session_asks_for_a_new_authentication_and_no_other_does() {
        for (message, rejects) in [
            ("인증세션 오류", true),
            ("인증이 만료되었습니다", true),
            ("카드가 만료되었습니다", false),
            ("인증 오류", false),
        ] {
            assert_eq!(refused("X1", message).rejects_the_token(), rejects, "{message}");
        }
    }

    #[test]
    fn a_reply_of_words_alone_is_a_refusal() {
        let error = read_body(200, r#"{"PCD_PAY_MSG":"점검 중입니다"}"#).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Rejected);
        assert!(error.message.contains("점검 중입니다"));
    }
}
