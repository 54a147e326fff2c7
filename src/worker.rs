//! Face 2: a Cloudflare Worker that holds the partner's credentials and answers both look-ups to who has signed in.
//!
//! A request passes its [`Route`], sign-in, the settings and its body, in this order, and whatever stops it on the way
//! is a [`Problem`]. Nothing here may panic: that would cost the whole isolate.

mod answer;
mod auth;
mod body;
mod broker;
mod fetch;
mod house;
mod js;
mod kv;
mod log;
mod object_store;
#[cfg(test)]
mod openapi;
mod patience;
#[allow(dead_code, reason = "no route asks it yet")]
mod records;
mod response;
mod route;
mod runtime;
mod security_headers;
mod settings;
mod vault;
mod web_crypto;

use std::cell::{Cell, OnceCell};
use std::convert::Infallible;
use std::fmt::Write;
use std::rc::Rc;

use js_sys::{Date, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::{Context, Env, event};

use self::answer::{Answer, Problem};
use self::auth::identity::{Identity, Kind, Role, Roles};
use self::auth::{AuthMethod, Authenticator, Caller, RateLimit, now_s};
use self::house::{House, Office};
use self::kv::Kv;
use self::log::{AuditLine, EmergencyLine, FaultsLine, RequestLine, Upstream};
use self::route::Route;
use self::runtime::EdgeRuntime;
use self::settings::{LOOKUP_LIMIT, Raw, STRUCTURED, TOKENS};
use crate::billing_key::PayerId;
use crate::config::Environment;
use crate::error::Error;
use crate::payout::{Expectation, PayoutQuestion};
use crate::retry::CallOptions;

/// Wakes what waits by promises: in workerd `queueMicrotask`, which wasm-bindgen would take, costs many times as much.
#[event(start)]
fn start() {
    let _ = Reflect::set(&js_sys::global(), &"queueMicrotask".into(), &JsValue::UNDEFINED);
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response, Infallible> {
    #[cfg(feature = "fault-injection")]
    panic_for_tests(&request);
    let visit = Visit::new(request, env, context);
    let response = match visit.outcome().await {
        Ok(response) => {
            visit.log(response.status(), None);
            response
        }
        Err(problem) => {
            visit.log(problem.status(), Some(&problem));
            response::of(&problem.to_answer(&visit.request_id))
        }
    };
    if let Some(cookie) = visit.renewal.get() {
        // It is text of our own, which a header can hold.
        let _ = response.headers().set("Set-Cookie", cookie);
    }
    Ok(response)
}

/// Costs the instance with all its memory, for the tests of what then happens. Not in the build that is deployed.
#[cfg(feature = "fault-injection")]
fn panic_for_tests(request: &Request) {
    #[allow(clippy::panic, reason = "this is what it is for")]
    if path_of(&request.url()) == "/panic" {
        panic!("a panic asked for by a test");
    }
}

/// One request on its way through the Worker.
struct Visit {
    request: Request,
    env: Env,
    context: Rc<Context>,
    house: Rc<House>,
    route: Route,
    request_id: String,
    started_at_ms: f64,
    /// Once it comes to asking Payple.
    runtime: OnceCell<EdgeRuntime>,
    /// `Set-Cookie` for a session that lives on.
    renewal: OnceCell<String>,
}

impl Visit {
    fn new(request: Request, env: Env, context: Context) -> Self {
        Self {
            house: house_of(&env),
            route: Route::of(path_of(&request.url())),
            request_id: random_id(),
            started_at_ms: Date::now(),
            runtime: OnceCell::new(),
            renewal: OnceCell::new(),
            context: Rc::new(context),
            request,
            env,
        }
    }

    async fn outcome(&self) -> Result<Response, Problem> {
        if self.route == Route::Nothing {
            return Err(Problem::not_found());
        }
        if !self.route.allows(&self.request.method()) {
            return Err(Problem::method_not_allowed(self.route.methods()));
        }
        let answer = match self.route {
            Route::Page | Route::Description | Route::Nothing => return self.file().await,
            Route::Health => self.health().await?,
            Route::Session => self.session().await?,
            Route::PayoutRequests => self.payout_requests().await?,
            Route::BillingKey => self.billing_key().await?,
        };
        Ok(response::of(&answer))
    }

    async fn payout_requests(&self) -> Result<Answer, Problem> {
        let (caller, office) = self.admit(Role::Lookup).await?;
        let PayoutQuestion { group_key, expect } = self.payout_question().await?;
        let outcome = office.hub.lookup(&group_key, self.runtime(), CallOptions::default()).await;
        self.audit(&caller, office, group_key.as_str(), outcome.as_ref().err()).await;
        let mut group = outcome?;
        if let Some(expect) = &expect {
            group.compare(expect);
        }
        Answer::json(&group)
    }

    /// The question in the body, which is not kept while Payple is asked.
    async fn payout_question(&self) -> Result<PayoutQuestion, Problem> {
        let body = body::read_bytes(&self.request, MAX_LIST_BYTES).await?;
        let question = PayoutQuestion::from_json(&body)?;
        let requests = question.expect.as_ref().and_then(Expectation::requests);
        if requests.is_some_and(|requests| requests.len() > MAX_EXPECTED_REQUESTS) {
            return Err(Problem::invalid_input(format!(
                "expect.requests holds more than {MAX_EXPECTED_REQUESTS} requests"
            )));
        }
        Ok(question)
    }

    async fn billing_key(&self) -> Result<Answer, Problem> {
        let (caller, office) = self.admit(Role::Lookup).await?;
        let payer_id = PayerId::new(&body::read_text(&self.request, "payerId").await?)?;
        let outcome = office.cpay.lookup(&payer_id, self.runtime(), CallOptions::default()).await;
        self.audit(&caller, office, payer_id.reveal(), outcome.as_ref().err()).await;
        Answer::json(&outcome?)
    }

    /// Lets in who has signed in and asks from here, if the settings allow a look-up at all.
    async fn admit(&self, role: Role) -> Result<(Caller, &Office), Problem> {
        let authenticator = self.authenticator()?;
        authenticator.refuse_cross_site()?;
        let caller = authenticator.caller().await?;
        self.note_emergency(&caller.identity);
        caller.require(role)?;
        let office = self.office()?;
        authenticator.count(&caller).await?;
        self.renew(&authenticator, &caller).await;
        Ok((caller, office))
    }

    async fn session(&self) -> Result<Answer, Problem> {
        let authenticator = self.authenticator()?;
        match self.request.method().as_str() {
            "POST" => {
                authenticator.refuse_cross_site()?;
                let token = body::read_text(&self.request, "token").await?;
                let (cookie, identity) = authenticator.begin_session(&token, random_id()).await?;
                self.note_emergency(identity);
                Ok(Answer::empty(204).with_header("Set-Cookie", cookie))
            }
            "DELETE" => {
                authenticator.refuse_cross_site()?;
                authenticator.end_session().await?;
                Ok(Answer::empty(204).with_header("Set-Cookie", auth::session::no_cookie()))
            }
            _ => {
                let caller = authenticator.caller().await?;
                self.note_emergency(&caller.identity);
                authenticator.count(&caller).await?;
                self.renew(&authenticator, &caller).await;
                self.who_am_i(&caller)
            }
        }
    }

    fn who_am_i(&self, caller: &Caller) -> Result<Answer, Problem> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct WhoAmI<'a> {
            environment: &'static str,
            method: &'static str,
            kind: Kind,
            #[serde(skip_serializing_if = "str::is_empty")]
            subject: &'a str,
            roles: &'a Roles,
            #[serde(skip_serializing_if = "Option::is_none")]
            expires_at: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            ends_at: Option<String>,
        }
        let environment = self.office()?.config.environment.name();
        let (method, expires_at_s, ends_at_s) = match &caller.method {
            AuthMethod::Token => ("token", None, None),
            AuthMethod::Session { session, expires_at_s: token_ends_at_s } => {
                // As the cookie has it that comes with this answer.
                let renewed = session.renewed(now_s());
                let session = renewed.as_ref().unwrap_or(session);
                let no_later =
                    |at_s: u64| Some(token_ends_at_s.map_or(at_s, |end_s| end_s.min(at_s)));
                ("token", no_later(session.expires_at_s()), no_later(session.ends_at_s()))
            }
            AuthMethod::Access { expires_at_s } => ("access", *expires_at_s, *expires_at_s),
        };
        let Identity { kind, name: subject, roles } = &caller.identity;
        let (expires_at, ends_at) = (expires_at_s.map(iso), ends_at_s.map(iso));
        Answer::json(&WhoAmI {
            environment,
            method,
            kind: *kind,
            subject,
            roles,
            expires_at,
            ends_at,
        })
    }

    async fn renew(&self, authenticator: &Authenticator<'_>, caller: &Caller) {
        if let Some(cookie) = authenticator.renewal(caller).await {
            let _ = self.renewal.set(cookie);
        }
    }

    /// Closed where there is no way to sign in.
    fn authenticator(&self) -> Result<Authenticator<'_>, Problem> {
        let sign_in = &self.house.settings.sign_in;
        if !sign_in.is_configured() {
            return Err(Problem::sign_in_not_configured());
        }
        Ok(Authenticator {
            request: &self.request,
            headers: self.request.headers(),
            context: &self.context,
            sign_in,
            memory: &self.house.visitors,
            rate_limit: Rc::new(RateLimit::new(&self.env)),
            tokens: self.binding(TOKENS).map(Kv::new),
        })
    }

    fn office(&self) -> Result<&Office, Problem> {
        self.house
            .office
            .as_ref()
            .ok_or_else(|| Problem::misconfigured(500, &self.house.settings.faults))
    }

    /// Whether all is well is for everybody; what is not, and what else there is to know, for who has signed in.
    async fn health(&self) -> Result<Answer, Problem> {
        #[derive(Serialize)]
        struct Health {
            status: &'static str,
            #[serde(flatten)]
            details: Option<Details>,
        }
        #[derive(Serialize)]
        struct Details {
            version: &'static str,
            /// How requests go to Payple.
            egress: &'static str,
        }
        let caller = match self.authenticator() {
            Ok(authenticator) => authenticator.caller().await.ok(),
            Err(_) => None,
        };
        if let Some(caller) = &caller {
            self.note_emergency(&caller.identity);
        }
        let faults = &self.house.settings.faults;
        if !faults.is_empty() {
            let faults_told: Vec<_> = faults.iter().map(ToString::to_string).collect();
            log::write(&FaultsLine { event: "faults", faults: &faults_told });
            return Err(match caller {
                Some(_) => Problem::misconfigured(503, faults),
                None => Problem::unhealthy(),
            });
        }
        let egress = if self.binding(EGRESS).is_some() { "binding" } else { "direct" };
        let details = caller.map(|_| Details { version: env!("CARGO_PKG_VERSION"), egress });
        Answer::json(&Health { status: "ok", details })
    }

    /// A file of the admin page, or the description of the API, which lies among them.
    async fn file(&self) -> Result<Response, Problem> {
        let assets = self.binding(ASSETS).ok_or_else(Problem::not_found)?;
        let file =
            fetch::fetch(&self.request, Some(&assets)).await.map_err(|_| Problem::internal())?;
        if file.status() == 404 {
            return Err(Problem::not_found());
        }
        response::of_file(&file).map_err(|_| Problem::internal())
    }

    fn runtime(&self) -> &EdgeRuntime {
        self.runtime.get_or_init(|| {
            EdgeRuntime::new(Rc::clone(&self.house), &self.env, Rc::clone(&self.context))
        })
    }

    fn binding(&self, name: &str) -> Option<JsValue> {
        binding_in(&self.env, name)
    }

    /// In live the admin token is for first steps and emergencies, so each use of it is a line of its own.
    fn note_emergency(&self, identity: &Identity) {
        let is_live = self
            .house
            .office
            .as_ref()
            .is_some_and(|office| office.config.environment == Environment::Live);
        if is_live && identity.kind == Kind::Admin {
            log::write(&EmergencyLine {
                event: "emergency",
                request_id: &self.request_id,
                who: &identity.who(),
                route: self.route.name(),
            });
        }
    }

    async fn audit(&self, caller: &Caller, office: &Office, key: &str, error: Option<&Error>) {
        let what =
            office.audit_hash(&format!("{} {key}", self.route.name())).await.unwrap_or_default();
        log::write(&AuditLine {
            event: "audit",
            request_id: &self.request_id,
            who: &caller.identity.who(),
            route: self.route.name(),
            what: &what,
            outcome: error.map_or("ok", |error| error.kind().name()),
        });
    }

    fn log(&self, status: u16, problem: Option<&Problem>) {
        let upstream = self.runtime.get().map(|runtime| {
            let (authentications, questions) = runtime.exchanges();
            Upstream { authentications, questions, token: runtime.token_source() }
        });
        log::write(&RequestLine {
            event: "request",
            request_id: &self.request_id,
            route: self.route.name(),
            status,
            kind: problem.map(Problem::kind),
            phase: problem.and_then(Problem::phase),
            code: problem.and_then(Problem::code),
            duration_ms: fetch::whole_ms(Date::now() - self.started_at_ms),
            upstream,
        });
    }
}

