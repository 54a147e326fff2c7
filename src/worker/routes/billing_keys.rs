//! `POST /api/billing-keys`: what is behind each of up to a hundred billing keys, a few look-ups at
//! a time, at a pace that Payple bears.

use std::cell::{Cell, RefCell};

use futures_util::future::join;
use futures_util::{StreamExt, stream};

use crate::api::{BillingKeyOutcome, BillingKeyResults, BillingKeysQuestion};
use crate::billing_key::{BillingKey, PayerId};
use crate::error::{Error, ErrorKind};
use crate::json;
use crate::retry::CallOptions;
use crate::runtime::Runtime;
use crate::worker::auth::identity::Role;
use crate::worker::http::answer::Answer;
use crate::worker::http::body;
use crate::worker::http::problem::Problem;
use crate::worker::records::entry::Task;
use crate::worker::records::recorder::Deed;
use crate::worker::request_context::RequestContext;

/// Answers the request: one result for each key, in the order of the keys.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let (caller, partner) = context.authorize(Role::Lookup).await?;
    let payer_ids = payer_ids(context).await?;
    let recorder = context.recorder();
    let batch = Batch::default();
    let lookups = payer_ids.iter().map(|payer_id| async {
        let payer_id = match PayerId::new(payer_id) {
            Ok(payer_id) => payer_id,
            Err(error) => return (Err(error), None),
        };
        let runtime = context.runtime();
        batch.await_turn(runtime).await;
        if let Some(error) = batch.end() {
            return (Err(error), None);
        }
        let lookup = partner.cpay.lookup(&payer_id, runtime, CallOptions::default());
        let (outcome, subject) = join(lookup, recorder.subject(payer_id.reveal())).await;
        batch.settled(outcome.as_ref().err());
        context.log_lookup(&caller, partner, payer_id.reveal(), outcome.as_ref().err()).await;
        let deed = subject.map(|subject| Deed::lookup(Task::BillingKey, subject, &outcome, |_| 1));
        (outcome, Some(deed))
    });
    let (outcomes, deeds): (Vec<_>, Vec<_>) = stream::iter(lookups).buffered(AT_ONCE).unzip().await;
    // On the record before the answer leaves, all at once.
    let deeds = deeds.into_iter().flatten().collect::<Result<Vec<_>, _>>()?;
    recorder.write(&caller, deeds).await?;
    if let Some(error) = batch.end()
        && !outcomes.iter().any(is_of_the_key)
    {
        return Err(error.into());
    }
    let results = payer_ids.into_iter().zip(outcomes).enumerate();
    let results =
        results.map(|(index, (payer_id, outcome))| BillingKeyOutcome::of(index, payer_id, outcome));
    Ok(Answer::json(&BillingKeyResults { results: results.collect() })?)
}

/// The keys in the body. One that is no key is a result of its own, since it is not the others'
/// fault.
async fn payer_ids(context: &RequestContext) -> Result<Vec<String>, Problem> {
    let body = body::read_bytes(&context.request, MAX_BODY_BYTES).await?;
    let BillingKeysQuestion { payer_ids } = json::parse_object(&body).map_err(|fault| {
        Problem::invalid_input(format!("the body must be {{\"payerIds\": [\"…\"]}}: it {fault}"))
    })?;
    match payer_ids.len() {
        0 => Err(Problem::invalid_input("payerIds is empty")),
        1..=MAX_KEYS => Ok(payer_ids),
        _ => Err(Problem::invalid_input(format!("payerIds holds more than {MAX_KEYS} keys"))),
    }
}

/// What the look-ups of one request have in common: their pace, and what ends them before their
/// time.
#[derive(Default)]
struct Batch {
    /// When the next look-up may begin.
    next_at_ms: Cell<u64>,
    /// Look-ups in a row that Payple did not answer.
    unanswered: Cell<usize>,
    end: RefCell<Option<Error>>,
}

impl Batch {
    /// Waits until this look-up may begin.
    async fn await_turn(&self, runtime: &impl Runtime) {
        let now_ms = runtime.now_ms();
        let begin_ms = self.next_at_ms.get().max(now_ms);
        self.next_at_ms.set(begin_ms.saturating_add(INTERVAL_MS));
        let wait_ms = begin_ms.saturating_sub(now_ms);
        if wait_ms > 0 && self.end.borrow().is_none() {
            runtime.sleep(wait_ms).await;
        }
    }

    /// Why no further key is looked up.
    fn end(&self) -> Option<Error> {
        self.end.borrow().clone()
    }

    fn settled(&self, error: Option<&Error>) {
        let is_unanswered = error
            .is_some_and(|error| matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Timeout));
        self.unanswered.set(if is_unanswered {
            self.unanswered.get().saturating_add(1)
        } else {
            0
        });
        if let Some(error) = error
            && (ends_all(error) || self.unanswered.get() >= MAX_UNANSWERED)
        {
            self.end.borrow_mut().get_or_insert_with(|| error.clone());
        }
    }
}

/// No other key would fare better.
fn ends_all(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Authentication | ErrorKind::InvalidConfig)
        || error.code.as_deref().is_some_and(|code| MAINTENANCE.contains(&code))
}

/// Whether it tells something of the key, and not only that nothing can be looked up now.
fn is_of_the_key(outcome: &Result<BillingKey, Error>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(error) => error.kind == ErrorKind::Rejected && !ends_all(error),
    }
}

pub(super) const MAX_KEYS: usize = 100;
/// A hundred keys of 255 characters, each of up to 12 bytes where it is escaped.
const MAX_BODY_BYTES: usize = 512 * 1024;
const AT_ONCE: usize = 4;
/// Five look-ups a second.
const INTERVAL_MS: u64 = 200;
/// So many in a row are none of the keys' fault.
const MAX_UNANSWERED: usize = 20;
const MAINTENANCE: [&str; 2] = ["T0996", "T0997"];

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: ErrorKind, code: &'static str) -> Error {
        Error::new(kind, "why").with_code(Some(code))
    }

    #[test]
    fn what_is_no_fault_of_a_key_ends_the_batch() {
        for fault in [
            error(ErrorKind::Authentication, ""),
            error(ErrorKind::InvalidConfig, ""),
            error(ErrorKind::Unavailable, "T0996"),
        ] {
            let batch = Batch::default();
            batch.settled(Some(&fault));
            assert_eq!(batch.end(), Some(fault));
        }
        let batch = Batch::default();
        batch.settled(Some(&error(ErrorKind::Rejected, "SPCD0001")));
        batch.settled(Some(&error(ErrorKind::Protocol, "")));
        assert_eq!(batch.end(), None);
    }

    #[test]
    fn one_answer_among_twenty_without_shows_that_payple_is_there() {
        let batch = Batch::default();
        let fault = error(ErrorKind::Timeout, "");
        for _ in 0..19 {
            batch.settled(Some(&fault));
        }
        batch.settled(None);
        for _ in 0..19 {
            batch.settled(Some(&fault));
        }
        assert_eq!(batch.end(), None);
        batch.settled(Some(&fault));
        assert_eq!(batch.end(), Some(fault));
    }
}
