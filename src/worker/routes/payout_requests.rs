//! `POST /api/payout-requests`: a payout group with its review, compared with what the company
//! expects.

use futures_util::future::join;

use crate::api::PayoutQuestion;
use crate::payout::{Expectation, PayoutRequestGroup};
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
    let PayoutQuestion { group_key, expect } = question(context).await?;
    let recorder = context.recorder();
    let lookup = partner.hub.lookup(&group_key, context.runtime(), CallOptions::default());
    let (outcome, subject) = join(lookup, recorder.subject(group_key.as_str())).await;
    let rows = |group: &PayoutRequestGroup| group.requests.len();
    recorder
        .write(&caller, vec![Deed::lookup(Task::PayoutRequests, subject?, &outcome, rows)])
        .await?;
    context.log_lookup(&caller, partner, group_key.as_str(), outcome.as_ref().err()).await;
    let mut group = outcome?;
    if let Some(expect) = &expect {
        group.compare(expect);
    }
    Ok(Answer::json(&group)?)
}

/// The question in the body, which is not kept while Payple is asked.
async fn question(context: &RequestContext) -> Result<PayoutQuestion, Problem> {
    let body = body::read_bytes(&context.request, MAX_BODY_BYTES).await?;
    let question = PayoutQuestion::from_json(&body)?;
    let requests = question.expect.as_ref().and_then(Expectation::requests);
    if requests.is_some_and(|requests| requests.len() > MAX_EXPECTED_REQUESTS) {
        return Err(Problem::invalid_input(format!(
            "expect.requests holds more than {MAX_EXPECTED_REQUESTS} requests"
        )));
    }
    Ok(question)
}

/// A list of so many expected requests has room for a hundred bytes each.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
/// Twice as many as the largest group that is known of. What one request costs is bounded by it.
const MAX_EXPECTED_REQUESTS: usize = 20_000;
