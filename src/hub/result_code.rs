//! What a result code of the hub means.

use http::StatusCode;

use crate::error::{Error, ErrorKind, Phase};
use crate::json::Scalar;
use crate::transport::{self, HttpResponse};

/// Checks that a reply's result code is that of success in this phase; the error says what another
/// one means.
///
/// Sources: Payple's documents and published clients. The set of codes is open; what is unknown is
/// a refusal, never a success.
pub(super) fn check(
    response: &HttpResponse,
    phase: Phase,
    result: &Scalar<'_>,
    message: &Scalar<'_>,
    secrets: &[&str],
) -> Result<(), Error> {
    let success = match phase {
        Phase::Token => "T0000",
        Phase::Lookup => LOOKED_UP,
    };
    match result.filled() {
        Some(code) if code == success => Ok(()),
        Some(code) => Err(refusal(response, phase, code, message.as_str(), secrets)),
        None => Err(transport::no_answer(response, "has no result code")),
    }
}

fn refusal(
    response: &HttpResponse,
    phase: Phase,
    code: &str,
    message: &str,
    secrets: &[&str],
) -> Error {
    let Some(code) = transport::result_code(code, secrets) else {
        return transport::no_answer(response, "has a result that is not a code");
    };
    let retry_after_ms = transport::retry_after_ms(response);
    let words = transport::displayable(message, secrets);
    let said = |who: &str| format!("Payple's hub {who}: [{code}] {words}").trim_end().to_owned();
    let unavailable = |who: &str| Error::new(ErrorKind::Unavailable, said(who));
    let not_accepted = |who: &str| Error::new(ErrorKind::Authentication, said(who));
    let error = match (code, phase) {
        ("T0996" | "T0997", _) => unavailable("is under maintenance").retryable_later(),
        ("T1999" | "A0001" | "A0002" | "A0003" | "A0007" | "A0099" | "A0999", _) => {
            unavailable("cannot answer now").retryable_soon(retry_after_ms)
        }
        ("T0200" | "T0201" | "T0210" | "T0211" | "T0300" | "T0310" | "T0322", _) => {
            not_accepted("refused the partner")
        }
        // T02xx and T03xx are about the partner; the rest of the T codes are known as system
        // errors.
        (code, Phase::Token)
            if code.starts_with('T') && !code.starts_with("T02") && !code.starts_with("T03") =>
        {
            unavailable("cannot issue a token now").retryable_soon(retry_after_ms)
        }
        (_, Phase::Token) => not_accepted("refused the partner"),
        // What an expired token gets is documented nowhere, so HTTP 401 and every other T code may
        // be it: a new token, once, tells.
        (code, Phase::Lookup)
            if code.starts_with('T') || response.status() == StatusCode::UNAUTHORIZED =>
        {
            not_accepted("did not accept the token").rejecting_the_token()
        }
        (_, Phase::Lookup) => Error::new(ErrorKind::Rejected, said("refused this look-up")),
    };
    error.with_code(Some(code))
}

/// The result code of a look-up that succeeded.
pub(super) const LOOKED_UP: &str = "A0000";
