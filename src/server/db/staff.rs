//! Accounts as an office or an administrator sees them, and what they decide about them.
//!
//! An administrator makes and changes accounts. An office gives villages to its village workers and names who stands in for them; whom it may
//! not see is not found.

use domain::access::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use sync::id::AreaId;
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, areas, audit, deputies, devices,
    rows::id,
    scope::Standpoint,
    second_factor,
    sql::{self, Tx},
    supervision::{supervises, supervisor},
};
use crate::db::{Account, AuditEntry, Caller, DbError, Deputy, NewAccount, NewStaff, Staff, StaffAct};

/// Everybody whom the caller supervises.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller, now: i64) -> Result<Staff, DbError> {
    let mut tx = db.read().await?;
    let at = supervisor(db, &mut tx, who).await?;
    let mut people = accounts::all_in(&mut tx).await?;
    people.retain(|account| supervises(&at, account));
    let known: BTreeSet<Uuid> = people.iter().map(|account| account.id).collect();
    let mut deputies = deputies::open_at(&mut tx, now).await?;
    deputies.retain(|deputy| known.contains(&deputy.account) && known.contains(&deputy.absent));
    let mut areas = areas::all_in(&mut tx).await?;
    areas.retain(|area| area.archive_of.is_none() && at.who.scope.holds(AreaId(area.id)));
    Ok(Staff { people, deputies, areas })
}

/// Does what was decided about an account, and writes down who decided it.
pub(crate) async fn act(db: &SqlDatabase, who: &Caller, act: StaffAct, now: i64) -> Result<Account, DbError> {
    let mut tx = db.write().await?;
    let at = supervisor(db, &mut tx, who).await?;
    let (account, action, detail) = match act {
        StaffAct::Add { new, password_until } => {
            (new.id, "account_add", add(&mut tx, &at, &new, password_until).await?)
        }
        StaffAct::Assign { account, role, areas } => {
            let detail = assign(&mut tx, &at, account, role, &areas).await?;
            (account, "account_change", detail)
        }
        StaffAct::Password { account, hash, until } => {
            supervised(&mut tx, &at, account).await?;
            not_own(who, account)?;
            give_password(&mut tx, account, &hash, until).await?;
            (account, "password_given", json!({"user": account, "until": until}))
        }
        StaffAct::End { account } => {
            supervised(&mut tx, &at, account).await?;
            not_own(who, account)?;
            end(&mut tx, who, account, now).await?;
            (account, "account_end", json!({ "user": account }))
        }
        StaffAct::Resume { account } => {
            supervised(&mut tx, &at, account).await?;
            resume(&mut tx, account).await?;
            (account, "account_resume", json!({ "user": account }))
        }
        StaffAct::ForgetFactor { account } => {
            supervised(&mut tx, &at, account).await?;
            not_own(who, account)?;
            second_factor::forget(&mut tx, account).await?;
            (account, "factor_forget", json!({ "user": account }))
        }
        StaffAct::Deputise(deputy) => {
            check_deputy(&mut tx, &at, &deputy).await?;
            deputies::insert(&mut tx, &deputy).await?;
            (deputy.absent, "deputy_add", json!(deputy))
        }
        StaffAct::EndDeputy { deputy } => {
            let deputy = deputies::open_one(&mut tx, deputy).await?;
            supervised(&mut tx, &at, deputy.absent).await?;
            deputies::end(&mut tx, &deputy).await?;
            (deputy.absent, "deputy_end", json!({"deputy": deputy.id, "user": deputy.account}))
        }
    };
    audit::append(&mut tx, AuditEntry::of(who, action, detail, now)).await?;
    let account = accounts::by_id(&mut tx, account).await?;
    tx.commit().await?;
    Ok(account)
}

/// Makes accounts, all of them or none; which of them are refused, and why.
pub(crate) async fn add_all(
    db: &SqlDatabase,
    who: &Caller,
    new: NewStaff,
) -> Result<Vec<(usize, &'static str)>, DbError> {
    let mut tx = db.write().await?;
    let at = supervisor(db, &mut tx, who).await?;
    let mut refused = Vec::new();
    for (place, one) in new.people.iter().enumerate() {
        match add(&mut tx, &at, one, new.password_until).await {
            Ok(detail) => {
                audit::append(&mut tx, AuditEntry::of(who, "account_add", detail, new.now)).await?;
            }
            Err(DbError::Refused(why)) => refused.push((place, why)),
            Err(error) => return Err(error),
        }
    }
    if refused.is_empty() && !new.is_trial {
        tx.commit().await?;
    }
    Ok(refused)
}

/// Makes an account with a one-time password; what is told of it in the chain.
async fn add(tx: &mut Tx, at: &Standpoint, new: &NewAccount, password_until: i64) -> Result<Value, DbError> {
    check_areas(tx, at, new.role, &new.areas).await?;
    accounts::insert(tx, new, Some(password_until)).await?;
    Ok(json!({"user": new.id, "role": new.role.word(), "areas": new.areas}))
}

