//! `/api/session`: signing in with a token (POST), who has signed in (GET), and signing out
//! (DELETE).

use js_sys::Date;

use crate::api::{Session, SessionMethod};
use crate::worker::auth::identity::{Identity, Kind};
use crate::worker::auth::session::no_cookie;
use crate::worker::auth::{AuthMethod, Caller, SessionEnd, now_s};
use crate::worker::crypto::random_id;
use crate::worker::http::answer::Answer;
use crate::worker::http::body;
use crate::worker::http::problem::Problem;
use crate::worker::records::entry::Task;
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let authenticator = context.authenticator()?;
    match context.request.method().as_str() {
        "POST" => {
            authenticator.refuse_cross_site()?;
            let token = body::read_text(&context.request, "token").await?;
            let credential = authenticator.check_token(&token).await?;
            let identity = &credential.identity;
            authenticator.count(&identity.who(), 1).await?;
            if identity.kind == Kind::Program {
                let caller = Caller { identity: identity.clone(), method: AuthMethod::Token };
                return context
                    .refuse(&caller, Task::SignIn, Problem::role_missing(NO_PERSON))
                    .await;
            }
            let cookie = authenticator.begin_session(credential, random_id()).await?;
            context.log_emergency(identity);
            context.recorder().sign_in(identity).await?;
            Ok(Answer::empty(204).with_header("Set-Cookie", cookie))
        }
        "DELETE" => {
            authenticator.refuse_cross_site()?;
            if let Some(end) = authenticator.session_to_end().await? {
                let SessionEnd { identity, end_id, ends_at_s } = &end;
                context.recorder().sign_out(identity, end_id.clone(), *ends_at_s).await?;
                authenticator.remember_end(&end).await?;
            }
            Ok(Answer::empty(204).with_header("Set-Cookie", no_cookie()))
        }
        _ => {
            authenticator.refuse_cross_site_read()?;
            let caller = authenticator.caller().await?;
            context.log_emergency(&caller.identity);
            authenticator.count(&caller.identity.who(), 1).await?;
            context.recorder().confirm(&caller).await?;
            context.renew(&authenticator, &caller).await;
            who_am_i(context, &caller)
        }
    }
}

fn who_am_i(context: &RequestContext, caller: &Caller) -> Result<Answer, Problem> {
    let environment = context.partner()?.config.environment;
    let (method, expires_at_s, ends_at_s) = match &caller.method {
        AuthMethod::Token => (SessionMethod::Token, None, None),
        AuthMethod::ServiceBinding => (SessionMethod::ServiceBinding, None, None),
        AuthMethod::Session { session, expires_at_s: token_ends_at_s, .. } => {
            // As the cookie has it that comes with this answer.
            let renewed = session.renewed(now_s());
            let session = renewed.as_ref().unwrap_or(session);
            let no_later = |at_s: u64| Some(token_ends_at_s.map_or(at_s, |end_s| end_s.min(at_s)));
            (SessionMethod::Token, no_later(session.expires_at_s()), no_later(session.ends_at_s()))
        }
        AuthMethod::Access { expires_at_s } => {
            (SessionMethod::Access, *expires_at_s, *expires_at_s)
        }
    };
    let Identity { kind, name, roles } = &caller.identity;
    Ok(Answer::json(&Session {
        environment,
        method,
        kind: *kind,
        subject: Some(name.clone()).filter(|name| !name.is_empty()),
        roles: roles.to_vec(),
        export_reason: context.state.settings.records.export_reason,
        expires_at: expires_at_s.map(iso),
        ends_at: ends_at_s.map(iso),
    })?)
}

/// Seconds since 1970 as ISO 8601.
fn iso(seconds: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "exact below the last date")]
    let ms = seconds.min(LAST_DATE_S).saturating_mul(1_000) as f64;
    Date::new(&ms.into()).to_iso_string().into()
}

const NO_PERSON: &str = "a program begins no session: it sends its token as Authorization: Bearer";
/// JavaScript's last date; to write a later one would throw.
const LAST_DATE_S: u64 = 8_640_000_000_000;
