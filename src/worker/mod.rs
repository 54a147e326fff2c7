//! Face 2: a Cloudflare Worker that holds the partner's credentials and answers both look-ups for
//! callers that have signed in.
//!
//! A request passes its [`Route`], sign-in, the settings and its body, in this order, and whatever
//! stops it on the way is a [`Problem`]. Nothing here may panic: that would cost the whole isolate.

mod auth;
mod bindings;
mod crypto;
mod fields;
mod http;
mod js;
mod kv;
mod log;
mod once;
#[cfg(test)]
mod openapi_test;
mod payple;
mod records;
mod request_context;
mod route;
mod routes;
mod settings;
mod state;
mod timeout;

use std::convert::Infallible;

use web_sys::{Request, Response};
use worker::{Context, Env, event};

use self::http::problem::Problem;
use self::http::response;
use self::request_context::RequestContext;
use self::route::Route;

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response, Infallible> {
    #[cfg(feature = "fault-injection")]
    panic_for_tests(&request);
    let context = RequestContext::new(request, env, context);
    let response = match recorded(&context, respond(&context).await).await {
        Ok(response) => {
            context.log_request(response.status(), None);
            response
        }
        Err(problem) => {
            context.log_request(problem.status(), Some(&problem));
            response::of(&problem.to_answer(&context.request_id))
        }
    };
    // A session that has ended meanwhile is not renewed: its cookie may have been taken away.
    if let Some(cookie) = context.renewed_cookie()
        && response.status() != 401
    {
        // It is text of our own, which a header can hold.
        let _ = response.headers().set("Set-Cookie", cookie);
    }
    Ok(response)
}

/// The same, once a wrong token is on the record: whoever tries one, whatever the path.
async fn recorded(
    context: &RequestContext,
    outcome: Result<Response, Problem>,
) -> Result<Response, Problem> {
    if let Err(problem) = &outcome
        && let Some(who) = problem.wrong_token()
    {
        context.recorder().refused(who, problem.kind()).await?;
    }
    outcome
}

/// Hands the request to its route.
async fn respond(context: &RequestContext) -> Result<Response, Problem> {
    let route = context.route;
    if route == Route::Nothing {
        return Err(Problem::not_found());
    }
    if !route.allows(&context.request.method()) {
        return Err(match route {
            Route::Page => routes::assets::wrong_method(context).await,
            _ => Problem::method_not_allowed(route.methods()),
        });
    }
    let answer = match route {
        Route::Page | Route::Description | Route::Nothing => {
            return routes::assets::response(context).await;
        }
        Route::Health => routes::health::answer(context).await?,
        Route::Session => routes::session::answer(context).await?,
        Route::PayoutRequests => routes::payout_requests::answer(context).await?,
        Route::BillingKey => routes::billing_key::answer(context).await?,
        Route::BillingKeys => routes::billing_keys::answer(context).await?,
        Route::Actions => routes::actions::answer(context).await?,
        Route::AccessRecords => routes::access_records::answer(context).await?,
        Route::AccessSummary => routes::access_summary::answer(context).await?,
    };
    Ok(response::of(&answer))
}

/// Costs the instance with all its memory, for the tests of what then happens. Not in the build
/// that is deployed.
#[cfg(feature = "fault-injection")]
fn panic_for_tests(request: &Request) {
    #[allow(clippy::panic, reason = "this is what it is for")]
    if request_context::path_of(&request.url()) == "/panic" {
        panic!("a panic asked for by a test");
    }
}
