//! `GET /api/access-records/summary`: how often who did what in a time, for the auditor who reviews
//! a month. That it was read is itself on the record.

use futures_util::future::try_join_all;

use super::access_records::{pairs, parameters, reach};
use crate::api::AccessSummary;
use crate::worker::auth::identity::Role;
use crate::worker::http::answer::Answer;
use crate::worker::http::problem::Problem;
use crate::worker::records::client::chains;
use crate::worker::records::entry::Task;
use crate::worker::records::reading::period;
use crate::worker::records::recorder::{Deed, OK};
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let (caller, _) = context.authorize(Role::Audit).await?;
    let url = context.request.url();
    let period = period(pairs(&parameters(&url))).map_err(Problem::invalid_input)?;

    let recorder = context.recorder();
    let Some(records) = &recorder.records else { return Err(Problem::record_unavailable()) };
    let period = &period;
    let parts = try_join_all(chains().map(|chain| async move {
        Ok::<_, Problem>((records.summarise(&chain, period).await?, chain))
    }))
    .await?;
    let chains = parts.iter().map(|(part, chain)| reach(chain, &part.anchor, &part.head)).collect();
    let lines: Vec<_> = parts.into_iter().flat_map(|(part, _)| part.lines).collect();

    let rows = u64::try_from(lines.len()).ok();
    recorder.write(&caller, vec![Deed { rows, ..Deed::new(Task::ReadRecords, OK) }]).await?;
    Ok(Answer::json(&AccessSummary { lines, chains })?)
}
