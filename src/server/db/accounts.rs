//! Accounts, their areas, and the waits after wrong passwords.

use domain::access::Role;
use serde_json::json;
use uuid::Uuid;

use super::{
    SqlDatabase, audit, deputies,
    rows::{count, id, parsed, parsed_option, role},
    sql::{self, Row, Tx},
};
use crate::{
    db::{Account, AccountChange, AuditEntry, DbError, LoginFacts, NewAccount, OwnPassword},
    passwords, tokens,
};

/// A question for accounts, with the columns that [`with_areas`] reads.
macro_rules! account {
    ($which:literal) => {
        concat!(
            "SELECT id, name, role, scope_rev, home, ended_at, COALESCE(password_at, made_at) AS password_at, password_until FROM account ",
            $which
        )
    };
}

pub(crate) async fn all(db: &SqlDatabase) -> Result<Vec<Account>, DbError> {
    all_in(&mut db.read().await?).await
}

/// All accounts as this transaction sees them.
pub(crate) async fn all_in(tx: &mut Tx) -> Result<Vec<Account>, DbError> {
    let rows = sql::query(account!("ORDER BY name")).fetch_all(tx).await?;
    let mut accounts = Vec::new();
    for row in &rows {
        accounts.push(with_areas(tx, row).await?);
    }
    Ok(accounts)
}

async fn with_areas(tx: &mut Tx, row: &Row) -> Result<Account, DbError> {
    let account: Uuid = parsed(row, "id")?;
    let areas = sql::query("SELECT area FROM assignment WHERE account = $1 ORDER BY area")
        .bind(id(account))
        .fetch_all(tx)
        .await?;
    Ok(Account {
        id: account,
        name: row.try_get("name")?,
        role: role(row)?,
        areas: areas.iter().map(|row| parsed(row, "area")).collect::<Result<_, _>>()?,
        scope_rev: count(row, "scope_rev")?,
        home: parsed_option(row, "home")?,
        ended_at: row.try_get("ended_at")?,
        password_at: row.try_get("password_at")?,
        password_until: row.try_get("password_until")?,
    })
}

/// The account of that id.
pub(crate) async fn by_id(tx: &mut Tx, account: Uuid) -> Result<Account, DbError> {
    let row = sql::query(account!("WHERE id = $1")).bind(id(account)).fetch_optional(tx).await?;
    let row = row.ok_or(DbError::NotFound)?;
    with_areas(tx, &row).await
}

/// The account of that name.
pub(crate) async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Account>, DbError> {
    let row = sql::query(account!("WHERE name = $1")).bind(name).fetch_optional(tx).await?;
    match row {
        Some(row) => Ok(Some(with_areas(tx, &row).await?)),
        None => Ok(None),
    }
}

pub(crate) async fn add(
    db: &SqlDatabase,
    new: NewAccount,
    password_until: Option<i64>,
) -> Result<Account, DbError> {
    let mut tx = db.write().await?;
    let account = insert(&mut tx, &new, password_until).await?;
    let detail = json!({"user": new.id, "role": new.role.word(), "areas": new.areas});
    audit::append(&mut tx, AuditEntry::operator("account_add", detail, new.now)).await?;
    tx.commit().await?;
    Ok(account)
}

/// Makes an account; with `password_until` its password is a one-time one.
pub(super) async fn insert(
    tx: &mut Tx,
    new: &NewAccount,
    password_until: Option<i64>,
) -> Result<Account, DbError> {
    // In capitals or not, it is the same name to whoever reads it.
    let alike = sql::query("SELECT 1 FROM account WHERE lower(name) = lower($1)").bind(&new.name);
    if alike.fetch_optional(tx).await?.is_some() {
        return Err(DbError::Refused("account_exists"));
    }
    sql::query(
        "INSERT INTO account (id, name, role, password, scope_rev, view_rev, made_at, password_at, password_until)
         VALUES ($1, $2, $3, $4, 1, 1, $5, $5, $6)",
    )
    .bind(id(new.id))
    .bind(&new.name)
    .bind(new.role.word())
    .bind(&new.password_hash)
    .bind(new.now)
    .bind(password_until)
    .execute(tx)
    .await?;
    assign(tx, new.id, &new.areas).await?;
    by_id(tx, new.id).await
}

/// Gives an account these areas and no others. The office of the last area that he had is his home.
pub(super) async fn assign(tx: &mut Tx, account: Uuid, areas: &[Uuid]) -> Result<(), DbError> {
    note_home(tx, account).await?;
    sql::query("DELETE FROM assignment WHERE account = $1").bind(id(account)).execute(tx).await?;
    for area in areas {
        sql::query("INSERT INTO assignment (account, area) VALUES ($1, $2)")
            .bind(id(account))
            .bind(id(*area))
            .execute(tx)
            .await?;
    }
    note_home(tx, account).await
}

