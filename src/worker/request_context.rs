//! One request on its way through the Worker: what came with it, and what the isolate keeps for all
//! requests.
//!
//! Routes ask it for the caller, the partner's clients and the runtime; it writes the request's log
//! lines.

use std::cell::OnceCell;
use std::rc::Rc;

use js_sys::Date;
use web_sys::Request;
use worker::worker_sys::Fetcher;
use worker::{Context, Env};

use super::auth::identity::{Identity, Kind, Role};
use super::auth::{Authenticator, Caller, RateLimit};
use super::bindings::is_bound;
use super::bindings::service;
use super::crypto::random_id;
use super::http::fetch::whole_ms;
use super::http::problem::Problem;
use super::kv::Kv;
use super::log::{self, AuditLine, EmergencyLine, RequestLine, Upstream};
use super::payple::runtime::EdgeRuntime;
use super::records::client::Records;
use super::records::entry::Task;
use super::records::recorder::{Deed, Recorder};
use super::route::Route;
use super::settings::{RECORDS, TOKENS};
use super::state::{IsolateState, PartnerClients};
use crate::error::Error;

/// What a route needs to answer one request.
pub(super) struct RequestContext {
    pub(super) request: Request,
    pub(super) route: Route,
    pub(super) request_id: String,
    pub(super) state: Rc<IsolateState>,
    env: Env,
    context: Rc<Context>,
    started_at_ms: f64,
    /// Made when Payple is asked.
    runtime: OnceCell<EdgeRuntime>,
    /// `Set-Cookie` for a session whose cookie is due for renewal.
    renewed_cookie: OnceCell<String>,
}

impl RequestContext {
    pub(super) fn new(request: Request, env: Env, context: Context) -> Self {
        Self {
            state: IsolateState::of(&env),
            route: Route::of(path_of(&request.url())),
            request_id: random_id(),
            started_at_ms: Date::now(),
            runtime: OnceCell::new(),
            renewed_cookie: OnceCell::new(),
            context: Rc::new(context),
            request,
            env,
        }
    }

    /// The caller and the partner's clients, if the caller has signed in, holds `role` and is
    /// within the limit, and if the settings allow a look-up at all.
    ///
    /// That the caller's session has not ended since is told by the [`Recorder`], before the answer
    /// leaves.
    pub(super) async fn authorize(&self, role: Role) -> Result<(Caller, &PartnerClients), Problem> {
        self.admit(Some(role)).await
    }

    /// The caller, whatever their roles: for a request whose body tells which one it needs
    /// ([`Self::require`]).
    pub(super) async fn authenticate(&self) -> Result<Caller, Problem> {
        self.admit(None).await.map(|(caller, _)| caller)
    }

    async fn admit(&self, role: Option<Role>) -> Result<(Caller, &PartnerClients), Problem> {
        let authenticator = self.authenticator()?;
        authenticator.refuse_cross_site()?;
        let caller = authenticator.caller().await?;
        self.log_emergency(&caller.identity);
        authenticator.count(&caller.identity.who(), 1).await?;
        if let Some(role) = role {
            self.require(&caller, role, self.task()).await?;
        }
        let partner = self.partner()?;
        self.renew(&authenticator, &caller).await;
        Ok((caller, partner))
    }

    /// An error, which is on the record, where the caller lacks a role.
    pub(super) async fn require(
        &self,
        caller: &Caller,
        role: Role,
        task: Task,
    ) -> Result<(), Problem> {
        match caller.require(role) {
            Ok(()) => Ok(()),
            Err(problem) => self.refuse(caller, task, problem).await,
        }
    }

    /// The problem, once it is on the record that the caller was refused.
    pub(super) async fn refuse<T>(
        &self,
        caller: &Caller,
        task: Task,
        problem: Problem,
    ) -> Result<T, Problem> {
        self.recorder().write(caller, vec![Deed::new(task, problem.kind())]).await?;
        Err(problem)
    }