/// The house of an environment. The platform hands over the same object for as long as nothing in it changes, so that the
/// settings need not be read for every request.
fn house_of(env: &Env) -> Rc<House> {
    thread_local!(static LAST: Cell<Option<(JsValue, Rc<House>)>> = const { Cell::new(None) });
    let env_object: &JsValue = env.as_ref();
    let last = LAST.take().filter(|(known, _)| known == env_object);
    let (env, house) = last.unwrap_or_else(|| {
        let raw = Raw::collect(|name| setting_in(env, name), |name| is_bound(env, name));
        (env_object.clone(), House::of(raw))
    });
    LAST.set(Some((env, Rc::clone(&house))));
    house
}

fn binding_in(env: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(env, &name.into())
        .ok()
        .filter(|binding| !binding.is_undefined() && !binding.is_null())
}

/// Whether a binding is there and of use: a text in the place of one is not.
fn is_bound(env: &Env, name: &str) -> bool {
    match name {
        // One of another kind would let everybody pass.
        LOOKUP_LIMIT => env.rate_limiter(name).is_ok(),
        _ => binding_in(env, name).is_some_and(|binding| binding.is_object()),
    }
}

/// A setting as text.
fn setting_in(env: &JsValue, name: &str) -> Option<String> {
    let value = binding_in(env, name)?;
    value.as_string().or_else(|| js::to_json(&value).filter(|_| STRUCTURED.contains(&name)))
}

