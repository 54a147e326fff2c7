//! `/api/access-records`: the access record, for auditors, by an address (GET) or, where a subject
//! is asked for in full, by a body (POST). Reading it is itself on the record.

use futures_util::future::{join_all, try_join_all};

use std::borrow::Cow;

use crate::api::{AccessRecord, AccessRecords, RecordChain, RecordLink};
use crate::worker::auth::identity::Role;
use crate::worker::crypto::Refused;
use crate::worker::http::accept::prefers_csv;
use crate::worker::http::answer::Answer;
use crate::worker::http::body;
use crate::worker::http::problem::Problem;
use crate::worker::records::chain::Link;
use crate::worker::records::client::chains;
use crate::worker::records::entry::{Subject, Task};
use crate::worker::records::reading::{self, Reading};
use crate::worker::records::recorder::{Deed, OK};
use crate::worker::records::seal::{Field, RecordKeys};
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let (caller, _) = context.authorize(Role::Audit).await?;
    let url = context.request.url();
    let is_address = context.request.method() == "GET";
    let mut reading = if is_address {
        let parameters = parameters(&url);
        Reading::parse(pairs(&parameters)).map_err(Problem::invalid_input)?
    } else {
        let fields = body::read_fields(&context.request).await?;
        Reading::of(fields).map_err(Problem::invalid_input)?
    };

    let recorder = context.recorder();
    let Some(records) = &recorder.records else { return Err(Problem::record_unavailable()) };
    let keys =
        context.state.record_keys().await.map_err(|Refused| Problem::record_unavailable())?;
    let mut subject = Subject::default();
    if let Some(sha256) = &reading.subject {
        let hashes = keys.search_hashes(sha256).await.map_err(|Refused| Problem::internal())?;
        subject.hash = hashes.first().cloned();
        reading.filter.subject_hashes = hashes;
    }
    let pages = try_join_all(chains().map(|chain| {
        let reading = &reading;
        async move {
            let before = reading.before(&chain);
            let page = records.read(&chain, &reading.filter, before, reading.limit).await?;
            Ok::<_, Problem>((chain, page))
        }
    }))
    .await?;
    let chains = pages.iter().map(|(chain, page)| reach(chain, &page.anchor, &page.head)).collect();
    let (entries, next) = reading::merge(&reading, pages);
    let records = join_all(entries.into_iter().map(|entry| opened(keys, entry))).await;

    let rows = u64::try_from(records.len()).ok();
    let deed = Deed { subject, rows, ..Deed::new(Task::ReadRecords, OK) };
    recorder.write(&caller, vec![deed]).await?;
    let accept = context.request.headers().get("Accept").ok().flatten().unwrap_or_default();
    if !prefers_csv(&accept) {
        return Ok(Answer::json(&AccessRecords { records, next, chains })?);
    }
    let answer = Answer::csv(reading::csv(&records))
        .with_header("Content-Disposition", "attachment; filename=\"access-records.csv\"");
    Ok(match next {
        // The address would have to name the subject.
        Some(next) if !is_address => answer.with_header("Next-Cursor", next),
        Some(next) => {
            let query = with_cursor(&parameters(&url), &next);
            answer
                .with_header("Link", format!("<?{query}>; rel=\"next\""))
                .with_header("Next-Cursor", next)
        }
        None => answer,
    })
}

// Of the query alone, not with the `url` crate: its tables for international names of hosts are
// half of an upload.
pub(super) fn parameters(url: &str) -> Parameters<'_> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).collect()
}

pub(super) fn pairs<'a>(
    parameters: &'a Parameters<'_>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    parameters.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
}

fn with_cursor(parameters: &Parameters<'_>, cursor: &str) -> String {
    let others = pairs(parameters).filter(|(name, _)| *name != "cursor");
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("cursor", cursor)
        .finish()
}

pub(super) fn reach(chain: &str, anchor: &Link, head: &Link) -> RecordChain {
    let link = |link: &Link| RecordLink { sequence: link.sequence, hash: link.hash.clone() };
    RecordChain { chain: chain.to_owned(), anchor: link(anchor), head: link(head) }
}

/// The entry with what its sealed texts say beside them, as far as their key is still here.
async fn opened(keys: &RecordKeys, entry: AccessRecord) -> AccessRecord {
    let (key, id) = (entry.key.as_deref(), &entry.request_id);
    let subject_text = open(keys, Field::Subject, entry.subject.as_deref(), key, id).await;
    let reason_text = open(keys, Field::Reason, entry.reason.as_deref(), key, id).await;
    AccessRecord { subject_text, reason_text, ..entry }
}

async fn open(
    keys: &RecordKeys,
    field: Field,
    sealed: Option<&str>,
    key: Option<&str>,
    request_id: &str,
) -> Option<String> {
    keys.open(field, sealed?, key?, request_id).await.ok()
}

/// The parameters of an address, decoded.
type Parameters<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;