    /// An error where no way to sign in is configured.
    pub(super) fn authenticator(&self) -> Result<Authenticator<'_>, Problem> {
        let sign_in = &self.state.settings.sign_in;
        if !sign_in.is_configured() {
            return Err(Problem::sign_in_not_configured());
        }
        Ok(Authenticator {
            request: &self.request,
            headers: self.request.headers(),
            context: &self.context,
            sign_in,
            memory: &self.state.sign_in_memory,
            rate_limit: Rc::new(RateLimit::new(&self.env)),
            ends: Kv::new(&self.env, TOKENS).filter(|_| !self.keeps_records()),
        })
    }

    /// An error where a setting is at fault.
    pub(super) fn partner(&self) -> Result<&PartnerClients, Problem> {
        let state = &self.state;
        state.partner.as_ref().ok_or_else(|| Problem::misconfigured(500, &state.settings.faults))
    }

    /// Puts on the record what this request does.
    pub(super) fn recorder(&self) -> Recorder<'_> {
        let address = self.request.headers().get("CF-Connecting-IP").ok().flatten();
        Recorder {
            state: &self.state,
            records: self.keeps_records().then(|| Records::new(&self.env, RECORDS)),
            address: address.unwrap_or_default(),
            request_id: &self.request_id,
            is_live: self.state.settings.is_live(),
        }
    }

    fn keeps_records(&self) -> bool {
        is_bound(&self.env, RECORDS)
    }

    /// What a request to this route is on the record.
    fn task(&self) -> Task {
        match self.route {
            Route::BillingKey | Route::BillingKeys => Task::BillingKey,
            Route::AccessRecords | Route::AccessSummary => Task::ReadRecords,
            _ => Task::PayoutRequests,
        }
    }

    /// The core's runtime for this request.
    pub(super) fn runtime(&self) -> &EdgeRuntime {
        self.runtime.get_or_init(|| {
            EdgeRuntime::new(Rc::clone(&self.state), &self.env, Rc::clone(&self.context))
        })
    }

    /// The service that is bound under a name.
    pub(super) fn service(&self, name: &str) -> Option<Fetcher> {
        service(&self.env, name)
    }

    /// Has the answer renew the session's cookie, where it is due.
    pub(super) async fn renew(&self, authenticator: &Authenticator<'_>, caller: &Caller) {
        if let Some(cookie) = authenticator.renewal(caller).await {
            let _ = self.renewed_cookie.set(cookie);
        }
    }

    /// `Set-Cookie` for the answer.
    pub(super) fn renewed_cookie(&self) -> Option<&str> {
        self.renewed_cookie.get().map(String::as_str)
    }

    /// In live the admin token is for first steps and emergencies, so each use of it is a line of
    /// its own.
    pub(super) fn log_emergency(&self, identity: &Identity) {
        if self.state.settings.is_live() && identity.kind == Kind::Admin {
            log::write(&EmergencyLine {
                event: "emergency",
                request_id: &self.request_id,
                who: &identity.who(),
                route: self.route.name(),
            });
        }
    }

    /// Writes who looked up what; `key` appears as a keyed hash alone.
    pub(super) async fn log_lookup(
        &self,
        caller: &Caller,
        partner: &PartnerClients,
        key: &str,
        error: Option<&Error>,
    ) {
        let what =
            partner.audit_hash(&format!("{} {key}", self.route.name())).await.unwrap_or_default();
        log::write(&AuditLine {
            event: "audit",
            request_id: &self.request_id,
            who: &caller.identity.who(),
            route: self.route.name(),
            what: &what,
            outcome: error.map_or("ok", |error| error.kind.name()),
        });
    }

    /// Writes what came of the request.
    pub(super) fn log_request(&self, status: u16, problem: Option<&Problem>) {
        let upstream = self.runtime.get().map(|runtime| {
            let (authentications, lookups) = runtime.exchanges();
            Upstream { authentications, questions: lookups, token: runtime.token_source() }
        });
        log::write(&RequestLine {
            event: "request",
            request_id: &self.request_id,
            route: self.route.name(),
            status,
            kind: problem.map(Problem::kind),
            phase: problem.and_then(Problem::phase),
            code: problem.and_then(Problem::code),
            duration_ms: whole_ms(Date::now() - self.started_at_ms),
            upstream,
        });
    }
}

/// The path as it was sent, nothing decoded.
pub(super) fn path_of(url: &str) -> &str {
    let rest =
        ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    let path = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn a_path_is_neither_host_nor_query() {
        assert_eq!(path_of("https://host.example/api/x?y=/z#/w"), "/api/x");
        assert_eq!(path_of("https://host.example"), "/");
        assert_eq!(path_of("https://host.example//api/%2e"), "//api/%2e");
    }
}
