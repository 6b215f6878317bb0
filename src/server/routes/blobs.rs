//! `/api/v1/blobs/{sha256}`: photos arrive in chunks and are served to whoever may see a record that attaches them.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::ops::Range;
use sync::{id::BlobHash, wire::BlobState};

use crate::{
    asked::{Asked, Named},
    auth::{Holder, Reader},
    body::{self, BodyLimits},
    error::ApiError,
    intake::{self, Announcement},
    photos,
    state::App,
};

const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const CHUNK_SHA_256: HeaderName = HeaderName::from_static("chunk-sha-256");
/// `PUT`: creates or finds an upload.
pub(crate) async fn announce(
    State(app): State<App>,
    Holder(who): Holder,
    Named(hash): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let hash = parse(&hash)?;
    let said: Announcement = body::json(&headers, body, BodyLimits::SMALL).await?;
    let _turn = app.gate.enter(who.device).await?;
    let share = app.config.limits.upload_bytes();
    let offset = intake::announce(&app, who.device, hash, said, Some(share)).await?;
    Ok(Json(json!({"offset": offset})))
}

/// `PATCH`: takes one chunk.
pub(crate) async fn add_chunk(
    State(app): State<App>,
    Holder(who): Holder,
    Named(hash): Named<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let hash = parse(&hash)?;
    let offset: u64 = number(&headers, UPLOAD_OFFSET).ok_or(ApiError::BadRequest("Upload-Offset"))?;
    let sent = body::bytes(&headers, body, BodyLimits::CHUNK).await.map_err(|error| match error {
        ApiError::TooLarge | ApiError::Damaged => ApiError::BadChunk,
        other => other,
    })?;
    intake::check_hash(
        &sent,
        headers.get(CHUNK_SHA_256).and_then(|value| value.to_str().ok()).unwrap_or_default(),
    )?;
    let _turn = app.gate.enter(who.device).await?;
    let end = intake::add_chunk(&app, hash, offset, sent).await?;
    Ok((StatusCode::NO_CONTENT, [(UPLOAD_OFFSET, end.to_string())]).into_response())
}

/// `GET …/state`: how far the upload is. It tells nothing about the content and needs no session.
pub(crate) async fn state(
    State(app): State<App>,
    Holder(_): Holder,
    Named(hash): Named<String>,
) -> Result<Json<BlobState>, ApiError> {
    let row = app.db.blob_find(parse(&hash)?).await?;
    Ok(Json(crate::db::blob_state(row.as_ref())))
}

/// `?w=320`: the small picture.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReadQuery {
    w: Option<u32>,
}

/// `GET`: the server's own copy.
pub(crate) async fn read(
    State(app): State<App>,
    Reader(who): Reader,
    Named(hash): Named<String>,
    Asked(query): Asked<ReadQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let hash = parse(&hash).map_err(|_| ApiError::NotFound)?;
    let row = app.db.blob_readable(&who, hash, app.clock.now()).await?;
    let bytes = match query.w {
        Some(photos::THUMBNAIL_WIDTH) if intake::is_picture(&row.kind) => {
            intake::thumbnail(&app, &row).await?
        }
        None => app.blobs.file(row.hash).await?,
        Some(_) => return Err(ApiError::BadRequest("w")),
    };
    Ok(file_response(bytes, &headers))
}

fn file_response(bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    let total = bytes.len();
    let content_type = photos::content_type(&bytes);
    let range =
        headers.get(header::RANGE).and_then(|value| value.to_str().ok()).and_then(|text| range(text, total));
    let mut response = match range {
        None => Bytes::from(bytes).into_response(),
        Some(None) => StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
        Some(Some(part)) => {
            let content_range = format!("bytes {}-{}/{total}", part.start, part.end - 1);
            let part = Bytes::from(bytes).slice(part);
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, content_range)], part).into_response()
        }
    };
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    set.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let named = match content_type {
        "image/jpeg" => "attachment; filename=\"huifang.jpg\"",
        "image/png" => "attachment; filename=\"huifang.png\"",
        _ => "attachment; filename=\"huifang.bin\"",
    };
    set.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(named));
    set.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    response
}

/// One range of bytes; `Some(None)` if it lies outside, `None` if the header is of another form and is ignored.
fn range(text: &str, total: usize) -> Option<Option<Range<usize>>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = if first.is_empty() {
        total.saturating_sub(last.parse().ok()?)..total
    } else {
        let end =
            if last.is_empty() { total } else { last.parse::<usize>().ok()?.saturating_add(1).min(total) };
        first.parse().ok()?..end
    };
    Some(Some(range).filter(|range| range.start < range.end))
}

fn number(headers: &HeaderMap, name: HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn parse(hash: &str) -> Result<BlobHash, ApiError> {
    hash.parse().map_err(|_| ApiError::BadRequest("sha256"))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_read_as_browsers_write_them() {
        let check = |text, expected| assert_eq!(range(text, 100), expected, "{text}");
        check("bytes=0-9", Some(Some(0..10)));
        check("bytes=90-", Some(Some(90..100)));
        check("bytes=-10", Some(Some(90..100)));
        check("bytes=95-200", Some(Some(95..100)));
        check("bytes=100-", Some(None));
        check("bytes=9-1", Some(None));
        check("lines=1-2", None);
    }
}
