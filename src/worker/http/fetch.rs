//! One HTTP request out of the Worker: as it is, no redirect followed, in time and in size, body
//! included.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStream, ReadableStreamDefaultReader, Request, RequestInit,
    RequestRedirect, Response, WorkerGlobalScope,
};

use worker::worker_sys::Fetcher;

use crate::transport::{self, HttpRequest, HttpResponse, SendError};
use crate::worker::timeout::timeout;

/// What may be spent on one exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// From sending to the last byte.
    pub(crate) timeout_ms: u64,
    /// Of the body, decoded.
    pub(crate) max_bytes: usize,
}

/// A request as it leaves.
#[derive(Default)]
pub(crate) struct Outgoing {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    /// What is posted; without it the request is a `GET`.
    pub(crate) body: Option<Vec<u8>>,
}

impl TryFrom<HttpRequest> for Outgoing {
    type Error = SendError;

    fn try_from(request: HttpRequest) -> Result<Self, SendError> {
        Ok(Self {
            url: request.uri().to_string(),
            headers: transport::header_texts(&request)?,
            body: Some(request.body().reveal().as_bytes().to_vec()),
        })
    }
}

/// Sends a request by `fetcher`, or else straight to the internet, and reads the whole reply.
pub(crate) async fn exchange(
    request: Outgoing,
    fetcher: Option<&Fetcher>,
    limits: Limits,
) -> Result<HttpResponse, SendError> {
    let controller = AbortController::new().map_err(|_| SendError::Unsendable)?;
    let request = to_js(request, &controller).ok_or(SendError::Unsendable)?;
    let outcome = timeout(limits.timeout_ms, send_and_read(&request, fetcher, limits.max_bytes))
        .await
        .unwrap_or(Err(SendError::Timeout));
    if outcome.is_err() {
        // Ends what is still under way: the rest of the reply is not wanted.
        controller.abort();
    }
    outcome
}

/// Calls the `fetch` of a binding, or the global one.
pub(crate) async fn fetch(
    request: &Request,
    fetcher: Option<&Fetcher>,
) -> Result<Response, JsValue> {
    let promise = match fetcher {
        Some(fetcher) => fetcher.fetch(request)?,
        None => js_sys::global().unchecked_into::<WorkerGlobalScope>().fetch_with_request(request),
    };
    JsFuture::from(promise).await?.dyn_into()
}

/// A request or a reply: what both have.
pub(crate) trait Message {
    fn headers(&self) -> Headers;
    fn body(&self) -> Option<ReadableStream>;
    fn array_buffer(&self) -> Result<Promise, JsValue>;
}

macro_rules! message {
    ($type:ty) => {
        impl Message for $type {
            fn headers(&self) -> Headers {
                self.headers()
            }

            fn body(&self) -> Option<ReadableStream> {
                self.body()
            }

            fn array_buffer(&self) -> Result<Promise, JsValue> {
                self.array_buffer()
            }
        }
    };
}

message!(Request);
message!(Response);

/// Reads the body of a request or a reply.
///
/// The platform reads it at once, which costs a fraction, where it says itself how long it is.
/// Whoever decodes or relays it may be wrong about that, so what was read is measured as well. Any
/// other body is read piece by piece.
pub(crate) async fn read(message: &impl Message, max_bytes: usize) -> Result<Vec<u8>, SendError> {
    let Some(declared_bytes) = declared_length(&message.headers()) else {
        return read_in_pieces(message.body(), max_bytes).await;
    };
    if declared_bytes > max_bytes {
        return Err(SendError::TooLarge);
    }
    let whole = message.array_buffer().map(JsFuture::from).map_err(|_| SendError::Unreachable)?;
    let whole = Uint8Array::new(&whole.await.map_err(|_| SendError::Unreachable)?);
    let is_too_large = usize::try_from(whole.length()).is_ok_and(|bytes| bytes > max_bytes);
    let outcome = if is_too_large { Err(SendError::TooLarge) } else { Ok(whole.to_vec()) };
    release(&whole);
    outcome
}

/// Gives the memory of a buffer back at once. It would wait for a garbage collection otherwise, and
/// several large replies at once would add up to what an isolate may use. Where that cannot be
/// done, it waits.
fn release(bytes: &Uint8Array) {
    let _ = bytes.buffer().transfer_with_length(0);
}

/// `Content-Length`, where it is that of the decoded body.
fn declared_length(headers: &Headers) -> Option<usize> {
    let header = |name| headers.get(name).ok().flatten();
    header("Content-Length")?.parse().ok().filter(|_| header("Content-Encoding").is_none())
}

async fn read_in_pieces(
    body: Option<ReadableStream>,
    max_bytes: usize,
) -> Result<Vec<u8>, SendError> {
    let mut bytes = Vec::new();
    let Some(body) = body else { return Ok(bytes) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    while let Some(piece) = next_piece(&reader).await.map_err(|_| SendError::Unreachable)? {
        let length = usize::try_from(piece.length()).unwrap_or(usize::MAX);
        if bytes.len().saturating_add(length) > max_bytes {
            return Err(SendError::TooLarge);
        }
        bytes.extend_from_slice(&piece.to_vec());
    }
    Ok(bytes)
}

async fn send_and_read(
    request: &Request,
    fetcher: Option<&Fetcher>,
    max_bytes: usize,
) -> Result<HttpResponse, SendError> {
    let response = fetch(request, fetcher).await.map_err(|_| SendError::Unreachable)?;
    let (status, headers) = (response.status(), response.headers());
    let retry_after = if response.ok() { None } else { headers.get("Retry-After").ok().flatten() };
    let body = read(&response, max_bytes).await?;
    transport::response_of(status, retry_after.and_then(|text| retry_after_s(&text)), body)
}

async fn next_piece(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let result = JsFuture::from(reader.read()).await?;
    let is_done = Reflect::get(&result, &"done".into())?.is_truthy();
    Ok(if is_done { None } else { Some(Reflect::get(&result, &"value".into())?.dyn_into()?) })
}

fn to_js(request: Outgoing, controller: &AbortController) -> Option<Request> {
    let headers = Headers::new().ok()?;
    for (name, value) in &request.headers {
        headers.append(name, value).ok()?;
    }
    let init = RequestInit::new();
    init.set_headers_headers(&headers);
    if let Some(body) = &request.body {
        init.set_method("POST");
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&controller.signal()));
    Request::new_with_str_and_init(&request.url, &init).ok()
}

/// `Retry-After` in seconds, given as such or as a date.
fn retry_after_s(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(u64::from(seconds));
    }
    let wait_ms = js_sys::Date::parse(text) - js_sys::Date::now();
    (!wait_ms.is_nan()).then_some(whole_ms(wait_ms).div_ceil(1000))
}

/// Milliseconds as JavaScript counts them, without a fraction; a negative number becomes 0.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float saturates"
)]
pub(crate) fn whole_ms(ms: f64) -> u64 {
    ms as u64
}
