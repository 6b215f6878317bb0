//! `GET /api/v1/lists/{name}`: tables for desks.

use axum::{
    Json,
    extract::{Path, Query, State},
};

use crate::{
    auth::Reader,
    db::{ListPage, ListQuery},
    error::ApiError,
    state::App,
};

/// A page of a table.
pub(crate) async fn list(
    State(app): State<App>,
    Reader(who): Reader,
    Path(name): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Json<ListPage>, ApiError> {
    let query = ListQuery { name, ..query };
    Ok(Json(app.db.list(&who, &query).await?))
}
