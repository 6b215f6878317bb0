//! All that is kept about one person, for the person (PIPL §45): the records, who looked at them, and who may.

use domain::{kinds, mask};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use sync::{
    id::AreaId,
    record::{Record, Stored},
};
use uuid::Uuid;

use super::{
    SqlDatabase, accounts, areas, audit, blobs, history,
    rows::id,
    scope::{self, Standpoint},
    sql::{self, Tx},
    store, unmask,
};
use crate::{
    db::{AuditEntry, BlobRow, Caller, DbError, Dossier, Look, MayRead, short_code},
    limits::Limits,
};

/// The dossier of a file in the caller's scope. That it was made stands in the chain, and each number that is opened for a reason does too.
pub(crate) async fn of(
    db: &SqlDatabase,
    who: &Caller,
    e: Uuid,
    full_because: Option<&str>,
    limits: &Limits,
    now: i64,
) -> Result<Dossier, DbError> {
    let mut dossier = read(db, who, e).await?;
    let mut tx = db.write().await?;
    scope::still(&mut tx, who).await?;
    if let Some(reason) = full_because {
        unmask::check_pace(&mut tx, who, limits.unmask_office, now).await?;
        for (e, field, text) in sealed(db, &dossier)? {
            let detail = json!({"e": e, "f": field, "reason": reason});
            audit::append(&mut tx, AuditEntry::of(who, "unmask", detail, now)).await?;
            dossier.opened.insert((e, field), text);
        }
    } else {
        hide_numbers_in_rows(&mut dossier);
    }
    let detail = json!({"e": e, "full": full_because.is_some(), "reason": full_because});
    audit::append(&mut tx, AuditEntry::of(who, "person_report", detail, now)).await?;
    tx.commit().await?;
    Ok(dossier)
}

/// Of rows with numbers the tails stay.
fn hide_numbers_in_rows(dossier: &mut Dossier) {
    let Some(kind) = kinds::kind(&dossier.file.kind) else { return };
    for (name, state) in &mut dossier.file.fields {
        if let (true, Stored::Plain(value)) = (kind.has_numbers_in_rows(name), &mut state.value) {
            *value = mask::rows(value, mask::TAIL_CHARS);
        }
    }
}

async fn read(db: &SqlDatabase, who: &Caller, e: Uuid) -> Result<Dossier, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    let file = store::by_ids(&mut tx, &[e]).await?.pop().ok_or(DbError::NotFound)?;
    if !at.who.scope.holds(file.area) || file.kind != "recipient" || file.del.is_some() {
        return Err(DbError::NotFound);
    }
    let mut children = store::children(&mut tx, e).await?;
    children.retain(|child| child.del.is_none() && kinds::kind(&child.kind).is_some());
    children.sort_by_key(|child| std::cmp::Reverse(child.rev));
    let photos = photos(&mut tx, children.iter().chain([&file])).await?;
    let people = accounts::all_in(&mut tx).await?;
    let names = people.iter().map(|account| (account.id, account.name.clone())).collect();
    let mut readers = Vec::new();
    for account in people.iter().filter(|account| account.ended_at.is_none()) {
        let is_shown = kinds::kind(&file.kind).is_some_and(|kind| kind.is_pulled_by(account.role));
        if is_shown && reaches(&mut tx, &at, account.id, file.area).await? {
            readers.push(MayRead { name: account.name.clone(), role: account.role });
        }
    }
    let mut changes = history::lines_of(&mut tx, &at, &file).await?;
    // Who only looked stands among the looks.
    changes.retain(|line| line.word != "view");
    let looks = looks(&mut tx, &at, &file).await?;
    let place = areas_above(&at, file.area).iter().rev().map(|(_, _, name)| name.as_str()).collect();
    Ok(Dossier { place, file, children, photos, changes, looks, readers, names, opened: BTreeMap::new() })
}

async fn reaches(tx: &mut Tx, at: &Standpoint, account: Uuid, area: AreaId) -> Result<bool, DbError> {
    let who = scope::principal(tx, &at.tree, account, domain::access::Role::VillageWorker).await?;
    Ok(who.scope.holds(area))
}

