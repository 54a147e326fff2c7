//! `POST /api/billing-key`: the card or account behind one billing key.

use futures_util::future::join;

use crate::billing_key::PayerId;
use crate::retry::CallOptions;
use crate::worker::auth::identity::Role;
use crate::worker::http::answer::Answer;
use crate::worker::http::body;
use crate::worker::http::problem::Problem;
use crate::worker::records::entry::Task;
use crate::worker::records::recorder::Deed;
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let (caller, partner) = context.authorize(Role::Lookup).await?;
    let payer_id = PayerId::new(&body::read_text(&context.request, "payerId").await?)?;
    let recorder = context.recorder();
    let lookup = partner.cpay.lookup(&payer_id, context.runtime(), CallOptions::default());
    let (outcome, subject) = join(lookup, recorder.subject(payer_id.reveal())).await;
    recorder
        .write(&caller, vec![Deed::lookup(Task::BillingKey, subject?, &outcome, |_| 1)])
        .await?;
    context.log_lookup(&caller, partner, payer_id.reveal(), outcome.as_ref().err()).await;
    Ok(Answer::json(&outcome?)?)
}
