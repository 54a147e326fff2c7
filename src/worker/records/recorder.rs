//! Puts what one request does on the record. A route that hands out data awaits it before it
//! answers; where it fails, the answer is 503 and the data stays.

use std::net::IpAddr;

use super::client::{REFUSED, Records, SessionState, Unavailable, chain_of};
use super::entry::{Act, Method, Subject, Task};
use crate::error::Error;
use crate::worker::auth::identity::{Identity, Kind};
use crate::worker::auth::{AuthMethod, Caller};
use crate::worker::crypto::Refused;
use crate::worker::http::problem::{NOBODY, Problem};
use crate::worker::state::IsolateState;

/// The record as one request sees it.
pub(in crate::worker) struct Recorder<'a> {
    pub(in crate::worker) state: &'a IsolateState,
    /// Where one is kept.
    pub(in crate::worker) records: Option<Records>,
    /// `CF-Connecting-IP`, whatever it holds.
    pub(in crate::worker) address: String,
    pub(in crate::worker) request_id: &'a str,
    pub(in crate::worker) is_live: bool,
}

/// What somebody did with whose data, and what came of it.
pub(in crate::worker) struct Deed {
    pub(in crate::worker) task: Task,
    pub(in crate::worker) subject: Subject,
    /// `ok`, or the kind of the problem.
    pub(in crate::worker) outcome: String,
    pub(in crate::worker) rows: Option<u64>,
    /// Sealed.
    pub(in crate::worker) reason: Option<String>,
}

impl Deed {
    /// Of nobody's data.
    pub(in crate::worker) fn new(task: Task, outcome: &str) -> Self {
        Self {
            task,
            subject: Subject::default(),
            outcome: outcome.to_owned(),
            rows: None,
            reason: None,
        }
    }

    /// A look-up, and how many rows its answer has.
    pub(in crate::worker) fn lookup<T>(
        task: Task,
        subject: Subject,
        outcome: &Result<T, Error>,
        rows: impl FnOnce(&T) -> usize,
    ) -> Self {
        let (outcome, rows) = match outcome {
            Ok(found) => (OK, u64::try_from(rows(found)).ok()),
            Err(error) => (error.kind.name(), None),
        };
        Self { task, subject, outcome: outcome.to_owned(), rows, reason: None }
    }
}