/// An area and those above it: id, code, name.
fn areas_above(at: &Standpoint, area: AreaId) -> Vec<(Uuid, String, String)> {
    let mut above = Vec::new();
    let mut next = at.tree.get(area);
    while let Some(node) = next {
        above.push((node.id.0, node.code.clone(), node.name.clone()));
        next = node.parent.and_then(|parent| at.tree.get(parent));
    }
    above
}

async fn photos(tx: &mut Tx, records: impl Iterator<Item = &Record>) -> Result<Vec<BlobRow>, DbError> {
    let attached = records.filter_map(|record| record.plain("blobs").and_then(Value::as_array)).flatten();
    let hashes: Vec<_> = attached.filter_map(|item| item["blob"].as_str()?.parse().ok()).collect();
    let mut photos = Vec::new();
    for hash in hashes {
        photos.extend(blobs::find_in(tx, hash).await?);
    }
    Ok(photos)
}

/// Who opened the file, unmasked a number of it, or took it away in an export, on paper or by the clipboard; newest first.
async fn looks(tx: &mut Tx, at: &Standpoint, file: &Record) -> Result<Vec<Look>, DbError> {
    let rows = sql::query(
        "SELECT account, at, action, body FROM audit
         WHERE (action IN ('unmask', 'view', 'view_paper', 'history', 'person_report') AND body LIKE $1) OR action IN ('export', 'list_print', 'list_copy') ORDER BY n DESC",
    )
    .bind(format!("%{}%", id(file.id)))
    .fetch_all(tx)
    .await?;
    let above = areas_above(at, file.area);
    let mut looks = Vec::new();
    let mut shown = history::Shown::default();
    for row in rows.iter().rev() {
        let mut body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let account: Option<Uuid> = body["account"].as_str().and_then(|text| text.parse().ok());
        let mut detail = body["detail"].take();
        let (when, action): (i64, String) = (row.try_get("at")?, row.try_get("action")?);
        if action == "view" {
            let device = body["device"].as_str().and_then(|text| text.parse().ok());
            let told: Vec<history::Viewed> =
                serde_json::from_value(detail["files"].take()).map_err(|_| DbError::Damaged("audit"))?;
            let look = |on| Look { at: when, account, action: action.clone(), detail: json!({ "on": on }) };
            looks.extend(shown.new_days((account, device), &told, file.id).into_iter().map(look));
            continue;
        }
        if ["export", "list_print", "list_copy"].contains(&action.as_str()) {
            let is_above = |text: &str| {
                let code = short_code(text);
                above.iter().any(|(id, of, _)| id.to_string() == text || *of == code)
            };
            let areas = detail["areas"].as_array();
            let held = match (detail["area"].as_str(), account) {
                _ if areas.is_some() => areas.into_iter().flatten().filter_map(Value::as_str).any(is_above),
                (Some(text), _) => is_above(text),
                (None, Some(account)) => reaches(tx, at, account, file.area).await?,
                (None, None) => true,
            };
            if !held {
                continue;
            }
        }
        looks.push(Look { at: when, account, action, detail });
    }
    looks.reverse();
    Ok(looks)
}

/// The sealed values of the dossier in clear.
fn sealed(db: &SqlDatabase, dossier: &Dossier) -> Result<Vec<(Uuid, String, String)>, DbError> {
    let mut opened = Vec::new();
    for record in dossier.children.iter().chain([&dossier.file]) {
        for (name, field) in &record.fields {
            if let Stored::Sealed(sealed) = &field.value {
                let text = db
                    .keys()
                    .open_field(&record.id.to_string(), name, &sealed.s)
                    .map_err(|_| DbError::Damaged("sealed field"))?;
                opened.push((record.id, name.clone(), text));
            }
        }
    }
    Ok(opened)
}

/// Every area of the database by id, for lists.
pub(super) async fn area_names(tx: &mut Tx) -> Result<BTreeMap<Uuid, String>, DbError> {
    Ok(areas::all_in(tx).await?.into_iter().map(|area| (area.id, area.name)).collect())
}
