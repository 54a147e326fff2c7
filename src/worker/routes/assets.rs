//! The admin page's files, and the description of the API, which lies among them.

use web_sys::Response;

use crate::worker::bindings::ASSETS;
use crate::worker::http::fetch;
use crate::worker::http::problem::Problem;
use crate::worker::http::response;
use crate::worker::request_context::RequestContext;

/// The file of the request's path.
pub(crate) async fn response(context: &RequestContext) -> Result<Response, Problem> {
    let assets = context.service(ASSETS).ok_or_else(Problem::not_found)?;
    let file =
        fetch::fetch(&context.request, Some(&assets)).await.map_err(|_| Problem::internal())?;
    if file.status() == 404 {
        return Err(Problem::not_found());
    }
    response::of_file(&file).map_err(|_| Problem::internal())
}
