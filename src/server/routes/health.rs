//! Whether the server works.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use crate::{error::ApiError, state::App};

/// `GET /healthz`: reads one row.
pub(crate) async fn healthz(State(app): State<App>) -> Result<&'static str, ApiError> {
    app.db.areas().await?;
    Ok("ok\n")
}

/// `GET /metrics` in the text form that Prometheus reads.
pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, ApiError> {
    let areas = app.db.areas().await?.len();
    let accounts = app.db.accounts().await?.len();
    let free = app.queue.available_permits();
    // 0 where none was ever verified: an alarm on the age sounds then too.
    let backup = app.db.last_backup().await?.map_or(0, |backup| backup.made_at / 1000);
    let text = format!(
        "# TYPE huifang_areas gauge\nhuifang_areas {areas}\n# TYPE huifang_accounts gauge\nhuifang_accounts {accounts}\n\
         # TYPE huifang_queue_free gauge\nhuifang_queue_free {free}\n\
         # TYPE huifang_backup_verified_seconds gauge\nhuifang_backup_verified_seconds {backup}\n"
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
