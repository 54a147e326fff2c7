//! `GET /api/access-records`: the access record, for auditors. Reading it is itself on the record.

use futures_util::future::{join_all, try_join_all};

use crate::api::{AccessRecord, AccessRecords, RecordChain, RecordLink};
use crate::worker::auth::identity::Role;
use crate::worker::crypto::Refused;
use crate::worker::http::answer::Answer;
use crate::worker::http::problem::Problem;
use crate::worker::records::chain::Link;
use crate::worker::records::client::chains;
use crate::worker::records::entry::{Act, Entry, Subject, Task};
use crate::worker::records::reading::{self, Reading};
use crate::worker::records::recorder::{Deed, OK};
use crate::worker::records::seal::{Field, RecordKeys};
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let (caller, _) = context.authorize(Role::Audit).await?;
    let url = context.request.url();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut reading = parse(query).map_err(Problem::invalid_input)?;

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
    let chains = pages
        .iter()
        .map(|(chain, page)| RecordChain {
            chain: chain.clone(),
            anchor: link(&page.anchor),
            head: link(&page.head),
        })
        .collect();
    let (entries, next) = reading::merge(&reading, pages);
    let records = join_all(entries.into_iter().map(|entry| opened(keys, entry))).await;

    let rows = u64::try_from(records.len()).ok();
    let deed = Deed { subject, rows, ..Deed::new(Task::ReadRecords, OK) };
    recorder.write(&caller, vec![deed]).await?;
    if !wants_csv(context) {
        return Ok(Answer::json(&AccessRecords { records, next, chains })?);
    }
    let answer = Answer::csv(reading::csv(&records))
        .with_header("Content-Disposition", "attachment; filename=\"access-records.csv\"");
    Ok(match next {
        Some(next) => {
            let query = with_cursor(query, &next);
            answer.with_header("Link", format!("<?{query}>; rel=\"next\""))
        }
        None => answer,
    })
}

// Of the query alone, not with the `url` crate: its tables for international names of hosts are half of an upload.
fn parse(query: &str) -> Result<Reading, String> {
    let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    Reading::parse(parameters.iter().map(|(name, value)| (name.as_ref(), value.as_ref())))
}

fn with_cursor(query: &str, cursor: &str) -> String {
    let others = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("cursor", cursor)
        .finish()
}

fn wants_csv(context: &RequestContext) -> bool {
    let accept = context.request.headers().get("Accept").ok().flatten().unwrap_or_default();
    accept.split(',').any(|range| {
        range.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/csv"))
    })
}

fn link(link: &Link) -> RecordLink {
    RecordLink { sequence: link.sequence, hash: link.hash.clone() }
}

/// An entry with its sealed texts beside what they say, as far as their key is still here.
async fn opened(keys: &RecordKeys, entry: Entry) -> AccessRecord {
    let Entry { chain, sequence, at, act, previous, hash } = entry;
    let Act { who, method, address, task, subject, outcome, rows, reason, request_id } = act;
    let Subject { sealed: subject, hash: subject_hash, key_id: key } = subject;
    let by = key.as_deref();
    let subject_text = open(keys, Field::Subject, subject.as_deref(), by, &request_id).await;
    let reason_text = open(keys, Field::Reason, reason.as_deref(), by, &request_id).await;
    AccessRecord {
        chain,
        sequence,
        at,
        who,
        method,
        address,
        task,
        subject,
        subject_text,
        subject_hash,
        key,
        outcome,
        rows,
        reason,
        reason_text,
        request_id,
        previous,
        hash,
    }
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
