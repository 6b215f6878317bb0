//! People by the keyed index of their number, and the records of a ledger: always within the caller's scope.

use serde_json::{Map, Value, json};
use sqlx::{Row, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    id::AreaId,
    record::{Record, Stored},
};
use uuid::Uuid;

use super::{
    SqliteDatabase,
    rows::{id, parsed},
    scope, store,
};
use crate::{
    db::{Caller, DbError},
    imports::{Families, Family},
    ledger::Source,
};

/// The people whose ID numbers have these indexes, with their entitlements.
pub(crate) async fn by_number(
    db: &SqliteDatabase,
    who: &Caller,
    indexes: &[String],
) -> Result<Families, DbError> {
    let mut tx = db.read().await?;
    let at = scope::standpoint(db, &mut tx, who.device).await?;
    let rows = sqlx::query(
        "SELECT blind_index.idx, record.body FROM blind_index JOIN record ON record.e = blind_index.e
         WHERE blind_index.field = 'id_no' AND blind_index.idx IN (SELECT value FROM json_each($1))
         AND record.kind = 'recipient' AND record.del = 0",
    )
    .bind(json!(indexes).to_string())
    .fetch_all(&mut *tx)
    .await?;
    let mut families = Families::new();
    for row in &rows {
        let recipient = store::record(row)?;
        if at.who.scope.holds(recipient.area) {
            families.insert(row.try_get("idx")?, Family { recipient, entitlements: Vec::new() });
        }
    }
    add_entitlements(&mut tx, &mut families).await?;
    Ok(families)
}

async fn add_entitlements(tx: &mut SqliteConnection, families: &mut Families) -> Result<(), DbError> {
    let parents: Vec<Uuid> = families.values().map(|family| family.recipient.id).collect();
    let rows = sqlx::query(
        "SELECT body FROM record WHERE parent IN (SELECT value FROM json_each($1)) AND kind = 'entitlement' AND del = 0",
    )
    .bind(json!(parents).to_string())
    .fetch_all(tx)
    .await?;
    let mut below: BTreeMap<Uuid, Vec<Record>> = BTreeMap::new();
    for row in &rows {
        let record = store::record(row)?;
        if let Some(parent) = record.parent {
            below.entry(parent).or_default().push(record);
        }
    }
    for family in families.values_mut() {
        family.entitlements = below.remove(&family.recipient.id).unwrap_or_default();
    }
    Ok(())
}

/// The kinds of which a ledger is made.
const LEDGER_KINDS: [&str; 4] = ["recipient", "entitlement", "visit", "need"];

/// The records of an area's ledger, sealed fields as their role sees them, in full only where asked.
pub(crate) async fn sources(
    db: &SqliteDatabase,
    who: &Caller,
    area: Option<Uuid>,
    full: bool,
) -> Result<Vec<Source>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::standpoint(db, &mut tx, who.device).await?;
    if !at.who.role.is_office() {
        return Err(DbError::Forbidden);
    }
    let wanted: BTreeSet<AreaId> = match area {
        Some(area) if !at.who.scope.holds(AreaId(area)) => return Err(DbError::NotFound),
        Some(area) => at.tree.scope(&[AreaId(area)]).areas().collect(),
        None => at.who.scope.areas().collect(),
    };
    let mut sources = Vec::new();
    for area in wanted {
        let village = at.tree.get(area).map(|node| node.name.clone()).unwrap_or_default();
        let rows = sqlx::query("SELECT kind, area, body FROM record WHERE area = $1 AND del = 0 ORDER BY e")
            .bind(id(area.0))
            .fetch_all(&mut *tx)
            .await?;
        for row in &rows {
            if LEDGER_KINDS.contains(&row.try_get::<&str, _>("kind")?) {
                debug_assert_eq!(area, AreaId(parsed(row, "area")?));
                sources.push(source(db, store::record(row)?, village.clone(), full));
            }
        }
    }
    Ok(sources)
}

fn source(db: &SqliteDatabase, record: Record, village: String, full: bool) -> Source {
    let e = record.id.to_string();
    let value = |name: &String, stored: Stored| match stored {
        Stored::Plain(value) => value,
        Stored::Sealed(sealed) if full && name == "id_no" => {
            db.keys().open_field(&e, name, &sealed.s).map_or(Value::Null, Value::String)
        }
        Stored::Sealed(sealed) => json!({"show": sealed.s.show}),
    };
    let fields: Map<String, Value> = record
        .fields
        .into_iter()
        .map(|(name, field)| {
            let value = value(&name, field.value);
            (name, value)
        })
        .collect();
    Source { e: record.id, kind: record.kind, parent: record.parent, village, fields }
}
