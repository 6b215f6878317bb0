//! Request bodies: limits before and after inflating, and words for what is wrong with them.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::map_request,
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use std::{io::Read, time::Duration};
use sync::{
    limits,
    wire::{SUM_HEADER, is_whole, sum},
};
use tower_http::timeout::{DeadlineBody, TimeoutBody, TimeoutError};

use crate::error::ApiError;

/// A body of which nothing comes for so long is given up; the line of a village may be still for some seconds.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// A body that has not come whole by then is given up, though a little of it comes now and then: 256 KiB at 2.5 kbit/s.
const BODY_TIME_MAX: Duration = Duration::from_secs(15 * 60);

/// Small JSON requests: login, enrolment, lists.
const SMALL_BYTES_MAX: usize = 16 * 1024;

/// Nonce and tag of a sealed chunk.
const SEAL_BYTES: usize = 24 + 16;

/// How large a body may be, as sent and inflated.
#[derive(Clone, Copy)]
pub struct BodyLimits {
    pub sent_bytes_max: usize,
    pub inflated_bytes_max: usize,
}

impl BodyLimits {
    /// Of a sync.
    pub const SYNC: BodyLimits = BodyLimits {
        sent_bytes_max: limits::PUSH_COMPRESSED_BYTES_MAX,
        inflated_bytes_max: limits::PUSH_INFLATED_BYTES_MAX,
    };
    /// Of the decisions about a list's villages.
    pub const COMMIT: BodyLimits = BodyLimits {
        sent_bytes_max: limits::PUSH_COMPRESSED_BYTES_MAX,
        inflated_bytes_max: limits::PUSH_INFLATED_BYTES_MAX,
    };
    /// Of a photo that comes whole.
    pub const PHOTO: BodyLimits =
        BodyLimits { sent_bytes_max: limits::BLOB_BYTES_MAX, inflated_bytes_max: limits::BLOB_BYTES_MAX };
    /// Of one chunk, which may come sealed.
    pub const CHUNK: BodyLimits = BodyLimits {
        sent_bytes_max: limits::BLOB_CHUNK_BYTES + SEAL_BYTES,
        inflated_bytes_max: limits::BLOB_CHUNK_BYTES + SEAL_BYTES,
    };
    /// Of everything small.
    pub const SMALL: BodyLimits =
        BodyLimits { sent_bytes_max: SMALL_BYTES_MAX, inflated_bytes_max: SMALL_BYTES_MAX };
}

/// The JSON value of a body, plain or gzip.
///
/// # Errors
/// When the content type is not JSON, a limit is passed, the body was damaged on its way or the JSON is not of the shape of `T`.
pub async fn json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    limits: BodyLimits,
) -> Result<T, ApiError> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.split(';').next().map(str::trim) != Some("application/json") {
        return Err(ApiError::NotJson);
    }
    let text = bytes(headers, body, limits).await?;
    serde_json::from_slice(&text).map_err(|_| ApiError::BadRequest("json"))
}

/// The bytes of a body, inflated where they came as gzip.
///
/// # Errors
/// When a limit is passed, the gzip is cut short or damaged, or the text is not the one whose sum its sender named (E5).
pub async fn bytes(headers: &HeaderMap, body: Body, limits: BodyLimits) -> Result<Bytes, ApiError> {
    let sent = collect(headers, body, limits.sent_bytes_max).await?;
    let text = match headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()) {
        None | Some(b"identity") => sent,
        Some(b"gzip") => inflate(&sent, limits.inflated_bytes_max).map(Bytes::from)?,
        Some(_) => return Err(ApiError::NotJson),
    };
    let said = headers.get(SUM_HEADER).map(|value| value.to_str().unwrap_or_default());
    if is_whole(&text, said) { Ok(text) } else { Err(ApiError::Damaged) }
}

/// JSON answers name their sum (E5): they lie in memory whole, and what inflates them on a phone looks at no checksum.
pub async fn sum_answer(response: Response) -> Response {
    let is_json = |value: &HeaderValue| value.as_bytes().starts_with(b"application/json");
    if !response.headers().get(header::CONTENT_TYPE).is_some_and(is_json) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(text) => {
            if let Ok(value) = HeaderValue::try_from(sum(&text)) {
                parts.headers.insert(SUM_HEADER, value);
            }
            Response::from_parts(parts, Body::from(text))
        }
        Err(error) => ApiError::Internal(error.into()).into_response(),
    }
}

async fn collect(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Bytes, ApiError> {
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max) {
        return Err(ApiError::TooLarge);
    }
    axum::body::to_bytes(body, bytes_max).await.map_err(|error| {
        let causes = || std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        if causes().any(|cause| cause.to_string().contains("length limit exceeded")) {
            ApiError::TooLarge
        } else if causes().any(|cause| cause.is::<TimeoutError>()) {
            ApiError::TooSlow
        } else {
            ApiError::BadRequest("body cut short")
        }
    })
}

