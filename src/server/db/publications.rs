//! Lists for publication (公示): made from needs that stand at that step, kept as they were hung up, and gone when their time is over (PIPL §25).

use domain::category::Category;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::{id::AreaId, record::Record};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, audit, dossier,
    fence::{self, Beyond},
    rows::{count, id, parsed},
    scope::{self, Standpoint},
    sql::{self, Row, Tx},
    store,
};
use crate::{
    day_text::day_of_ms,
    db::{AuditEntry, Caller, DbError, NewPublication, PublicLine, Publication},
};

/// The newest that are shown.
const SHOWN_COUNT: i64 = 100;

async fn office(db: &SqlDatabase, tx: &mut Tx, who: &Caller) -> Result<Standpoint, DbError> {
    let at = scope::caller(db, tx, who).await?;
    if at.who.role.is_office() { Ok(at) } else { Err(DbError::Forbidden) }
}

/// Takes the names out of every list whose last day is over, whoever made it.
pub(crate) async fn forget(db: &SqlDatabase, now: i64) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    fence::lift(&mut tx, Beyond::Retention).await?;
    forget_over(&mut tx, now).await?;
    tx.commit().await
}

/// The same for the lists that the transaction sees.
async fn forget_over(tx: &mut Tx, now: i64) -> Result<(), DbError> {
    sql::query("UPDATE publication SET body = NULL WHERE body IS NOT NULL AND to_day < $1")
        .bind(day_of_ms(now))
        .execute(tx)
        .await?;
    Ok(())
}

/// Makes a list of an area in the caller's scope. `nothing_to_publish` where nobody's help stands at that step.
pub(crate) async fn make(
    db: &SqlDatabase,
    who: &Caller,
    new: &NewPublication,
) -> Result<Publication, DbError> {
    let mut tx = db.write().await?;
    let at = office(db, &mut tx, who).await?;
    if !at.who.scope.holds(AreaId(new.area)) {
        return Err(DbError::NotFound);
    }
    forget_over(&mut tx, new.now).await?;
    let lines = lines(&mut tx, &at, new.area).await?;
    if lines.is_empty() {
        return Err(DbError::Refused("nothing_to_publish"));
    }
    sql::query(
        "INSERT INTO publication (id, account, area, made_at, from_day, to_day, objections, lines, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id(new.id))
    .bind(id(who.account))
    .bind(id(new.area))
    .bind(new.now)
    .bind(&new.from)
    .bind(&new.to)
    .bind(&new.objections)
    .bind(i64::try_from(lines.len()).unwrap_or(i64::MAX))
    .bind(serde_json::to_string(&lines).map_err(|_| DbError::Damaged("publication"))?)
    .execute(&mut tx)
    .await?;
    let detail = json!({"publication": new.id, "area": new.area, "lines": lines.len(), "from": new.from, "to": new.to});
    audit::append(&mut tx, AuditEntry::of(who, "publication", detail, new.now)).await?;
    let made = one(&mut tx, new.id, new.now).await?;
    tx.commit().await?;
    Ok(made.0)
}

/// Name, village, category and amount of everybody in the area whose help from public money is to be published: the need stands at 公示 and has
/// measures with an amount. Nobody else comes in, and nothing else of them.
async fn lines(tx: &mut Tx, at: &Standpoint, area: Uuid) -> Result<Vec<PublicLine>, DbError> {
    let areas: Vec<Uuid> = at.tree.scope(&[AreaId(area)]).areas().map(|area| area.0).collect();
    let rows = sql::query(
        "SELECT body FROM record WHERE del = 0 AND kind IN ('recipient', 'entitlement', 'need', 'measure')
         AND area IN (SELECT key FROM json_each($1)) ORDER BY e",
    )
    .bind(sql::keys(areas))
    .fetch_all(tx)
    .await?;
    let records = rows.iter().map(store::record).collect::<Result<Vec<_>, _>>()?;
    let of = |kind: &'static str| records.iter().filter(move |record| record.kind == kind);
    let mut amounts: BTreeMap<Uuid, i64> = BTreeMap::new();
    let needs: BTreeMap<String, Uuid> = of("need")
        .filter(|need| need.text("state") == Some("public_notice"))
        .filter_map(|need| Some((id(need.id), need.parent?)))
        .collect();
    for measure in of("measure") {
        let of = measure.text("need").and_then(|need| needs.get(need));
        let fen = measure.plain("amount").and_then(Value::as_i64).filter(|fen| *fen > 0);
        if let (Some(recipient), Some(fen)) = (of, fen) {
            let sum = amounts.entry(*recipient).or_default();
            *sum = sum.saturating_add(fen);
        }
    }
    let mut lines = Vec::new();
    for file in of("recipient") {
        let Some(amount) = amounts.get(&file.id) else { continue };
        let village = at.tree.get(file.area).map(|node| node.name.clone()).unwrap_or_default();
        let category = category(of("entitlement").filter(|one| one.parent == Some(file.id)));
        let name = file.text("name").unwrap_or_default().to_owned();
        lines.push(PublicLine { name, village, category, amount: *amount });
    }
    lines.sort_by(|a, b| (&a.village, &a.name).cmp(&(&b.village, &b.name)));
    Ok(lines)
}

/// The category of the entitlement that runs, in its full name.
fn category<'r>(entitlements: impl Iterator<Item = &'r Record>) -> String {
    let words = entitlements.filter_map(|one| one.text("category"));
    let known = words.filter_map(|code| code.parse::<Category>().ok());
    known.min().map(|category| category.label().to_owned()).unwrap_or_default()
}

