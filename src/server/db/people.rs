//! The records of a ledger: always within the caller's scope.

use domain::{
    day::{Day, Timestamp},
    kinds::kind,
    visit::PlanFacts,
};
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use sync::{
    id::AreaId,
    record::{Record, Stored},
};
use uuid::Uuid;

use super::{
    SqlDatabase, areas,
    kept_records::{self, Kept},
    rows::{parsed, rev_from_column},
    scope::{self, Standpoint},
    sql::{self, Tx},
};
use crate::{
    db::{Area, Caller, DbError},
    ledger::{Dates, Departure, Gone, Ledger, Place, Source, Sources, is_read},
};

/// How sealed numbers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbers {
    Masked,
    InFull,
}

/// Numbers that are opened where they are asked for in full.
const OPENED: [&str; 2] = ["id_no", "birth"];

/// The records of an area's ledger, sealed fields as their role sees them, in full only where asked.
pub(crate) async fn sources(
    db: &SqlDatabase,
    who: &Caller,
    (ledger, area): (Ledger, Option<Uuid>),
    full: bool,
) -> Result<Sources, DbError> {
    let mut tx = db.read().await?;
    let at = scope::caller(db, &mut tx, who).await?;
    let wanted = wanted(&at, area)?;
    let names = names(&at, &areas::all_in(&mut tx).await?, &wanted);
    let tells_moves = ledger == Ledger::Changes;
    let moves = if tells_moves { Moves::read(&mut tx, &wanted).await? } else { Moves::default() };
    let mut sources = Sources::default();
    for (area, Named { name, is_shown_empty }) in &names {
        let before = sources.records.len();
        let records = match full {
            true => Arc::new(kept_records::read(db, &mut tx, AreaId(*area), Numbers::InFull).await?),
            false => kept_records::of_area(db, &mut tx, AreaId(*area)).await?,
        };
        for kept in records.iter() {
            let Kept { source, .. } = kept;
            let stands = source.dates.gone.is_none() || (tells_moves && source.kind == "recipient");
            if stands && ledger.kinds().contains(&source.kind) {
                sources.records.push(moves.told(kept));
            }
        }
        if *is_shown_empty || sources.records.len() > before {
            sources.places.push(Place { id: *area, name: name.clone() });
        }
    }
    if tells_moves {
        sources.departures = moves.departures(&mut tx, &wanted).await?;
    }
    Ok(sources)
}

/// The areas of a ledger, or of all of the caller's where none is named; of the office only.
pub(super) fn wanted(at: &Standpoint, area: Option<Uuid>) -> Result<BTreeSet<Uuid>, DbError> {
    match area {
        _ if !at.who.role.is_office() => Err(DbError::Forbidden),
        Some(area) if !at.who.scope.holds(AreaId(area)) => Err(DbError::NotFound),
        Some(area) => Ok(at.tree.scope(&[AreaId(area)]).areas().map(|area| area.0).collect()),
        None => Ok(at.who.scope.areas().map(|area| area.0).collect()),
    }
}

pub(super) struct Named {
    pub(super) name: String,
    /// A village stands in a table even if nobody lives there; one that was closed, and an area above, do not.
    pub(super) is_shown_empty: bool,
}

/// What the areas of a ledger are called, by code: with their township where there are several.
pub(super) fn names(at: &Standpoint, all: &[Area], wanted: &BTreeSet<Uuid>) -> Vec<(Uuid, Named)> {
    let here = || all.iter().filter(|area| wanted.contains(&area.id));
    let is_lowest = |area: &Area| !here().any(|below| below.parent == Some(area.id));
    let above: BTreeSet<Option<Uuid>> =
        here().filter(|area| is_lowest(area)).map(|area| area.parent).collect();
    let mut named: Vec<(&Area, Named)> = here()
        .map(|area| {
            let is_shown_empty = is_lowest(area) && area.valid_to.is_none();
            let township = area.parent.and_then(|parent| at.tree.get(AreaId(parent)));
            let township = township.filter(|_| above.len() > 1 && is_lowest(area));
            let name = township.map_or(area.name.clone(), |above| format!("{}{}", above.name, area.name));
            (area, Named { name, is_shown_empty })
        })
        .collect();
    named.sort_by(|(one, _), (other, _)| one.code.cmp(&other.code));
    named.into_iter().map(|(area, named)| (area.id, named)).collect()
}

pub(super) fn source(db: &SqlDatabase, record: Record, numbers: Numbers) -> Source {
    let e = record.id.to_string();
    let dates = dates(&record);
    let value = |name: &str, stored: Stored| match stored {
        Stored::Plain(Value::Object(answers)) if name == "answers" => {
            answers.into_iter().filter(|(code, _)| is_read(code)).collect::<Map<_, _>>().into()
        }
        Stored::Plain(value) => value,
        Stored::Sealed(sealed) if numbers == Numbers::InFull && OPENED.contains(&name) => {
            db.keys().open_field(&e, name, &sealed.s).map_or(Value::Null, Value::String)
        }
        // A text alone takes a tenth of the room; only beside whole numbers it has to be told from one.
        Stored::Sealed(sealed) if numbers == Numbers::Masked && !sealed.s.show.is_empty() => {
            Value::String(sealed.s.show)
        }
        Stored::Sealed(sealed) => json!({"show": sealed.s.show}),
    };
    // Of what this build does not know no ledger is made.
    let of = kind(&record.kind);
    let fields = record.fields.into_iter().filter_map(|(name, field)| {
        let known = of?.field(&name)?.name;
        Some((known, value(known, field.value)))
    });
    let fields = fields.collect();
    let (e, area) = (record.id, record.area.0);
    Source { e, kind: of.map_or("", |kind| kind.name), parent: record.parent, area, fields, dates }
}

