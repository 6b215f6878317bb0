//! Who asks: grants, sessions, and the device of a shared PC.

use serde_json::json;
use sync::id::{DeviceId, VaultId};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit, deputies,
    rows::{device_state, id, parsed, role},
    sql::{self, Row, Tx},
};
use crate::db::{
    Asking, AuditEntry, BrowserStanding, Caller, DbError, Enrolled, Factor, NewGrant, NewSession,
    OpenedSession,
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// A bearer ends after this long without use, like the grant.
const BEARER_IDLE_MS: i64 = 90 * DAY_MS;
/// A shared PC's session ends after this long without use, and at the latest after [`SHARED_MS`].
const SHARED_IDLE_MS: i64 = 30 * MINUTE_MS;
const SHARED_MS: i64 = 12 * 60 * MINUTE_MS;
/// A session's last use is written down at most this often.
const TOUCH_MS: i64 = MINUTE_MS;

pub(crate) async fn open(db: &SqlDatabase, new: NewSession) -> Result<OpenedSession, DbError> {
    let mut tx = db.write().await?;
    let account = accounts::by_id(&mut tx, new.account).await?;
    if account.ended_at.is_some() {
        return Err(DbError::Login);
    }
    accounts::forget_wrong_passwords(&mut tx, &account.name).await?;
    let own_device = match &new.grant_hash {
        Some(hash) => granted_device(&mut tx, new.vault, hash, new.account, new.now).await?,
        None => None,
    };
    let device = match own_device {
        Some(device) => device,
        None => make_shared_device(&mut tx, &new).await?,
    };
    let is_shared = own_device.is_none();
    // Whoever logs in anew ends what an earlier login left open on the same device.
    sql::query("DELETE FROM session WHERE device = $1").bind(device.to_string()).execute(&mut tx).await?;
    let (idle_ms, until) =
        if is_shared { (SHARED_IDLE_MS, new.now + SHARED_MS) } else { (BEARER_IDLE_MS, i64::MAX) };
    sql::query("INSERT INTO session (hash, device, until, idle_until, used_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&new.session_hash)
        .bind(device.to_string())
        .bind(until)
        .bind(new.now + idle_ms)
        .bind(new.now)
        .execute(&mut tx)
        .await?;
    sql::query("UPDATE device SET logged_in_at = coalesce(logged_in_at, $1) WHERE id = $2")
        .bind(new.now)
        .bind(device.to_string())
        .execute(&mut tx)
        .await?;
    let entry = AuditEntry {
        at: new.now,
        account: Some(new.account),
        device: Some(device),
        action: "login",
        detail: json!({"shared": is_shared, "by": words(&new.factors, own_device)}),
    };
    audit::append(&mut tx, entry).await?;
    let epoch = super::head::read(&mut tx).await?.epoch;
    tx.commit().await?;
    let shared_device = is_shared.then_some(device);
    Ok(OpenedSession { shared_device, until: until.min(new.now + idle_ms), epoch, account })
}

/// What the login rested on. An enrolled device counts where it opened the session, and nowhere else.
fn words(factors: &[Factor], own_device: Option<DeviceId>) -> Vec<&'static str> {
    let grant = own_device.map(|_| Factor::Grant);
    factors.iter().copied().chain(grant).map(Factor::word).collect()
}

/// How a browser stands to an account whose password was right: whether the second factor that is its grant is there.
pub(crate) async fn standing(
    db: &SqlDatabase,
    asking: &Asking,
    account: Uuid,
    now: i64,
) -> Result<BrowserStanding, DbError> {
    let mut tx = db.read().await?;
    if let Some(hash) = &asking.grant
        && granted_device(&mut tx, asking.vault, hash, account, now).await?.is_some()
    {
        return Ok(BrowserStanding::Enrolled);
    }
    let own = sql::query("SELECT 1 FROM device WHERE vault = $1 AND account = $2 AND shared = 0")
        .bind(asking.vault.to_string())
        .bind(id(account))
        .fetch_optional(&mut tx)
        .await?;
    Ok(if own.is_some() { BrowserStanding::LostGrant } else { BrowserStanding::Stranger })
}

/// The device of a valid grant that is a second factor, if it is this account's.
async fn granted_device(
    tx: &mut Tx,
    vault: VaultId,
    grant_hash: &str,
    account: Uuid,
    now: i64,
) -> Result<Option<DeviceId>, DbError> {
    let row = sql::query(
        "SELECT id, account, state FROM device
         WHERE vault = $1 AND grant_hash = $2 AND grant_until > $3 AND shared = 0 AND push_only = 0",
    )
    .bind(vault.to_string())
    .bind(grant_hash)
    .bind(now)
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    device_state(row.try_get("state")?)?;
    if parsed::<Uuid>(&row, "account")? != account {
        return Err(DbError::Login);
    }
    Ok(Some(parsed(&row, "id")?))
}

/// A device that lives as long as the login, or the one of this tab where the same person logs in again. The vault of somebody's own device is not taken over: its owner is told that the grant is gone.
async fn make_shared_device(tx: &mut Tx, new: &NewSession) -> Result<DeviceId, DbError> {
    let vault = new.vault.to_string();
    let row = sql::query("SELECT id, shared, account, state FROM device WHERE vault = $1")
        .bind(&vault)
        .fetch_optional(tx)
        .await?;
    if let Some(row) = row {
        if row.try_get::<i64>("shared")? == 0 {
            if parsed::<Uuid>(&row, "account")? != new.account {
                return Err(DbError::Login);
            }
            device_state(row.try_get("state")?)?;
            return Err(DbError::Grant);
        }
        let before: &str = row.try_get("id")?;
        sql::query("DELETE FROM session WHERE device = $1").bind(before).execute(tx).await?;
        // The tab is still open, with what it has not sent: it goes on as the same device.
        let goes_on = row.try_get::<&str>("state")? != "revoked";
        if goes_on && parsed::<Uuid>(&row, "account")? == new.account {
            return parsed(&row, "id");
        }
        sql::query("UPDATE device SET vault = id, state = 'revoked' WHERE id = $1")
            .bind(before)
            .execute(tx)
            .await?;
    }
    sql::query(
        "INSERT INTO device (id, vault, account, state, shared, grant_until, enrolled_at)
         VALUES ($1, $2, $3, 'active', 1, 0, $4)",
    )
    .bind(new.device.to_string())
    .bind(vault)
    .bind(id(new.account))
    .bind(new.now)
    .execute(tx)
    .await?;
    Ok(new.device)
}

pub(crate) async fn close(db: &SqlDatabase, who: &Caller, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sql::query("DELETE FROM session WHERE hash = $1").bind(&who.session_hash).execute(&mut tx).await?;
    if who.shared {
        sql::query("UPDATE device SET vault = id, state = 'revoked' WHERE id = $1")
            .bind(who.device.to_string())
            .execute(&mut tx)
            .await?;
    }
    audit::append(&mut tx, AuditEntry::of(who, "logout", json!({}), now)).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn principal(db: &SqlDatabase, asking: Asking, now: i64) -> Result<Caller, DbError> {
    let (who, is_stale, turns) = {
        let mut tx = db.read().await?;
        let row = sql::query(
            "SELECT device.id AS device, device.state, device.shared, device.grant_hash, device.grant_until, device.synced_at, device.logged_in_at,
                    account.id AS account, account.name, account.role,
                    (SELECT count(*) FROM deputy WHERE deputy.account = account.id
                        AND ((deputy.state = 'planned' AND deputy.from_at <= $2) OR (deputy.state = 'running' AND deputy.to_at <= $2))
                    ) AS turns
             FROM device JOIN account ON account.id = device.account WHERE device.vault = $1",
        )
        .bind(asking.vault.to_string())
        .bind(now)
        .fetch_optional(&mut tx)
        .await?
        .ok_or(DbError::Login)?;
        let (who, is_stale) = judge(&mut tx, &row, &asking, now).await?;
        (who, is_stale, row.try_get::<i64>("turns")? > 0)
    };
    if turns {
        deputies::turn(db, who.account, now).await?;
    }
    if let (true, Some(hash)) = (is_stale, &who.session_hash) {
        touch(db, hash, &who, now).await?;
    }
    Ok(who)
}

/// The session alone is enough on the day of the enrolment: later the cookie of the first grant has long been on the disk.
pub(crate) async fn renew_grant(
    db: &SqlDatabase,
    asking: Asking,
    grant: NewGrant,
    now: i64,
) -> Result<(), DbError> {
    let bearer = asking.bearer.ok_or(DbError::Login)?;
    let mut tx = db.write().await?;
    let row = sql::query(
        "SELECT id, account, state FROM device WHERE vault = $1 AND shared = 0 AND enrolled_at > $2",
    )
    .bind(asking.vault.to_string())
    .bind(now - DAY_MS)
    .fetch_optional(&mut tx)
    .await?
    .ok_or(DbError::Login)?;
    device_state(row.try_get("state")?)?;
    let device: DeviceId = parsed(&row, "id")?;
    session_used_at(&mut tx, &bearer, device, now).await?.ok_or(DbError::Login)?;
    sql::query("UPDATE device SET grant_hash = $1, grant_until = $2 WHERE id = $3")
        .bind(grant.hash)
        .bind(grant.until)
        .bind(device.to_string())
        .execute(&mut tx)
        .await?;
    let entry = AuditEntry {
        at: now,
        account: Some(parsed(&row, "account")?),
        device: Some(device),
        action: "grant_again",
        detail: json!({}),
    };
    audit::append(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// The caller, and whether the use of his session should be written down.
async fn judge(tx: &mut Tx, row: &Row, asking: &Asking, now: i64) -> Result<(Caller, bool), DbError> {
    let shared = row.try_get::<i64>("shared")? != 0;
    let device: DeviceId = parsed(row, "device")?;
    let token = if shared { &asking.shared } else { &asking.bearer };
    let has_grant = asking.grant.is_some()
        && row.try_get::<Option<String>>("grant_hash")? == asking.grant
        && row.try_get::<i64>("grant_until")? > now;
    let used_at = match token {
        Some(hash) => session_used_at(tx, hash, device, now).await?,
        None => None,
    };
    if !(if shared { used_at.is_some() } else { has_grant }) {
        return Err(DbError::Login);
    }
    let who = Caller {
        account: parsed(row, "account")?,
        name: row.try_get("name")?,
        role: role(row)?,
        device,
        vault: asking.vault,
        state: device_state(row.try_get("state")?)?,
        session: used_at.is_some(),
        session_hash: used_at.and(token.clone()),
        shared,
        synced: row.try_get::<Option<i64>>("synced_at")?.is_some(),
        logged_in: row.try_get::<Option<i64>>("logged_in_at")?.is_some(),
    };
    Ok((who, used_at.is_some_and(|at| now - at >= TOUCH_MS)))
}

async fn session_used_at(
    tx: &mut Tx,
    hash: &str,
    device: DeviceId,
    now: i64,
) -> Result<Option<i64>, DbError> {
    let row = sql::query(
        "SELECT used_at FROM session WHERE hash = $1 AND device = $2 AND until > $3 AND idle_until > $3",
    )
    .bind(hash)
    .bind(device.to_string())
    .bind(now)
    .fetch_optional(tx)
    .await?;
    row.map(|row| row.try_get("used_at")).transpose()
}

async fn touch(db: &SqlDatabase, hash: &str, who: &Caller, now: i64) -> Result<(), DbError> {
    let idle_ms = if who.shared { SHARED_IDLE_MS } else { BEARER_IDLE_MS };
    let mut tx = db.write().await?;
    sql::query("UPDATE session SET used_at = $1, idle_until = $2 WHERE hash = $3")
        .bind(now)
        .bind(now + idle_ms)
        .bind(hash)
        .execute(&mut tx)
        .await?;
    if !who.shared {
        sql::query("UPDATE device SET grant_until = $1 WHERE id = $2 AND grant_until < $1")
            .bind(now + BEARER_IDLE_MS)
            .bind(who.device.to_string())
            .execute(&mut tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn whereabouts(db: &SqlDatabase, who: &Caller) -> Result<Enrolled, DbError> {
    let mut tx = db.read().await?;
    Ok(Enrolled {
        account: accounts::by_id(&mut tx, who.account).await?,
        head: super::head::read(&mut tx).await?,
        areas: super::scope::wire_nodes(db, &mut tx, who.account).await?,
    })
}

pub(crate) async fn note_synced(db: &SqlDatabase, who: &Caller, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sql::query("UPDATE device SET synced_at = coalesce(synced_at, $1) WHERE id = $2")
        .bind(now)
        .bind(who.device.to_string())
        .execute(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