/// The lists of the caller's scope, newest first.
pub(crate) async fn list(db: &SqlDatabase, who: &Caller, now: i64) -> Result<Vec<Publication>, DbError> {
    let mut tx = db.read().await?;
    let at = office(db, &mut tx, who).await?;
    let rows = sql::query(
        "SELECT * FROM publication WHERE area IN (SELECT key FROM json_each($1)) ORDER BY made_at DESC, id LIMIT $2",
    )
    .bind(sql::keys(at.who.scope.areas().map(|area| area.0)))
    .bind(SHOWN_COUNT)
    .fetch_all(&mut tx)
    .await?;
    let names = dossier::area_names(&mut tx).await?;
    let mut shown = Vec::new();
    for row in &rows {
        shown.push(publication(&mut tx, row, &names, now).await?);
    }
    Ok(shown)
}

/// A list with its lines. `publication_over` once its time is over or it was taken down: it hangs nowhere any more, and here neither.
pub(crate) async fn read(
    db: &SqlDatabase,
    who: &Caller,
    publication: Uuid,
    now: i64,
) -> Result<(Publication, Vec<PublicLine>), DbError> {
    let mut tx = db.write().await?;
    let at = office(db, &mut tx, who).await?;
    forget_over(&mut tx, now).await?;
    let (found, lines) = one(&mut tx, publication, now).await?;
    if !at.who.scope.holds(AreaId(found.area)) {
        return Err(DbError::NotFound);
    }
    let answer = match lines {
        Some(lines) if !found.over => {
            let detail = json!({ "publication": publication });
            audit::append(&mut tx, AuditEntry::of(who, "publication_read", detail, now)).await?;
            Ok((found, lines))
        }
        _ => Err(DbError::Refused("publication_over")),
    };
    // That its names are gone stays, whatever the answer.
    tx.commit().await?;
    answer
}

/// Takes a list down before its time.
pub(crate) async fn withdraw(
    db: &SqlDatabase,
    who: &Caller,
    publication: Uuid,
    reason: &str,
    now: i64,
) -> Result<(), DbError> {
    let mut tx = db.write().await?;
    let at = office(db, &mut tx, who).await?;
    let (found, _) = one(&mut tx, publication, now).await?;
    if !at.who.scope.holds(AreaId(found.area)) {
        return Err(DbError::NotFound);
    }
    if found.over {
        return Ok(());
    }
    sql::query("UPDATE publication SET withdrawn_at = $1, reason = $2, body = NULL WHERE id = $3")
        .bind(now)
        .bind(reason)
        .bind(id(publication))
        .execute(&mut tx)
        .await?;
    let detail = json!({"publication": publication, "reason": reason});
    audit::append(&mut tx, AuditEntry::of(who, "publication_withdrawn", detail, now)).await?;
    tx.commit().await
}

async fn one(
    tx: &mut Tx,
    publication_id: Uuid,
    now: i64,
) -> Result<(Publication, Option<Vec<PublicLine>>), DbError> {
    let row = sql::query("SELECT * FROM publication WHERE id = $1")
        .bind(id(publication_id))
        .fetch_optional(tx)
        .await?;
    let row = row.ok_or(DbError::NotFound)?;
    let names = dossier::area_names(tx).await?;
    let body: Option<String> = row.try_get("body")?;
    let lines = body.map(|text| serde_json::from_str(&text).map_err(|_| DbError::Damaged("publication")));
    Ok((publication(tx, &row, &names, now).await?, lines.transpose()?))
}

async fn publication(
    tx: &mut Tx,
    row: &Row,
    names: &BTreeMap<Uuid, String>,
    now: i64,
) -> Result<Publication, DbError> {
    let area: Uuid = parsed(row, "area")?;
    let withdrawn_at: Option<i64> = row.try_get("withdrawn_at")?;
    let to: String = row.try_get("to_day")?;
    Ok(Publication {
        id: parsed(row, "id")?,
        area,
        unit: names.get(&area).cloned().unwrap_or_default(),
        by: accounts::by_id(tx, parsed(row, "account")?).await?.name,
        made_at: row.try_get("made_at")?,
        from: row.try_get("from_day")?,
        objections: row.try_get("objections")?,
        lines: count(row, "lines")?,
        withdrawn_at,
        reason: row.try_get("reason")?,
        over: withdrawn_at.is_some() || to < day_of_ms(now),
        to,
    })
}
