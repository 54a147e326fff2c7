//! cpay's partner authentication: `POST /php/auth.php` with `PCD_PAY_WORK=PUSERINFO`, good for 30
//! minutes of look-ups.

use serde::{Deserialize, Serialize};

use super::url::LookupPath;
use crate::error::{Error, ErrorKind};
use crate::hint;
use crate::json::Scalar;
use crate::secret::{self, Secret};
use crate::service::NewToken;
use crate::transport::{self, HttpResponse};

/// What an authentication gives: the encoded pair, the `AuthKey` that came with it, and where to
/// ask.
///
/// Real replies differ from the documented lengths, so none is checked. The three belong together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Token {
    #[serde(serialize_with = "secret::reveal")]
    pub(super) cst_id: Secret,
    #[serde(serialize_with = "secret::reveal")]
    pub(super) cust_key: Secret,
    #[serde(serialize_with = "secret::reveal")]
    pub(super) auth_key: Secret,
    pub(super) path: LookupPath,
}

/// The reply to an authentication, as it is sent.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct AuthReply<'a> {
    result: Scalar<'a>,
    result_msg: Scalar<'a>,
    cst_id: Scalar<'a>,
    #[serde(rename = "custKey")]
    cust_key: Scalar<'a>,
    #[serde(rename = "AuthKey")]
    auth_key: Scalar<'a>,
    #[serde(rename = "PCD_PAY_HOST")]
    host: Scalar<'a>,
    #[serde(rename = "PCD_PAY_URL")]
    url: Scalar<'a>,
    return_url: Scalar<'a>,
}

/// Reads the reply to an authentication; `ours` are the origins it may point to.
pub(super) fn read(
    response: &HttpResponse,
    ours: &[&str],
    secrets: &[&str],
) -> Result<NewToken<Token>, Error> {
    let reply: AuthReply<'_> = transport::read_json(response)?;
    let protocol = |what: &str| {
        Error::new(ErrorKind::Protocol, format!("Payple's authentication reply {what}"))
    };

    if reply.result.as_str() != "success" {
        return Err(refusal(response, &reply, secrets));
    }
    let required = |name: &str, text: &Scalar<'_>| match text.filled() {
        Some(text) => Ok(Secret::new(text.to_owned())),
        None => Err(protocol(&format!("has no {name}"))),
    };
    let path =
        LookupPath::join(reply.host.filled(), reply.url.filled(), reply.return_url.filled(), ours)
            .ok_or_else(|| {
                protocol("points to an address that is not the configured service's")
                    .with_hint(Some(hint::FOREIGN_HOST))
            })?;
    let token = Token {
        cst_id: required("cst_id", &reply.cst_id)?,
        cust_key: required("custKey", &reply.cust_key)?,
        auth_key: required("AuthKey", &reply.auth_key)?,
        path,
    };
    Ok(NewToken { token, lifetime_ms: LIFETIME_MS })
}

/// What a reply without `success` means: the code stands inside the message, or nowhere.
fn refusal(response: &HttpResponse, reply: &AuthReply<'_>, secrets: &[&str]) -> Error {
    let message = reply.result_msg.as_str();
    let code = transport::code_in_message(message, secrets);
    if code.is_none() && reply.result.filled().is_none() {
        return transport::no_answer(response, "has no result");
    }
    let words = transport::displayable(message, secrets);
    let error = match code {
        Some("AUTH0005") => Error::new(
            ErrorKind::Unavailable,
            format!("Payple cannot authenticate partners now: {words}"),
        )
        .retryable_soon(transport::retry_after_ms(response)),
        _ => Error::new(ErrorKind::Authentication, format!("Payple refused the partner: {words}")),
    };
    error.with_code(code)
}

