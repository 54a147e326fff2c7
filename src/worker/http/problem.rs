//! Every failure as the caller is told of it: problem+json (RFC 9457).

use std::borrow::Cow;

use super::answer::Answer;
use crate::api::{ApiErrorKind, Problem as Body, ProblemKind, SettingFault};
use crate::error::{Error, ErrorKind, Phase};
use crate::worker::settings::Fault;

/// A failure as the caller is told of it. Nothing in it is secret: it holds no value of a setting
/// and none of a request.
#[derive(Debug)]
pub(crate) struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    /// Without the id of the request, which is known when it is told.
    body: Body,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    /// Not told: it is for the record.
    wrong_token: Option<String>,
}

impl Problem {
    /// 401.
    pub(crate) fn not_signed_in(detail: &'static str) -> Self {
        Self::api(ApiErrorKind::NotSignedIn, 401, "Not signed in", detail)
            .with_header("WWW-Authenticate", "Bearer realm=\"payple-edge\"")
    }

    /// 401 for a caller with a token that has expired.
    pub(crate) fn token_expired() -> Self {
        Self::not_signed_in("this token has expired: ask for a new one")
    }

    /// 401 for who was signed in.
    pub(crate) fn session_ended() -> Self {
        Self::not_signed_in("this session has ended: sign in again")
    }

    /// The same, on the record: somebody tried a token and was wrong. The record is told whose it
    /// was, or [`NOBODY`].
    pub(crate) fn of_wrong_token(mut self, who: String) -> Self {
        self.0.wrong_token = Some(who);
        self
    }

    /// Whose token was tried, if one was.
    pub(crate) fn wrong_token(&self) -> Option<&str> {
        self.0.wrong_token.as_deref()
    }

    /// 503, because what is not on the record is not answered.
    pub(crate) fn record_unavailable() -> Self {
        let detail = "the access record cannot be written now, and nothing is answered without it";
        Self::of_record(
            "The access record cannot be written",
            detail,
            "Try again. What is not on the record is not handed out, so it is looked up anew.",
            "잠시 후 다시 시도하세요. 접속기록이 남지 않으면 조회 결과를 내보내지 않습니다.",
        )
    }

    /// 503, because nobody else has been told that the session has ended.
    pub(crate) fn sign_out_failed() -> Self {
        Self::of_record(
            "Sign-out failed",
            "the end of the session could not be written down, so the session is still alive",
            "Try again, and close the browser if it does not help: the session ends after 30 idle minutes.",
            "로그아웃되지 않았습니다. 다시 시도하세요. 계속 실패하면 브라우저를 닫으세요. 30분 동안 사용하지 않으면 세션이 끝납니다.",
        )
    }

    fn of_record(
        title: &'static str,
        detail: &'static str,
        hint: &'static str,
        hint_ko: &'static str,
    ) -> Self {
        let mut problem = Self::api(ApiErrorKind::RecordUnavailable, 503, title, detail);
        problem.0.body.retryable = true;
        problem.0.body.hint = Some(hint.to_owned());
        problem.0.body.hint_ko = Some(hint_ko.to_owned());
        problem
    }

    /// 503, because there is no way to sign in at all.
    pub(crate) fn sign_in_not_configured() -> Self {
        let detail = "no way to sign in is configured: set ADMIN_TOKEN, NAMED_TOKENS, or ACCESS_TEAM_DOMAIN and ACCESS_AUD";
        Self::api(ApiErrorKind::SignInNotConfigured, 503, "Sign-in is not configured", detail)
    }

    /// 503, because Access' keys cannot be had.
    pub(crate) fn sign_in_unavailable() -> Self {
        let detail =
            "the keys of Cloudflare Access could not be fetched, so nobody can be let in by it";
        let mut problem =
            Self::api(ApiErrorKind::SignInUnavailable, 503, "Sign-in is not available now", detail);
        problem.0.body.retryable = true;
        problem
    }

    /// 403.
    pub(crate) fn cross_site() -> Self {
        Self::api(
            ApiErrorKind::CrossSite,
            403,
            "Cross-site request",
            "only a page of this origin may ask this without a Bearer token",
        )
    }

    /// 403, because whoever it is may not do that.
    pub(crate) fn role_missing(detail: &'static str) -> Self {
        Self::api(ApiErrorKind::RoleMissing, 403, "Role missing", detail)
    }

