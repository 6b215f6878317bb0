//! Whether the server works, and how it is.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use std::fmt::Write;

use crate::{
    address::Beside,
    auth::Reader,
    error::ApiError,
    health::{self, Health},
    state::App,
};

/// `GET /healthz`: reads one row.
pub(crate) async fn healthz(State(app): State<App>) -> Result<&'static str, ApiError> {
    app.db.areas().await?;
    Ok("ok\n")
}

/// `GET /api/v1/health`.
pub(crate) async fn read(State(app): State<App>, Reader(_): Reader) -> Result<Json<Health>, ApiError> {
    Ok(Json(health::look(&app).await?))
}

/// `GET /metrics` in the text form that Prometheus reads, for a collector on this machine.
pub(crate) async fn metrics(State(app): State<App>, _: Beside) -> Result<Response, ApiError> {
    let health = health::look(&app).await?;
    let mut text = String::new();
    let mut gauge = |name: &str, value: u64| {
        let _ = writeln!(text, "# TYPE huifang_{name} gauge\nhuifang_{name} {value}");
    };
    gauge("areas", app.db.areas().await?.len() as u64);
    gauge("accounts", app.db.accounts().await?.len() as u64);
    gauge("queue_free", app.queue.available_permits() as u64);
    let urgent = health.alarms.iter().filter(|alarm| alarm.urgent).count();
    gauge("alarms", health.alarms.len() as u64);
    gauge("alarms_urgent", urgent as u64);
    // 0 where none was ever verified: an alarm on the age sounds then too.
    let seconds = |at: i64| (at / 1000).unsigned_abs();
    gauge("backup_verified_seconds", health.backup_at.map_or(0, seconds));
    for disk in &health.disks {
        let holds = match disk.holds {
            health::Holds::Data => "data_free_bytes",
            health::Holds::Backups => "backups_free_bytes",
        };
        gauge(holds, disk.free);
    }
    if let Some(certificate) = health.certificate {
        gauge("certificate_ends_seconds", certificate.ends_at.map_or(0, seconds));
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