/// 30 minutes of life, less the five that known clients leave: no expiry is returned to go by.
const LIFETIME_MS: u64 = (30 - 5) * 60 * 1_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::response;

    const OURS: [&str; 1] = ["https://democpay.payple.kr"];

    fn read_body(body: &str) -> Result<NewToken<Token>, Error> {
        read(&response(200, body), &OURS, &["canary-key"])
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
    fn an_authentication_is_good_for_25_minutes() {
        let NewToken { token, lifetime_ms } = read_body(&body("{}").replace('/', "\\/")).unwrap();

        let texts = [&token.cst_id, &token.cust_key, &token.auth_key].map(Secret::reveal);
        assert_eq!(texts, ["ENC-ID", "ENC-KEY", "AUTH"]);
        assert_eq!(token.path.as_str(), "/php/x.php?ACT_=PUSERINFO");
        assert_eq!(lifetime_ms, 1_500_000);
    }

    #[test]
    fn a_stored_token_is_checked_like_one_of_payples() {
        let token = read_body(&body("{}")).unwrap().token;
        let json = serde_json::to_string(&token).unwrap();
        assert!(serde_json::from_str::<Token>(&json).is_ok());
        for wrong in [
            json.replace("/php/x.php", "//evil.example"),
            json.replace("auth_key", "other"),
            json.replace("/php/x.php", "/a#b"),
        ] {
            assert!(serde_json::from_str::<Token>(&wrong).is_err());
        }
    }

    #[test]
    fn a_foreign_address_is_refused() {
        let error = read_body(&body(r#"{"PCD_PAY_HOST":"https://evil.example"}"#)).err().unwrap();

        assert_eq!(error.kind, ErrorKind::Protocol);
        assert!(!error.message.contains("evil"));
    }

    #[test]
    fn a_missing_key_is_refused() {
        for field in ["cst_id", "custKey", "AuthKey"] {
            for nothing in ["null", "\"\"", "{}"] {
                let error = read_body(&body(&format!(r#"{{"{field}":{nothing}}}"#))).err().unwrap();
                assert_eq!(error.message, format!("Payple's authentication reply has no {field}"));
            }
        }
    }

    #[test]
    fn the_code_is_found_inside_the_message() {
        assert_eq!(
            transport::code_in_message("[AUTH0004] 등록되지 않은 도메인", &[]),
            Some("AUTH0004")
        );
        assert_eq!(
            transport::code_in_message("[Test] [SPCD1001] 3143 - 카드사 문의 바랍니다.", &[]),
            Some("SPCD1001")
        );
        assert_eq!(transport::code_in_message("사용자 인증 실패", &[]), None);
        assert_eq!(transport::code_in_message("[Test] [] [AUTH", &[]), None);
        assert_eq!(
            transport::code_in_message("[canary-key1] [canary_1] [AUTH0002]", &["canary_1"]),
            Some("AUTH0002")
        );
    }

    #[test]
    fn refusals_tell_who_is_meant() {
        let error = |changes: &str| read_body(&body(changes)).err().unwrap();

        let domain = error(r#"{"result":"error","result_msg":"[AUTH0004] canary-key 도메인"}"#);
        assert_eq!(
            (domain.kind, domain.code.as_deref()),
            (ErrorKind::Authentication, Some("AUTH0004"))
        );
        assert!(domain.hint.as_deref().is_some_and(|hint| hint.contains("Referer")));
        assert!(!domain.message.contains("canary"));
        assert_eq!(
            error(r#"{"result":"error","result_msg":"[AUTH0005] 토큰 생성 실패"}"#).kind,
            ErrorKind::Unavailable
        );
        assert_eq!(
            error(r#"{"result":"error","result_msg":"실패"}"#).kind,
            ErrorKind::Authentication
        );
        assert_eq!(
            error(r#"{"result":null,"result_msg":"[AUTH0003] 없음"}"#).kind,
            ErrorKind::Authentication
        );
        assert_eq!(error(r#"{"result":null,"result_msg":null}"#).kind, ErrorKind::Protocol);
    }
}