    /// 403, because the settings let nobody do that.
    pub(crate) fn export_forbidden() -> Self {
        let detail = "exports and prints are forbidden here, by the setting EXPORT_REASON";
        Self::api(ApiErrorKind::ExportForbidden, 403, "Export forbidden", detail)
    }

    /// 429.
    pub(crate) fn rate_limited() -> Self {
        let mut problem = Self::api(
            ApiErrorKind::RateLimited,
            429,
            "Too many requests",
            "the limit for one caller is reached; wait a minute",
        );
        problem.0.body.retryable = true;
        problem.with_header("Retry-After", RATE_LIMIT_PERIOD_S)
    }

    /// 404.
    pub(crate) fn not_found() -> Self {
        Self::api(ApiErrorKind::NotFound, 404, "Not found", "there is nothing at this path")
    }

    /// 405.
    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        Self::api(
            ApiErrorKind::MethodNotAllowed,
            405,
            "Method not allowed",
            format!("this path answers {allow}"),
        )
        .with_header("Allow", allow)
    }

    /// 408.
    pub(crate) fn body_timeout() -> Self {
        let mut problem = Self::api(
            ApiErrorKind::BodyTimeout,
            408,
            "The body did not arrive in time",
            "the connection is too slow, or the rest of the body was never sent",
        );
        problem.0.body.retryable = true;
        problem.with_header("Connection", "close")
    }

    /// 413.
    pub(crate) fn body_too_large(max_bytes: usize) -> Self {
        Self::api(
            ApiErrorKind::BodyTooLarge,
            413,
            "Body too large",
            format!("the body must not be larger than {max_bytes} bytes"),
        )
    }

    /// 415.
    pub(crate) fn not_json() -> Self {
        Self::api(
            ApiErrorKind::NotJson,
            415,
            "Not JSON",
            "the body must be sent with Content-Type: application/json",
        )
    }

    /// 400.
    pub(crate) fn invalid_input(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::of_kind(ErrorKind::InvalidInput, detail)
    }

    /// 503 for `/healthz` without a sign-in: which settings are at fault is not for everybody.
    pub(crate) fn unhealthy() -> Self {
        let mut problem = Self::of_kind(
            ErrorKind::InvalidConfig,
            "settings are at fault: sign in, or read the log, to learn which",
        );
        problem.0.body.status = 503;
        problem
    }

    /// The settings are at fault: 500 for a request for data, 503 for `/healthz`; both have signed
    /// in.
    pub(crate) fn misconfigured(status: u16, faults: &[Fault]) -> Self {
        let names: Vec<_> = faults.iter().map(Fault::to_string).collect();
        let mut problem = Self::of_kind(ErrorKind::InvalidConfig, names.join("; "));
        problem.0.body.status = status;
        problem.0.body.settings = faults
            .iter()
            .map(|Fault { setting, problem }| SettingFault {
                name: (*setting).into(),
                problem: problem.clone(),
            })
            .collect();
        problem
    }

    /// 500, without telling why.
    pub(crate) fn internal() -> Self {
        Self::of_kind(
            ErrorKind::Internal,
            "a fault of this Worker's own; its log has the request id",
        )
    }

    pub(crate) fn with_header(
        mut self,
        name: &'static str,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// What to branch on: a kind of the core's errors, or one of the Worker's own.
    pub(crate) fn kind(&self) -> &str {
        self.0.body.kind.name()
    }

    pub(crate) fn status(&self) -> u16 {
        self.0.body.status
    }

    pub(crate) fn code(&self) -> Option<&str> {
        self.0.body.code.as_deref()
    }

    pub(crate) fn phase(&self) -> Option<&'static str> {
        self.0.body.phase.map(Phase::name)
    }

    fn of_kind(kind: ErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        let (status, title) = status_and_title(kind);
        Self::new(ProblemKind::Lookup(kind), status, title, detail)
    }

    fn api(
        kind: ApiErrorKind,
        status: u16,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(ProblemKind::Api(kind), status, title, detail)
    }

    fn new(
        kind: ProblemKind,
        status: u16,
        title: &'static str,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        let body = Body {
            type_uri: format!("urn:payple-edge:problem:{}", kind.name()),
            title: title.into(),
            status,
            detail: detail.into(),
            kind,
            code: None,
            phase: None,
            upstream_status: None,
            retryable: false,
            hint: None,
            hint_ko: None,
            settings: Vec::new(),
            request_id: String::new(),
        };
        Self(Box::new(Parts { body, headers: Vec::new(), wrong_token: None }))
    }

    /// The answer that tells it.
    pub(crate) fn to_answer(&self, request_id: &str) -> Answer {
        let Parts { body, headers, wrong_token: _ } = self.0.as_ref();
        let body = Body { request_id: request_id.to_owned(), ..body.clone() };
        let mut headers = headers.clone();
        headers.push(("Content-Type", "application/problem+json".into()));
        // Plain texts and numbers always serialise.
        let text = serde_json::to_vec(&body).unwrap_or_default();
        Answer { status: body.status, headers, body: text }
    }
}