impl Recorder<'_> {
    /// Whose data it is, sealed. Nothing where no record is kept.
    pub(in crate::worker) async fn subject(&self, text: &str) -> Result<Subject, Problem> {
        if self.records.is_none() {
            return Ok(Subject::default());
        }
        let sealed = async { self.state.record_keys().await?.subject(text, self.request_id).await };
        sealed.await.map_err(|Refused| Problem::record_unavailable())
    }

    /// Why somebody does something, sealed; with the subject's key.
    pub(in crate::worker) async fn reason(&self, text: &str) -> Result<Option<String>, Problem> {
        if self.records.is_none() {
            return Ok(None);
        }
        let sealed = async { self.state.record_keys().await?.reason(text, self.request_id).await };
        sealed.await.map(Some).map_err(|Refused| Problem::record_unavailable())
    }

    /// Writes down what a caller did. An error where it cannot be written, and where the caller's
    /// session has ended: both are told by the one call that this costs.
    pub(in crate::worker) async fn write(
        &self,
        caller: &Caller,
        deeds: Vec<Deed>,
    ) -> Result<(), Problem> {
        let Some(records) = &self.records else { return Ok(()) };
        let method = self.method(
            &caller.identity,
            match caller.method {
                AuthMethod::Token => Method::Token,
                AuthMethod::Session { .. } => Method::Session,
                AuthMethod::Access { .. } => Method::Access,
                AuthMethod::ServiceBinding => Method::Binding,
            },
        );
        let who = caller.identity.who();
        let acts = deeds.into_iter().map(|deed| self.act(who.clone(), method, deed)).collect();
        let session = caller.session_end_id().map(str::to_owned);
        let state = records.append(chain_of(&caller.identity), acts, session).await?;
        alive(state)
    }

    /// An error where the caller's session has ended, for what leaves no record.
    pub(in crate::worker) async fn confirm(&self, caller: &Caller) -> Result<(), Problem> {
        match (&self.records, caller.session_end_id()) {
            (Some(records), Some(session)) => {
                alive(records.session_state(session.to_owned()).await?)
            }
            _ => Ok(()),
        }
    }

    /// Writes down that somebody begins a session.
    pub(in crate::worker) async fn sign_in(&self, identity: &Identity) -> Result<(), Problem> {
        let Some(records) = &self.records else { return Ok(()) };
        let method = self.method(identity, Method::Token);
        let act = self.act(identity.who(), method, Deed::new(Task::SignIn, OK));
        records.append(chain_of(identity), vec![act], None).await?;
        Ok(())
    }

    /// Writes down that somebody ends a session, and ends it, everywhere at once. Nothing where no
    /// record is kept.
    pub(in crate::worker) async fn sign_out(
        &self,
        identity: &Identity,
        session: String,
        ends_at_s: u64,
    ) -> Result<(), Problem> {
        let Some(records) = &self.records else { return Ok(()) };
        let method = self.method(identity, Method::Session);
        let act = self.act(identity.who(), method, Deed::new(Task::SignOut, OK));
        let ended = records.end_session(act, session, ends_at_s.saturating_mul(1_000)).await;
        ended.map_err(|Unavailable| Problem::sign_out_failed())
    }

    /// Writes down that a wrong token was sent, or one whose time is over: `who` says whose.
    pub(in crate::worker) async fn refused(&self, who: &str, kind: &str) -> Result<(), Problem> {
        let Some(records) = &self.records else { return Ok(()) };
        let method = if who == NOBODY { Method::None } else { Method::Token };
        let act = self.act(who.to_owned(), method, Deed::new(Task::SignIn, kind));
        records.append(REFUSED.to_owned(), vec![act], None).await?;
        Ok(())
    }

    fn act(&self, who: String, method: Method, deed: Deed) -> Act {
        let Deed { task, subject, outcome, rows, reason } = deed;
        Act {
            who,
            method,
            address: self.address(),
            task,
            subject,
            outcome,
            rows,
            reason,
            request_id: self.request_id.to_owned(),
        }
    }

    /// In live each use of the admin token is an emergency.
    fn method(&self, identity: &Identity, method: Method) -> Method {
        if self.is_live && identity.kind == Kind::Admin { Method::Emergency } else { method }
    }

    /// An address alone: what else a header may hold is not for the record.
    fn address(&self) -> String {
        self.address.parse::<IpAddr>().map_or_else(|_| "unknown".to_owned(), |ip| ip.to_string())
    }
}

fn alive(state: SessionState) -> Result<(), Problem> {
    match state {
        SessionState::Alive => Ok(()),
        SessionState::Ended => Err(Problem::session_ended()),
    }
}

impl From<Unavailable> for Problem {
    fn from(Unavailable: Unavailable) -> Self {
        Self::record_unavailable()
    }
}

pub(in crate::worker) const OK: &str = "ok";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ApiErrorKind;
    use crate::error::ErrorKind;
    use crate::worker::records::object::SESSION_ENDED;

    #[test]
    fn auditors_find_every_outcome_in_words() {
        let of_the_api =
            [ApiErrorKind::NotSignedIn, ApiErrorKind::RoleMissing, ApiErrorKind::ExportForbidden]
                .map(ApiErrorKind::name);
        let of_lookups = ErrorKind::ALL.iter().map(|kind| kind.name());
        for outcome in [OK, SESSION_ENDED].into_iter().chain(of_the_api).chain(of_lookups) {
            for words in [
                include_str!("../../../www/src/records/text/ko.ts"),
                include_str!("../../../www/src/records/text/en.ts"),
            ] {
                let (_, outcomes) = words.split_once("  outcomes: {").unwrap();
                assert!(outcomes.contains(&format!("\n    {outcome}: \"")), "{outcome}");
            }
            let document = include_str!("../../../docs/access-record.md");
            let row = document.lines().find(|line| line.starts_with("| `outcome` |")).unwrap();
            assert!(row.contains(&format!("`{outcome}`")), "{outcome}");
        }
    }
}