/// Routes of which no body is waited for longer than [`SILENCE_MAX`] or taken in longer than [`BODY_TIME_MAX`]: what was true of its sender at the
/// head is true for no longer than that, and a connection is not held for ever.
pub fn bounded_in_time<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    bounded(routes, SILENCE_MAX, BODY_TIME_MAX)
}

fn bounded<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    silence: Duration,
    whole: Duration,
) -> Router<S> {
    let within = move |body| Body::new(TimeoutBody::new(silence, DeadlineBody::new(whole, body)));
    routes.layer(map_request(move |request: Request| std::future::ready(request.map(within))))
}

fn inflate(sent: &[u8], bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let mut inflated = Vec::new();
    let read = GzDecoder::new(sent).take(bytes_max as u64 + 1).read_to_end(&mut inflated);
    if inflated.len() > bytes_max {
        return Err(ApiError::TooLarge);
    }
    read.map_err(|_| ApiError::Damaged)?;
    Ok(inflated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use futures::StreamExt;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// I25.
    #[tokio::test]
    async fn a_body_has_as_many_bytes_as_are_allowed_and_not_one_more() {
        const LIMITS: BodyLimits = BodyLimits { sent_bytes_max: 200, inflated_bytes_max: 1_000 };
        let read = async |sent: Vec<u8>, is_gzip: bool, is_announced: bool| {
            let mut headers = HeaderMap::new();
            if is_gzip {
                headers.insert(header::CONTENT_ENCODING, "gzip".parse().unwrap());
            }
            if is_announced {
                headers.insert(header::CONTENT_LENGTH, sent.len().into());
            }
            bytes(&headers, Body::from(sent), LIMITS).await.map(|bytes| bytes.len())
        };
        for is_announced in [false, true] {
            assert_eq!(read(vec![7; 200], false, is_announced).await.unwrap(), 200);
            let refused = read(vec![7; 201], false, is_announced).await;
            assert!(matches!(refused, Err(ApiError::TooLarge)), "{refused:?}");
            assert_eq!(read(gzip(&[7; 1_000]), true, is_announced).await.unwrap(), 1_000);
            let refused = read(gzip(&[7; 1_001]), true, is_announced).await;
            assert!(matches!(refused, Err(ApiError::TooLarge)), "{refused:?}");
        }
    }

    /// E5.
    #[tokio::test]
    async fn a_body_whose_sum_is_another_is_bad() {
        let read = async |sent: Vec<u8>, said: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(SUM_HEADER, said.parse().unwrap());
            bytes(&headers, Body::from(sent), BodyLimits::SMALL).await
        };
        let said = sum(b"{}");
        assert_eq!(read(b"{}".to_vec(), &said).await.unwrap(), Bytes::from_static(b"{}"));
        for (sent, said) in [(b"{ }".to_vec(), said.as_str()), (b"{}".to_vec(), ""), (b"{}".to_vec(), "0")] {
            assert!(matches!(read(sent, said).await, Err(ApiError::Damaged)));
        }
    }

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(60 * 60);

    /// What becomes of a request whose body comes like this, where silence and the whole of it are bounded so.
    async fn received(body: Body, silence: Duration, whole: Duration) -> u16 {
        let take = async |headers: HeaderMap, body: Body| -> Result<String, ApiError> {
            let bytes = super::bytes(&headers, body, BodyLimits::SMALL).await?;
            Ok(bytes.len().to_string())
        };
        let routes = bounded(Router::new().route("/", axum::routing::post(take)), silence, whole);
        let request = axum::http::Request::post("/").body(body).unwrap();
        tower::ServiceExt::oneshot(routes, request).await.unwrap().status().as_u16()
    }

    /// A piece each millisecond.
    fn drip() -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> {
        futures::stream::repeat(()).then(async |()| {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(Bytes::from_static(b"a"))
        })
    }

    #[tokio::test]
    async fn a_body_that_is_withheld_is_given_up_and_a_slow_one_is_waited_for() {
        let still = || Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
        assert_eq!(received(Body::from_stream(drip().take(3)), LONG, LONG).await, 200);
        assert_eq!(received(still(), SHORT, LONG).await, 408, "nothing comes");
        assert_eq!(received(Body::from_stream(drip()), LONG, SHORT).await, 408, "for ever a little");
    }

    /// I25.
    #[test]
    fn a_bomb_is_too_large_and_a_cut_gzip_is_damaged() {
        let bomb = gzip(&vec![0; 4 * 1024 * 1024]);
        assert!(matches!(inflate(&bomb, 1024 * 1024), Err(ApiError::TooLarge)));
        let whole = gzip(b"{\"v\":1}");
        assert_eq!(inflate(&whole, 100).unwrap(), b"{\"v\":1}");
        for length in 0..whole.len() {
            assert!(matches!(inflate(&whole[..length], 100), Err(ApiError::Damaged)), "{length}");
        }
    }
}
