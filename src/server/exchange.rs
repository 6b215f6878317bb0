//! One sync: hello, push, pull and purged, in this order, in one answer.

use serde_json::json;
use sync::{
    authority::Batch,
    wire::{PurgedAnswer, SyncAnswer, SyncRequest, WIRE_VERSION},
};

use crate::db::{AuditEntry, Caller, Database, DbError};

/// Refuses a malformed envelope before any section is worked through.
///
/// # Errors
/// When the version, the device or the push is not as it must be.
pub fn check(who: &Caller, request: &SyncRequest) -> Result<(), DbError> {
    if request.v != WIRE_VERSION {
        return Err(DbError::BadRequest("v"));
    }
    if request.device != who.device {
        return Err(DbError::BadRequest("device"));
    }
    match &request.push {
        Some(push) => Batch::check(push).map_err(|_| DbError::BadRequest("push")),
        None => Ok(()),
    }
}

/// Works through the sections of a sync.
///
/// # Errors
/// When the database fails; what was committed before that stays.
pub async fn answer(
    db: &dyn Database,
    who: &Caller,
    request: &SyncRequest,
    now: i64,
) -> Result<SyncAnswer, DbError> {
    if !who.synced && request.hello.is_none() {
        db.note_synced(who, now).await?;
    }
    let mut answer =
        SyncAnswer { v: WIRE_VERSION, t: now, hello: None, push: None, pull: None, purged: None };
    if let Some(hello) = &request.hello {
        answer.hello = Some(db.hello(who, request.inc, hello, now).await?);
    }
    if let Some(push) = &request.push {
        answer.push = Some(db.push(who, request.inc, push, now).await?);
    }
    if let Some(pull) = &request.pull {
        answer.pull = Some(db.pull(who, pull).await?);
    }
    if let Some(purged) = &request.purged {
        let detail = json!({"scope_rev": purged.scope_rev, "areas": purged.areas, "rows": purged.rows});
        db.note(AuditEntry::of(who, "purged", detail, now)).await?;
        answer.purged = Some(PurgedAnswer { ok: true });
    }
    Ok(answer)
}
