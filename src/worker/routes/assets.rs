//! The admin page's files, and the description of the API, which lies among them.

use web_sys::{Request, RequestInit, Response};

use crate::worker::bindings::ASSETS;
use crate::worker::http::fetch;
use crate::worker::http::problem::Problem;
use crate::worker::http::response;
use crate::worker::request_context::RequestContext;

/// The file of the request's path.
pub(crate) async fn response(context: &RequestContext) -> Result<Response, Problem> {
    let file = file(context, &context.request).await?;
    response::of_file(&file).map_err(|_| Problem::internal())
}

/// The problem of a request by a method that no file answers: where there is no file, it is not the
/// method that is wrong.
pub(crate) async fn wrong_method(context: &RequestContext) -> Problem {
    let init = RequestInit::new();
    init.set_method("HEAD");
    let found = match Request::new_with_str_and_init(&context.request.url(), &init) {
        Ok(request) => file(context, &request).await,
        Err(_) => Err(Problem::internal()),
    };
    found.err().unwrap_or_else(|| Problem::method_not_allowed(context.route.methods()))
}

async fn file(context: &RequestContext, request: &Request) -> Result<Response, Problem> {
    let assets = context.service(ASSETS).ok_or_else(Problem::not_found)?;
    let file = fetch::fetch(request, Some(&assets)).await.map_err(|_| Problem::internal())?;
    if file.status() == 404 { Err(Problem::not_found()) } else { Ok(file) }
}
