//! Requests to the office.

use super::{clock, gzip, timer};
use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::Uint8Array;
use std::rc::Rc;
use sync::wire::{SUM_HEADER, is_whole, sum};
use web_sys::{AbortController, RequestCache, RequestCredentials};

/// Below this size compressing gains nothing.
const GZIP_BYTES_MIN: usize = 256;
/// An answer that began is read for so long at most.
const WHOLE_MS: i64 = 5 * 60_000;

/// A request.
pub(crate) struct Request {
    /// `GET`, `HEAD`, `POST`, `PUT` or `PATCH`.
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    /// Whether the body goes up compressed.
    pub(crate) gzip: bool,
}

/// An answer, whatever its status.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) bytes: Vec<u8>,
    pub(crate) content_type: String,
    /// `Retry-After` in milliseconds.
    pub(crate) retry_after_ms: Option<i64>,
    pub(crate) upload_offset: Option<u64>,
    /// From sending to the last byte.
    pub(crate) took_ms: i64,
}

/// No answer came, or one cut short or damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub(crate) struct NoAnswer {
    /// It failed at once, as a refused certificate does.
    pub(crate) at_once: bool,
}

/// Gives up a request.
#[derive(Clone)]
pub(crate) struct Abort(Rc<Option<AbortController>>);

impl Abort {
    pub(crate) fn new() -> Abort {
        Abort(Rc::new(AbortController::new().ok()))
    }

    pub(crate) fn abort(&self) {
        if let Some(controller) = self.0.as_ref() {
            controller.abort();
        }
    }
}

/// Sends a request and reads the whole answer.
///
/// # Errors
/// When no whole answer came.
pub(crate) async fn send(request: Request, abort: &Abort) -> Result<Answer, NoAnswer> {
    let started = clock::monotonic_ms();
    send_built(request, abort, started)
        .await
        .map_err(|_| NoAnswer { at_once: clock::monotonic_ms() - started < 1_000 })
}

/// As [`send`], given up when no answer begins in time, or one that began takes far too long: a line that says nothing keeps nobody
/// waiting for ever, and a slow one may carry a large file. A page of HTML is no answer: it is a portal's, which answers everything.
///
/// # Errors
/// When no whole answer came in time.
pub(crate) async fn send_within(request: Request, within_ms: i64) -> Result<Answer, NoAnswer> {
    let abort = Abort::new();
    let give_up_after = |ms| {
        let late = abort.clone();
        timer::after(ms, move || late.abort())
    };
    let failed = |_| NoAnswer { at_once: false };
    let started = clock::monotonic_ms();
    let response = {
        let _watch = give_up_after(within_ms);
        begin(request, &abort).await.map_err(failed)?
    };
    let _watch = give_up_after(WHOLE_MS);
    let answer = read(response, started).await.map_err(failed)?;
    let is_portal = answer.content_type.starts_with("text/html");
    if is_portal { Err(NoAnswer { at_once: false }) } else { Ok(answer) }
}

async fn send_built(request: Request, abort: &Abort, started: i64) -> Result<Answer, gloo_net::Error> {
    read(begin(request, abort).await?, started).await
}

/// Sends a request; the head of its answer has come.
async fn begin(request: Request, abort: &Abort) -> Result<Response, gloo_net::Error> {
    let method = match request.method {
        "HEAD" => Method::HEAD,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        _ => Method::GET,
    };
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(abort.0.as_ref().as_ref().map(AbortController::signal).as_ref());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    match request.body {
        None => builder.send().await,
        Some(body) => {
            builder = builder.header(SUM_HEADER, &sum(&body));
            let small = match request.gzip && body.len() >= GZIP_BYTES_MIN {
                true => gzip::compress(&body).await,
                false => None,
            };
            if small.is_some() {
                builder = builder.header("Content-Encoding", "gzip");
            }
            builder.body(Uint8Array::from(small.unwrap_or(body).as_slice()))?.send().await
        }
    }
}

async fn read(response: Response, started: i64) -> Result<Answer, gloo_net::Error> {
    let headers = response.headers();
    let bytes = response.binary().await?;
    if !is_whole(&bytes, headers.get(SUM_HEADER).as_deref()) {
        return Err(gloo_net::Error::GlooError("damaged on its way".to_owned()));
    }
    Ok(Answer {
        status: response.status(),
        bytes,
        content_type: headers.get("content-type").unwrap_or_default(),
        retry_after_ms: headers
            .get("retry-after")
            .and_then(|text| text.parse::<i64>().ok())
            .map(|seconds| seconds * 1_000),
        upload_offset: headers.get("upload-offset").and_then(|text| text.parse().ok()),
        took_ms: clock::monotonic_ms() - started,
    })
}