/// What cannot be written as JSON is a fault of ours.
impl From<serde_json::Error> for Problem {
    fn from(_: serde_json::Error) -> Self {
        Self::internal()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let error = *error.0;
        let mut problem = Self::of_kind(error.kind, error.message);
        let body = &mut problem.0.body;
        body.code = error.code;
        body.phase = error.phase;
        body.upstream_status = error.http_status;
        body.retryable = error.retryable;
        body.hint = error.hint.map(Cow::into_owned);
        body.hint_ko = error.hint_ko.map(Cow::into_owned);
        match error.retry_after_ms {
            Some(wait_ms) => problem.with_header("Retry-After", wait_ms.div_ceil(1000).to_string()),
            None => problem,
        }
    }
}

fn status_and_title(kind: ErrorKind) -> (u16, &'static str) {
    match kind {
        ErrorKind::InvalidInput => (400, "Invalid input"),
        ErrorKind::Rejected => (422, "Payple refused this look-up"),
        ErrorKind::InvalidConfig => (500, "The Worker's settings are at fault"),
        ErrorKind::Internal => (500, "Internal fault"),
        ErrorKind::Authentication => (502, "Payple refused the partner"),
        ErrorKind::Protocol => (502, "Payple's reply is not what its specification says"),
        ErrorKind::Unavailable | ErrorKind::Aborted => (503, "Payple cannot answer now"),
        ErrorKind::Timeout => (504, "Payple did not answer in time"),
    }
}

/// Who it is whose token is nobody's.
pub(crate) const NOBODY: &str = "nobody";
/// As `wrangler.toml` sets it for `LOOKUP_LIMIT`.
const RATE_LIMIT_PERIOD_S: &str = "60";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(problem: Problem) -> (u16, Value) {
        let answer = problem.to_answer("id-1");
        assert!(answer.headers.contains(&("Content-Type", "application/problem+json".into())));
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    #[test]
    fn a_problem_tells_what_is_known_and_no_more() {
        let (status, body) = told(Problem::invalid_input("groupKey is empty"));

        assert_eq!(status, 400);
        assert_eq!(
            body,
            json!({
                "type": "urn:payple-edge:problem:invalid_input", "title": "Invalid input", "status": 400,
                "detail": "groupKey is empty", "kind": "invalid_input", "retryable": false, "requestId": "id-1"
            })
        );
    }

    #[test]
    fn an_error_of_the_core_keeps_its_kind_and_gets_its_status() {
        for &kind in ErrorKind::ALL {
            let (status, body) = told(Error::new(kind, "why").into());
            assert_eq!(
                (body["kind"].as_str(), body["status"].as_u64()),
                (Some(kind.name()), Some(u64::from(status)))
            );
        }
        assert_eq!(told(Error::new(ErrorKind::Authentication, "").into()).0, 502);
        assert_eq!(told(Error::new(ErrorKind::Rejected, "").into()).0, 422);
    }

    #[test]
    fn a_fault_in_the_settings_is_named() {
        let (status, body) = told(Problem::misconfigured(
            503,
            &[Fault { setting: "PAYPLE_CST_ID", problem: "is missing".into() }],
        ));

        assert_eq!((status, body["detail"].as_str()), (503, Some("PAYPLE_CST_ID is missing")));
        assert_eq!(body["settings"], json!([{ "name": "PAYPLE_CST_ID", "problem": "is missing" }]));
    }
}
