//! `GET /api/openapi.json`: what the API takes and answers.

use axum::Json;
use utoipa::openapi::OpenApi;

use crate::document;

/// The document, made anew: nobody asks often.
pub(crate) async fn document() -> Json<OpenApi> {
    Json(document::document())
}