/// The path as it was sent, nothing decoded.
fn path_of(url: &str) -> &str {
    let rest =
        ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    let path = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or("/")
}

/// Ties an answer to its log lines. Without a random source it is all zeros, and nothing else works either.
fn random_id() -> String {
    let mut bytes = [0; 16];
    let _ = web_crypto::random(&mut bytes);
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Seconds since 1970 as ISO 8601.
fn iso(seconds: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "exact below the last date")]
    let ms = seconds.min(LAST_DATE_S).saturating_mul(1_000) as f64;
    Date::new(&ms.into()).to_iso_string().into()
}

const ASSETS: &str = "ASSETS";
const EGRESS: &str = "PAYPLE_EGRESS";
const TOKEN_BROKER: &str = "TOKEN_BROKER";

/// JavaScript's last date; to write a later one would throw.
const LAST_DATE_S: u64 = 8_640_000_000_000;

/// A list of so many expected requests has room for a hundred bytes each.
const MAX_LIST_BYTES: usize = 2 * 1024 * 1024;
/// Twice as many as the largest group that is known of. What one request costs is bounded by it.
const MAX_EXPECTED_REQUESTS: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_neither_host_nor_query() {
        assert_eq!(path_of("https://host.example/api/x?y=/z#/w"), "/api/x");
        assert_eq!(path_of("https://host.example"), "/");
        assert_eq!(path_of("https://host.example//api/%2e"), "//api/%2e");
    }

    #[test]
    fn hex_has_two_digits_a_byte() {
        assert_eq!(hex(&[0, 15, 255]), "000fff");
    }
}