fn dates(record: &Record) -> Dates {
    let day = |ms: i64| Timestamp::from_ms(ms).day();
    let first = record.fields.values().map(|field| field.origin.t_eff).min();
    let began = record.changes.first().map(|change| change.op);
    let written = Dates::FIELDS.iter().filter_map(|name| {
        let origin = &record.fields.get(*name)?.origin;
        (origin.ops.first().copied() != began).then(|| ((*name).to_owned(), day(origin.t_eff)))
    });
    let gone = record.del.as_ref().map(|tombstone| Gone {
        on: record.changes.last().and_then(|change| PlanFacts::made_on(change.op)),
        is_merged: tombstone.into.is_some(),
    });
    Dates { made: first.map(day), written: written.collect(), gone, ..Dates::default() }
}

/// When a record came into its area that began elsewhere. What a merger of villages moved came from nowhere.
pub(super) fn came(record: &Record) -> Option<Day> {
    let is_merger = record.placed.author.is_nil();
    let began = record.changes.first().map(|change| change.op);
    let is_where_it_began = record.placed.ops.first().copied() == began;
    (!is_merger && !is_where_it_began).then(|| Timestamp::from_ms(record.placed.t_eff).day())
}

/// How files moved between areas: what left one of these, and when.
#[derive(Default)]
struct Moves {
    are_asked_for: bool,
    /// By record and rev, the area that was left.
    exits: BTreeMap<(Uuid, i64), Uuid>,
}

impl Moves {
    async fn read(tx: &mut Tx, wanted: &BTreeSet<Uuid>) -> Result<Moves, DbError> {
        let rows =
            sql::query("SELECT area, rev, e FROM area_exit WHERE area IN (SELECT key FROM json_each($1))")
                .bind(sql::keys(wanted))
                .fetch_all(tx)
                .await?;
        let exit = |row: &sql::Row| Ok(((parsed(row, "e")?, row.try_get("rev")?), parsed(row, "area")?));
        Ok(Moves { are_asked_for: true, exits: rows.iter().map(exit).collect::<Result<_, DbError>>()? })
    }

    /// A record with the day on which it came from an area outside. One that came from inside left its exit there.
    fn told(&self, kept: &Kept) -> Arc<Source> {
        let came = kept.came.filter(|(entered, _)| !self.exits.contains_key(&(kept.source.e, *entered)));
        match came.filter(|_| self.are_asked_for) {
            None => Arc::clone(&kept.source),
            Some((_, day)) => {
                let mut source = Source::clone(&kept.source);
                source.dates.arrived = Some(day);
                Arc::new(source)
            }
        }
    }

    /// Files that lie in an area of others now.
    async fn departures(&self, tx: &mut Tx, wanted: &BTreeSet<Uuid>) -> Result<Vec<Departure>, DbError> {
        let mut last: BTreeMap<Uuid, (i64, Uuid)> = BTreeMap::new();
        for ((e, rev), area) in &self.exits {
            last.insert(*e, (*rev, *area));
        }
        let still_here = sql::query(
            "SELECT e FROM record WHERE e IN (SELECT key FROM json_each($1)) AND area IN (SELECT key FROM json_each($2))",
        )
        .bind(sql::keys(last.keys()))
        .bind(sql::keys(wanted))
        .fetch_all(tx)
        .await?;
        for row in &still_here {
            last.remove(&parsed(row, "e")?);
        }
        if last.is_empty() {
            return Ok(Vec::new());
        }
        let told = move_days(tx).await?;
        let departure = |(e, (rev, area)): (Uuid, (i64, Uuid))| {
            let on = *told.get(&(e, rev_from_column(rev).to_string()))?;
            Some(Departure { area, on })
        };
        Ok(last.into_iter().filter_map(departure).collect())
    }
}

/// On which day the audit chain tells of each move, by record and rev. Only what hangs below nothing is moved by name.
async fn move_days(tx: &mut Tx) -> Result<BTreeMap<(Uuid, String), Day>, DbError> {
    let rows = sql::query("SELECT at, body FROM audit WHERE action = 'op' AND body LIKE '%\"op\":\"move\"%'")
        .fetch_all(tx)
        .await?;
    let mut days = BTreeMap::new();
    for row in &rows {
        let body: Value =
            serde_json::from_str(row.try_get("body")?).map_err(|_| DbError::Damaged("audit"))?;
        let detail = &body["detail"];
        let named = (detail["e"].as_str().and_then(|e| e.parse().ok()), detail["rev"].as_str());
        let (Some(e), Some(rev)) = named else { continue };
        days.insert((e, rev.to_owned()), Timestamp::from_ms(row.try_get("at")?).day());
    }
    Ok(days)
}
