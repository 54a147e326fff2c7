//! cpay's partner authentication: `POST /php/auth.php` with `PCD_PAY_WORK=PUSERINFO`, good for 30 minutes of look-ups.

use serde::Deserialize;

use super::url::PayPath;
use crate::error::{Error, Kind, Phase};
use crate::hint;
use crate::json::Scalar;
use crate::lookup::{Held, Issued};
use crate::wire::{self, Reply};

/// What an authentication gives: the encoded pair, the `AuthKey` that came with it, and where to ask.
///
/// Real replies differ from the documented lengths, so none is checked. The three belong together.
pub(super) struct PartnerPass<'a> {
    pub(super) cst_id: &'a str,
    pub(super) cust_key: &'a str,
    pub(super) auth_key: &'a str,
    pub(super) path: &'a str,
}

impl<'a> PartnerPass<'a> {
    /// What a pass holds, if it is whole.
    pub(super) fn of(held: &'a Held) -> Option<Self> {
        let [cst_id, cust_key, auth_key, path] = held.reveal()?;
        PayPath::new(path).is_ok().then_some(Self { cst_id, cust_key, auth_key, path })
    }
}

/// The reply to an authentication, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AuthReply<'a> {
    #[serde(borrow)]
    result: Scalar<'a>,
    #[serde(borrow)]
    result_msg: Scalar<'a>,
    #[serde(borrow)]
    cst_id: Scalar<'a>,
    #[serde(borrow, rename = "custKey")]
    cust_key: Scalar<'a>,
    #[serde(borrow, rename = "AuthKey")]
    auth_key: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_HOST")]
    host: Scalar<'a>,
    #[serde(borrow, rename = "PCD_PAY_URL")]
    url: Scalar<'a>,
    #[serde(borrow)]
    return_url: Scalar<'a>,
}

/// Reads the reply to an authentication; `ours` are the origins it may point to.
pub(super) fn read(reply: &Reply, ours: &[&str], secrets: &[&str]) -> Result<Issued, Error> {
    let phase = Phase::Token;
    let AuthReply { result, result_msg, cst_id, cust_key, auth_key, host, url, return_url } =
        wire::read(reply, phase)?;
    let message = result_msg;
    let protocol = |what: &str| {
        Error::new(Kind::Protocol, format!("Payple's authentication reply {what}"))
            .with_phase(phase)
            .with_status(reply.status)
    };

    if result.as_str() != "success" {
        return Err(refusal(reply, result.filled().is_some(), message.as_str(), secrets));
    }
    let required = |name: &str, text: Scalar<'_>| match text.into_filled() {
        Some(text) => Ok(text),
        None => Err(protocol(&format!("has no {name}"))),
    };
    let path =
        PayPath::join(host.filled(), url.filled(), return_url.filled(), ours).map_err(|_| {
            protocol("points to an address that is not the configured service's")
                .with_hint(Some(hint::FOREIGN_HOST))
        })?;
    let texts = [
        required("cst_id", cst_id)?,
        required("custKey", cust_key)?,
        required("AuthKey", auth_key)?,
        path.into_string(),
    ];
    Ok(Issued { held: Held::new(texts), keep_for_ms: KEEP_FOR_MS })
}

/// What a reply without `success` means: the code stands inside the message, or nowhere.
fn refusal(reply: &Reply, has_result: bool, message: &str, secrets: &[&str]) -> Error {
    let code = wire::code_in_message(message, secrets);
    if code.is_none() && !has_result {
        return wire::without_answer(reply, Phase::Token, "has no result");
    }
    let words = wire::words(message, secrets);
    let error = match code {
        Some("AUTH0005") => Error::new(
            Kind::Unavailable,
            format!("Payple cannot authenticate partners now: {words}"),
        )
        .retryable_soon(reply.retry_after_ms),
        _ => Error::new(Kind::Authentication, format!("Payple refused the partner: {words}")),
    };
    let error = error.with_phase(Phase::Token).with_status(reply.status);
    match code {
        Some(code) => error.with_code(code).with_hint(hint::for_code(code)),
        None => error,
    }
}

