//! The records of a ledger: always within the caller's scope.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use sync::{
    id::AreaId,
    record::{Record, Stored},
};
use uuid::Uuid;

use super::{
    SqlDatabase,
    rows::{id, parsed},
    scope, sql, store,
};
use crate::{
    db::{Caller, DbError},
    ledger::Source,
};

/// The kinds of which a ledger is made.
const LEDGER_KINDS: [&str; 4] = ["recipient", "entitlement", "visit", "need"];

/// The records of an area's ledger, sealed fields as their role sees them, in full only where asked.
pub(crate) async fn sources(
    db: &SqlDatabase,
    who: &Caller,
    area: Option<Uuid>,
    full: bool,
) -> Result<Vec<Source>, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
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
        let rows = sql::query("SELECT kind, area, body FROM record WHERE area = $1 AND del = 0 ORDER BY e")
            .bind(id(area.0))
            .fetch_all(&mut tx)
            .await?;
        for row in &rows {
            if LEDGER_KINDS.contains(&row.try_get::<&str>("kind")?) {
                debug_assert_eq!(area, AreaId(parsed(row, "area")?));
                sources.push(source(db, store::record(row)?, village.clone(), full));
            }
        }
    }
    Ok(sources)
}

fn source(db: &SqlDatabase, record: Record, village: String, full: bool) -> Source {
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
