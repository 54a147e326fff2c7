//! `GET /healthz`: whether the Worker can answer look-ups.

use crate::api::{Egress, Health, HealthDetails, HealthStatus};
use crate::worker::auth::Caller;
use crate::worker::bindings::EGRESS;
use crate::worker::http::answer::Answer;
use crate::worker::http::problem::Problem;
use crate::worker::log::{self, FaultsLine};
use crate::worker::request_context::RequestContext;

/// Everybody is told whether all is well, and Payple's environment; what is wrong, and the details,
/// are only for callers that have signed in.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let caller = caller(context).await;
    if let Some(caller) = &caller {
        context.log_emergency(&caller.identity);
    }
    let faults = &context.state.settings.faults;
    if !faults.is_empty() {
        let faults_told = context.state.settings.faults_told();
        log::write(&FaultsLine { event: "faults", faults: &faults_told });
        return Err(match caller {
            Some(_) => Problem::misconfigured(503, faults),
            None => Problem::unhealthy(),
        });
    }
    let egress = if context.service(EGRESS).is_some() { Egress::Binding } else { Egress::Direct };
    let environment = context.partner()?.config.environment;
    let details =
        caller.map(|_| HealthDetails { version: env!("CARGO_PKG_VERSION").to_owned(), egress });
    Ok(Answer::json(&Health { status: HealthStatus::Ok, environment, details })?)
}

/// Who asks, where that is known without a doubt, from a page of ours or from none, and within the
/// limit. A wrong token is recorded here, too: the answer tells that it is wrong.
async fn caller(context: &RequestContext) -> Option<Caller> {
    let authenticator = context.authenticator().ok()?;
    authenticator.refuse_cross_site_read().ok()?;
    match authenticator.caller().await {
        Ok(caller) => {
            authenticator.count(&caller.identity.who(), 1).await.ok()?;
            context.recorder().confirm(&caller).await.ok().map(|()| caller)
        }
        Err(problem) => {
            if let Some(who) = problem.wrong_token() {
                let _ = context.recorder().refused(who, problem.kind()).await;
            }
            None
        }
    }
}
