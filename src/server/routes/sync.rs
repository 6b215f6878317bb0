//! `POST /api/v1/sync`.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use sync::wire::{SyncAnswer, SyncRequest};

use crate::{
    auth::Holder,
    body::{self, BodyLimits},
    error::ApiError,
    exchange,
    state::App,
};

/// What a device is told to wait when too many ask at once.
const BUSY_MS: i64 = 2_000;

/// Works through the sections of a sync.
pub(crate) async fn sync(
    State(app): State<App>,
    Holder(who): Holder,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SyncAnswer>, ApiError> {
    let _place = app.queue.try_acquire().map_err(|_| ApiError::Busy { wait_ms: BUSY_MS })?;
    let request: SyncRequest = body::json(&headers, body, BodyLimits::SYNC).await?;
    exchange::check(&who, &request)?;
    let _turn = app.gate.enter(who.device).await?;
    app.syncs.count(who.device, app.config.limits.syncs, app.clock.now())?;
    let mut answer = exchange::answer(app.db.as_ref(), &who, &request, app.clock.now()).await?;
    answer.t = app.clock.now();
    Ok(Json(answer))
}
