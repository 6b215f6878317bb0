//! `GET /api/v1/lists/{name}`: tables for desks.

use axum::{Json, extract::State};

use crate::{
    asked::Asked,
    auth::Reader,
    db::{Caller, ListPage, ListQuery},
    error::ApiError,
    state::App,
};

/// Families by village.
pub(crate) async fn recipients(
    State(app): State<App>,
    Reader(who): Reader,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<ListPage>, ApiError> {
    page(&app, &who, query, "recipients").await
}

/// The audit chain.
pub(crate) async fn audit(
    State(app): State<App>,
    Reader(who): Reader,
    Asked(query): Asked<ListQuery>,
) -> Result<Json<ListPage>, ApiError> {
    page(&app, &who, query, "audit").await
}

async fn page(app: &App, who: &Caller, query: ListQuery, name: &str) -> Result<Json<ListPage>, ApiError> {
    let query = ListQuery { name: name.to_owned(), ..query };
    Ok(Json(app.db.list(who, &query).await?))
}