/// Writes down the township above an area of the account; one without areas keeps the home that it had.
async fn note_home(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    let row = sql::query(
        "SELECT assignment.area, (SELECT area_closure.ancestor FROM area_closure
            JOIN area ON area.id = area_closure.ancestor
            WHERE area_closure.area = assignment.area AND length(area.code) = 9) AS township
         FROM assignment WHERE assignment.account = $1 ORDER BY assignment.area",
    )
    .bind(id(account))
    .fetch_optional(tx)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let township: Option<Uuid> = parsed_option(&row, "township")?;
    let home = match township {
        Some(township) => township,
        None => parsed(&row, "area")?,
    };
    sql::query("UPDATE account SET home = $1 WHERE id = $2")
        .bind(id(home))
        .bind(id(account))
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn change(db: &SqlDatabase, change: AccountChange) -> Result<Account, DbError> {
    let mut tx = db.write().await?;
    let before = by_name(&mut tx, &change.name).await?.ok_or(DbError::NotFound)?;
    if let Some(areas) = &change.areas {
        assign(&mut tx, before.id, areas).await?;
    }
    if let Some(hash) = &change.password_hash {
        sql::query("UPDATE account SET password = $1, password_at = $2, password_until = NULL WHERE id = $3")
            .bind(hash)
            .bind(change.now)
            .bind(id(before.id))
            .execute(&mut tx)
            .await?;
        close_sessions(&mut tx, before.id).await?;
    }
    let new_role = change.role.filter(|role| *role != before.role);
    if change.areas.is_some() || new_role.is_some() {
        reassigned(&mut tx, before.id, new_role).await?;
    }
    let detail = json!({
        "user": before.id,
        "areas": change.areas,
        "before": change.areas.as_ref().map(|_| before.areas.clone()),
        "role": change.role.map(Role::word),
        "password": change.password_hash.is_some(),
    });
    audit::append(&mut tx, AuditEntry::operator("account_change", detail, change.now)).await?;
    let account = by_id(&mut tx, before.id).await?;
    tx.commit().await?;
    Ok(account)
}

/// Phones take all files again at their next contact: something of each is shown otherwise.
pub(super) async fn pull_anew(tx: &mut Tx) -> Result<(), DbError> {
    sql::query("UPDATE account SET scope_rev = scope_rev + 1, view_rev = scope_rev + 1").execute(tx).await?;
    Ok(())
}

/// The account has other areas, and another role where one is named (security.md §4). Its open codes end: whoever made them need not supervise it
/// any more. For another role he logs in anew, and with the second factor of that role: a grant that was given to the old one goes on to hand in
/// what is unsent, judged by both roles (P11), and opens nothing until the office gives the device a fresh code. Whom he stood in for has another job now.
pub(super) async fn reassigned(tx: &mut Tx, account: Uuid, new_role: Option<Role>) -> Result<(), DbError> {
    if new_role.is_some() {
        // Before the account has the other role: the grant's is the one that it has until now.
        sql::query(
            "UPDATE device SET push_only = 1, granted = (SELECT role FROM account WHERE id = $1)
             WHERE account = $1 AND shared = 0 AND push_only = 0",
        )
        .bind(id(account))
        .execute(tx)
        .await?;
        close_sessions(tx, account).await?;
        deputies::end_all_of(tx, account).await?;
    }
    bump_scope(tx, account, new_role).await?;
    forget_codes(tx, account).await
}

/// Nobody enrols a device with a code that was made before this.
pub(super) async fn forget_codes(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    sql::query("DELETE FROM enrol_code WHERE account = $1").bind(id(account)).execute(tx).await?;
    Ok(())
}

/// Whoever is logged in to the account is out; what his phones hold is not touched.
pub(super) async fn close_sessions(tx: &mut Tx, account: Uuid) -> Result<(), DbError> {
    sql::query("DELETE FROM session WHERE device IN (SELECT id FROM device WHERE account = $1)")
        .bind(id(account))
        .execute(tx)
        .await?;
    Ok(())
}

