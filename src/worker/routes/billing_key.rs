//! `POST /api/billing-key`: the card or account behind one billing key.

use crate::billing_key::PayerId;
use crate::retry::CallOptions;
use crate::worker::auth::identity::Role;
use crate::worker::http::answer::Answer;
use crate::worker::http::body;
use crate::worker::http::problem::Problem;
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let (caller, partner) = context.authorize(Role::Lookup).await?;
    let payer_id = PayerId::new(&body::read_text(&context.request, "payerId").await?)?;
    let outcome = partner.cpay.lookup(&payer_id, context.runtime(), CallOptions::default()).await;
    context.log_lookup(&caller, partner, payer_id.reveal(), outcome.as_ref().err()).await;
    Ok(Answer::json(&outcome?)?)
}