/// 30 minutes of life, less the five that known clients leave: no expiry is returned to go by.
const KEEP_FOR_MS: u64 = (30 - 5) * 60 * 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: [&str; 1] = ["https://democpay.payple.kr"];

    fn read_body(body: &str) -> Result<Issued, Error> {
        let reply = Reply { status: 200, retry_after_ms: None, body: body.as_bytes().to_vec() };
        read(&reply, &OURS, &["canary-key"])
    }

    fn body(changes: &str) -> String {
        let mut body = serde_json::json!({
            "server_name": "democpay.payple.kr", "result": "success", "result_msg": "사용자 인증 완료",
            "cst_id": "ENC-ID", "custKey": "ENC-KEY", "AuthKey": "AUTH", "PCD_PAY_HOST": "https://democpay.payple.kr",
            "PCD_PAY_URL": "/php/x.php?ACT_=PUSERINFO", "return_url": "https://democpay.payple.kr/php/x.php?ACT_=PUSERINFO",
        });
        let changes: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(changes).unwrap();
        for (name, value) in changes {
            body[name] = value;
        }
        body.to_string()
    }

    #[test]
    fn keeps_the_encoded_pair_with_its_key_for_25_minutes() {
        let issued = read_body(&body("{}").replace('/', "\\/")).unwrap();

        assert_eq!(
            issued.held.reveal(),
            Some(["ENC-ID", "ENC-KEY", "AUTH", "/php/x.php?ACT_=PUSERINFO"])
        );
        assert_eq!(issued.keep_for_ms, 1_500_000);
    }

    #[test]
    fn a_pass_that_is_not_whole_is_none() {
        let held = |texts: &[&str]| Held::new(texts.iter().map(|&text| text.to_owned()));

        assert!(PartnerPass::of(&read_body(&body("{}")).unwrap().held).is_some());
        assert!(PartnerPass::of(&held(&["a", "b", "c", "//evil.example"])).is_none());
        assert!(PartnerPass::of(&held(&["a", "b", "c"])).is_none());
    }

    #[test]
    fn a_foreign_address_is_refused() {
        let error = read_body(&body(r#"{"PCD_PAY_HOST":"https://evil.example"}"#)).err().unwrap();

        assert_eq!((error.kind(), error.phase()), (Kind::Protocol, Some(Phase::Token)));
        assert!(!error.message().contains("evil"));
    }

    #[test]
    fn a_missing_key_is_refused() {
        for field in ["cst_id", "custKey", "AuthKey"] {
            for nothing in ["null", "\"\"", "{}"] {
                let error = read_body(&body(&format!(r#"{{"{field}":{nothing}}}"#))).err().unwrap();
                assert_eq!(
                    error.message(),
                    format!("Payple's authentication reply has no {field}")
                );
            }
        }
    }

    #[test]
    fn the_code_is_found_inside_the_message() {
        assert_eq!(wire::code_in_message("[AUTH0004] 등록되지 않은 도메인", &[]), Some("AUTH0004"));
        assert_eq!(
            wire::code_in_message("[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다.", &[]),
            Some("SPCD1001")
        );
        assert_eq!(wire::code_in_message("사용자 인증 실패", &[]), None);
        assert_eq!(wire::code_in_message("[Test] [] [AUTH", &[]), None);
        assert_eq!(
            wire::code_in_message("[canary-key1] [canary_1] [AUTH0002]", &["canary_1"]),
            Some("AUTH0002")
        );
    }

    #[test]
    fn refusals_tell_who_is_meant() {
        let error = |changes: &str| read_body(&body(changes)).err().unwrap();

        let domain = error(r#"{"result":"error","result_msg":"[AUTH0004] canary-key 도메인"}"#);
        assert_eq!((domain.kind(), domain.code()), (Kind::Authentication, Some("AUTH0004")));
        assert!(domain.hint().is_some_and(|hint| hint.en.contains("Referer")));
        assert!(!domain.message().contains("canary"));
        assert_eq!(
            error(r#"{"result":"error","result_msg":"[AUTH0005] 토큰 생성 실패"}"#).kind(),
            Kind::Unavailable
        );
        assert_eq!(error(r#"{"result":"error","result_msg":"실패"}"#).kind(), Kind::Authentication);
        assert_eq!(
            error(r#"{"result":null,"result_msg":"[AUTH0003] 없음"}"#).kind(),
            Kind::Authentication
        );
        assert_eq!(error(r#"{"result":null,"result_msg":null}"#).kind(), Kind::Protocol);
    }
}
