//! Turns answers into `Response`s, with the security headers on every one.

use std::cell::OnceCell;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use web_sys::{Headers, Response, ResponseInit};

use super::answer::Answer;
use super::security_headers::{FOR_DATA, FOR_PAGE};

/// The response of an answer of our own. All of it is our own text, so it can be formed; if not,
/// the platform's own error stands in for it.
pub(crate) fn of(answer: &Answer) -> Response {
    form(answer).unwrap_or_else(|_| Response::error())
}

fn form(answer: &Answer) -> Result<Response, JsValue> {
    let headers = headers_for_data()?;
    for (name, value) in &answer.headers {
        headers.set(name, value)?;
    }
    let body = (!answer.body.is_empty()).then(|| Uint8Array::from(answer.body.as_slice()));
    Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init(answer.status, &headers))
}

/// A file of the admin page as the asset store gave it, its stream untouched.
pub(crate) fn of_file(file: &Response) -> Result<Response, JsValue> {
    let headers = Headers::new_with_headers(&file.headers())?;
    set_all(&headers, &FOR_PAGE)?;
    Response::new_with_opt_readable_stream_and_init(
        file.body().as_ref(),
        &init(file.status(), &headers),
    )
}

/// A copy of headers that are set once: to set each on every answer costs more than all else about
/// them.
fn headers_for_data() -> Result<Headers, JsValue> {
    thread_local!(static KEPT: OnceCell<Headers> = const { OnceCell::new() });
    KEPT.with(|kept| {
        if let Some(headers) = kept.get() {
            return Headers::new_with_headers(headers);
        }
        let headers = Headers::new()?;
        set_all(&headers, &FOR_DATA)?;
        Headers::new_with_headers(kept.get_or_init(|| headers))
    })
}

fn set_all(headers: &Headers, pairs: &[(&str, &str)]) -> Result<(), JsValue> {
    pairs.iter().try_for_each(|(name, value)| headers.set(name, value))
}

fn init(status: u16, headers: &Headers) -> ResponseInit {
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers_headers(headers);
    init
}
