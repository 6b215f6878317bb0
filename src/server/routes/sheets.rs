//! `POST /api/v1/sheets`: a photo of a printed sheet goes in, the page that its code names comes out. Nothing of the photo is kept.

use axum::{Json, body::Body, http::HeaderMap};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    photos::{self, PhotoError},
};

/// Pages of which the app prints sheets.
const PAGES: [&str; 3] = ["visits", "recipients", "needs"];

/// Reads the code.
pub(crate) async fn read(Reader(_): Reader, headers: HeaderMap, body: Body) -> Result<Json<Value>, ApiError> {
    let bytes = body::bytes(&headers, body, BodyLimits::PHOTO).await?;
    let codes = tokio::task::spawn_blocking(move || photos::codes(&bytes))
        .await
        .map_err(|error| anyhow::anyhow!("reading a sheet: {error}"))?
        .map_err(refused)?;
    let path = codes.iter().find_map(|code| page(code)).ok_or_else(no_code)?;
    Ok(Json(json!({ "path": path })))
}

/// `/visits/…` of a code of ours, whatever the address was at which it was printed.
fn page(code: &str) -> Option<String> {
    let (_, rest) = code.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    let (page, id) = path.split_once('/')?;
    let id = Uuid::try_parse(id).ok()?;
    PAGES.contains(&page).then(|| format!("/{page}/{id}"))
}

fn no_code() -> ApiError {
    let say =
        "no code of a printed sheet is on the photo: take it from above, the whole sheet, without shadow";
    ApiError::Refused("no_code", json!({ "say": say }))
}

fn refused(error: PhotoError) -> ApiError {
    let word = match error {
        PhotoError::Format => "photo_format",
        PhotoError::Decode => "photo_decode",
        PhotoError::TooLarge => "photo_too_large",
    };
    ApiError::Refused(word, json!({ "say": error.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_printed_sheets_name_a_page() {
        let id = Uuid::from_u128(7);
        assert_eq!(page(&format!("https://huifang.test/visits/{id}")), Some(format!("/visits/{id}")));
        assert_eq!(page(&format!("http://127.0.0.1:8080/needs/{id}")), Some(format!("/needs/{id}")));
        for foreign in [
            format!("https://huifang.test/office/{id}"),
            format!("https://huifang.test/visits/{id}/form"),
            format!("/visits/{id}"),
            "https://huifang.test/visits/1".to_owned(),
            "weixin://dl/business".to_owned(),
            String::new(),
        ] {
            assert_eq!(page(&foreign), None, "{foreign}");
        }
    }
}
