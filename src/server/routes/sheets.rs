//! `POST /api/v1/sheets`: a photo of a printed sheet goes in, the page that its code names comes out. Nothing of the photo is kept.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde_json::{Value, json};
use uuid::Uuid;

use super::imports::BUSY_MS;
use crate::{
    auth::Reader,
    body::{self, BodyLimits},
    error::ApiError,
    photos::codes::CodesError,
    state::App,
};

/// Pages of which the app prints sheets.
const PAGES: [&str; 3] = ["visits", "recipients", "needs"];

/// Reads the code.
pub(crate) async fn read(
    State(app): State<App>,
    Reader(_): Reader,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let bytes = body::bytes(&headers, body, BodyLimits::PHOTO).await?;
    let codes = app.workers.read_codes(bytes.to_vec()).await.map_err(refused)?;
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

fn refused(error: CodesError) -> ApiError {
    let say = error.to_string();
    match error {
        CodesError::Photo(error) => {
            ApiError::Refused("photo_refused", json!({ "why": error.word(), "say": say }))
        }
        CodesError::TooLong => ApiError::Refused("too_long", json!({ "say": say })),
        CodesError::TooMuchMemory => ApiError::Refused("too_much_memory", json!({ "say": say })),
        CodesError::Busy => ApiError::Busy { wait_ms: BUSY_MS },
        CodesError::Worker { why } => ApiError::Internal(anyhow::anyhow!("codes worker: {why}")),
    }
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
