//! `POST /api/v1/sync`: hello, push, pull and purged, in this order, in one answer.

use axum::{Json, body::Body, extract::State, http::HeaderMap};
use serde_json::json;
use sync::{
    authority::Batch,
    wire::{PurgedAnswer, SyncAnswer, SyncRequest, WIRE_VERSION},
};

use crate::{
    auth::Holder,
    body::{self, BodyLimits},
    db::{AuditEntry, Caller},
    error::ApiError,
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
    if request.v != WIRE_VERSION {
        return Err(ApiError::BadRequest("v"));
    }
    if request.device != who.device {
        return Err(ApiError::BadRequest("device"));
    }
    // A malformed envelope is refused before any section is worked through.
    if let Some(push) = &request.push {
        Batch::check(push).map_err(|_| ApiError::BadRequest("push"))?;
    }
    let _turn = app.gate.enter(who.device).await?;
    sections(&app, &who, request).await.map(Json)
}

async fn sections(app: &App, who: &Caller, request: SyncRequest) -> Result<SyncAnswer, ApiError> {
    let now = app.clock.now();
    if !who.synced && request.hello.is_none() {
        app.db.note_synced(who, now).await?;
    }
    let mut answer =
        SyncAnswer { v: WIRE_VERSION, t: now, hello: None, push: None, pull: None, purged: None };
    if let Some(hello) = &request.hello {
        answer.hello = Some(app.db.hello(who, request.inc, hello, now).await?);
    }
    if let Some(push) = &request.push {
        answer.push = Some(app.db.push(who, request.inc, push, now).await?);
    }
    if let Some(pull) = &request.pull {
        answer.pull = Some(app.db.pull(who, pull).await?);
    }
    if let Some(purged) = &request.purged {
        let detail = json!({"scope_rev": purged.scope_rev, "areas": purged.areas, "rows": purged.rows});
        app.db.note(AuditEntry::of(who, "purged", detail, now)).await?;
        answer.purged = Some(PurgedAnswer { ok: true });
    }
    answer.t = app.clock.now();
    Ok(answer)
}