/// Tells the account's devices at their next sync, and those of who stands in for it; with another role all of its areas look different.
pub(super) async fn bump_scope(tx: &mut Tx, account: Uuid, new_role: Option<Role>) -> Result<(), DbError> {
    sql::query(
        "UPDATE account SET scope_rev = scope_rev + 1 WHERE id = $1
         OR id IN (SELECT account FROM deputy WHERE absent = $1 AND state = 'running')",
    )
    .bind(id(account))
    .execute(tx)
    .await?;
    if let Some(role) = new_role {
        sql::query("UPDATE account SET role = $1, view_rev = scope_rev WHERE id = $2")
            .bind(role.word())
            .bind(id(account))
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Counts the attempt before the password is looked at: of many that come at once, no more get through than of as many in a row.
pub(crate) async fn login_facts(
    db: &SqlDatabase,
    name: &str,
    now: i64,
) -> Result<Option<LoginFacts>, DbError> {
    let mut tx = db.write().await?;
    let delay = sql::query("SELECT until FROM login_delay WHERE name_hash = $1")
        .bind(name_hash(name))
        .fetch_optional(&mut tx)
        .await?;
    if let Some(row) = delay {
        let until: i64 = row.try_get("until")?;
        if until > now {
            return Err(DbError::SlowDown { wait_ms: until - now });
        }
    }
    let row = sql::query(
        "INSERT INTO login_delay (name_hash, failed, until) VALUES ($1, 1, 0)
         ON CONFLICT (name_hash) DO UPDATE SET failed = login_delay.failed + 1 RETURNING failed",
    )
    .bind(name_hash(name))
    .fetch_one(&mut tx)
    .await?;
    wait_from(&mut tx, name, row.try_get("failed")?, now).await?;
    let facts = match by_name(&mut tx, name).await? {
        Some(account) => {
            let row = sql::query("SELECT password FROM account WHERE id = $1")
                .bind(id(account.id))
                .fetch_one(&mut tx)
                .await?;
            Some(LoginFacts { account, password_hash: row.try_get("password")? })
        }
        None => None,
    };
    tx.commit().await?;
    Ok(facts)
}

/// The password was wrong: the wait begins now, after the hash.
pub(crate) async fn note_wrong_password(db: &SqlDatabase, name: &str, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let row = sql::query("SELECT failed FROM login_delay WHERE name_hash = $1")
        .bind(name_hash(name))
        .fetch_optional(&mut tx)
        .await?;
    // A right one that came meanwhile has ended the count.
    let failed: i64 = row.map_or(Ok(1), |row| row.try_get("failed"))?;
    wait_from(&mut tx, name, failed, now).await?;
    let user = by_name(&mut tx, name).await?.map(|account| account.id);
    audit::append(
        &mut tx,
        AuditEntry {
            at: now,
            account: user,
            device: None,
            action: "login_wrong",
            detail: json!({"failed": failed}),
        },
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

async fn wait_from(tx: &mut Tx, name: &str, failed: i64, now: i64) -> Result<(), DbError> {
    sql::query("UPDATE login_delay SET until = $1 WHERE name_hash = $2")
        .bind(now + passwords::wait_after(failed))
        .bind(name_hash(name))
        .execute(tx)
        .await?;
    Ok(())
}

/// The password was right, whatever else keeps the device out.
pub(crate) async fn note_right_password(db: &SqlDatabase, name: &str) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    forget_wrong_passwords(&mut tx, name).await?;
    tx.commit().await?;
    Ok(())
}

/// A password of the person's own in place of the one before. Every other session of the account ends: who knew the old one is out.
pub(crate) async fn change_password(
    db: &SqlDatabase,
    account: Uuid,
    change: &OwnPassword,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    sql::query("UPDATE account SET password = $1, password_at = $2, password_until = NULL WHERE id = $3")
        .bind(&change.hash)
        .bind(change.now)
        .bind(id(account))
        .execute(&mut tx)
        .await?;
    sql::query(
        "DELETE FROM session WHERE device IN (SELECT id FROM device WHERE account = $1) AND hash <> $2",
    )
    .bind(id(account))
    .bind(change.session_hash.as_deref().unwrap_or_default())
    .execute(&mut tx)
    .await?;
    if let (Some(before), Some(next)) = (&change.session_hash, &change.next_session_hash) {
        sql::query("UPDATE session SET hash = $1 WHERE hash = $2")
            .bind(next)
            .bind(before)
            .execute(&mut tx)
            .await?;
    }
    let entry = AuditEntry {
        at: change.now,
        account: Some(account),
        device: change.device,
        action: "password_change",
        detail: json!({"one_time": change.was_one_time}),
    };
    audit::append(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// A right password ends the count.
pub(crate) async fn forget_wrong_passwords(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    sql::query("DELETE FROM login_delay WHERE name_hash = $1").bind(name_hash(name)).execute(tx).await?;
    Ok(())
}

fn name_hash(name: &str) -> String {
    tokens::token_hash(name)
}