/// Gives other areas, and another role where one is named; what changed, for the chain.
async fn assign(
    tx: &mut Tx,
    at: &Standpoint,
    account: Uuid,
    role: Option<Role>,
    areas: &[Uuid],
) -> Result<Value, DbError> {
    let before = supervised(tx, at, account).await?;
    let role = role.filter(|role| *role != before.role);
    if role.is_some() && account == at.who.user {
        return Err(DbError::Refused("own_account"));
    }
    keep_an_administrator(tx, at, &before, role, areas).await?;
    check_areas(tx, at, role.unwrap_or(before.role), areas).await?;
    accounts::assign(tx, account, areas).await?;
    accounts::reassigned(tx, account, role).await?;
    let role_before = role.map(|_| before.role.word());
    Ok(json!({
        "user": account, "areas": areas, "before": before.areas, "role": role.map(Role::word), "role_before": role_before,
    }))
}

/// Where an administrator worked, one still does: nobody else makes accounts there.
async fn keep_an_administrator(
    tx: &mut Tx,
    at: &Standpoint,
    before: &Account,
    role: Option<Role>,
    areas: &[Uuid],
) -> Result<(), DbError> {
    if before.role != Role::Admin || before.ended_at.is_some() {
        return Ok(());
    }
    let reaches_all = |held: &[Uuid]| {
        let scope = at.tree.scope(&held.iter().copied().map(AreaId).collect::<Vec<_>>());
        before.areas.iter().all(|area| scope.holds(AreaId(*area)))
    };
    let stays = role.is_none() && reaches_all(areas);
    let is_there = |other: &Account| {
        other.role == Role::Admin
            && other.ended_at.is_none()
            && other.id != before.id
            && reaches_all(&other.areas)
    };
    if stays || accounts::all_in(tx).await?.iter().any(is_there) {
        Ok(())
    } else {
        Err(DbError::Refused("last_admin"))
    }
}

/// The account works again; its devices have to be enrolled anew.
async fn resume(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    sql::query("UPDATE account SET ended_at = NULL WHERE id = $1").bind(id(account)).execute(tx).await?;
    Ok(())
}

/// An account that the caller supervises, and that is his to change: of an office, its village workers alone.
async fn supervised(tx: &mut Tx, at: &Standpoint, account: Uuid) -> Result<Account, DbError> {
    let account = accounts::by_id(tx, account).await?;
    if !supervises(at, &account) {
        return Err(DbError::NotFound);
    }
    if at.who.role != Role::Admin && account.role != Role::VillageWorker {
        return Err(DbError::Forbidden);
    }
    Ok(account)
}

/// Nobody shuts himself out.
fn not_own(who: &Caller, account: Uuid) -> Result<(), DbError> {
    if who.account == account { Err(DbError::Refused("own_account")) } else { Ok(()) }
}

/// Areas are given out of the caller's own scope, and of the kind that the role works in: a clerk of a whole county would be one without its second factor.
async fn check_areas(tx: &mut Tx, at: &Standpoint, role: Role, areas: &[Uuid]) -> Result<(), DbError> {
    if areas.is_empty() {
        return Err(DbError::Refused("areas_missing"));
    }
    if !areas.iter().all(|area| at.who.scope.holds(AreaId(*area))) {
        return Err(DbError::NotFound);
    }
    let known = areas::all_in(tx).await?;
    let fits = |area: &Uuid| known.iter().any(|known| known.id == *area && role.works_in(&known.code));
    if areas.iter().all(fits) { Ok(()) } else { Err(DbError::Refused("areas_of_role")) }
}

/// Whoever stands in works there already, or at its office, and is there himself.
async fn check_deputy(tx: &mut Tx, at: &Standpoint, new: &Deputy) -> Result<(), DbError> {
    let absent = supervised(tx, at, new.absent).await?;
    let deputy = accounts::by_id(tx, new.account).await?;
    if !supervises(at, &deputy) {
        return Err(DbError::NotFound);
    }
    if deputy.id == absent.id {
        return Err(DbError::Refused("deputy_same"));
    }
    if deputy.role != absent.role {
        return Err(DbError::Refused("deputy_role"));
    }
    if deputy.ended_at.is_some() || absent.ended_at.is_some() {
        return Err(DbError::Refused("account_ended"));
    }
    Ok(())
}

/// A one-time password. Whoever is logged in with the one before is out; what his phones hold is not touched.
async fn give_password(tx: &mut Tx, account: Uuid, hash: &str, until: i64) -> Result<(), DbError> {
    sql::query("UPDATE account SET password = $1, password_until = $2 WHERE id = $3")
        .bind(hash)
        .bind(until)
        .bind(id(account))
        .execute(tx)
        .await?;
    accounts::close_sessions(tx, account).await
}

/// The person left: no login, no code, nobody stood in for; enrolled devices hand everything over and then forget it.
async fn end(tx: &mut Tx, who: &Caller, account: Uuid, now: i64) -> Result<(), DbError> {
    sql::query("UPDATE account SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL")
        .bind(now)
        .bind(id(account))
        .execute(tx)
        .await?;
    accounts::close_sessions(tx, account).await?;
    deputies::end_all_of(tx, account).await?;
    accounts::forget_codes(tx, account).await?;
    let rows = sql::query("SELECT id FROM device WHERE account = $1 AND shared = 0 AND state <> 'revoked'")
        .bind(id(account))
        .fetch_all(tx)
        .await?;
    for row in &rows {
        let device: &str = row.try_get("id")?;
        devices::write_state(tx, device, "wipe").await?;
        // From when on a contact means that the phone heard of it.
        let detail = json!({"device": device, "state": "wipe", "left": true});
        audit::append(tx, AuditEntry::of(who, "device_set", detail, now)).await?;
    }
    Ok(())
}
