//! Writing sponsors, pledges and donations: a new record, or what a form changed of one.

use crate::{
    data::{
        Data, SaveError,
        fields::{delete, set},
        file::area_of,
    },
    driver::Driver,
    platform::{clock, entropy},
};
use serde_json::Value;
use sync::{
    id::AreaId,
    replica::Save,
    wire::{Fields, Op},
};
use uuid::Uuid;

/// A record that a form makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewRecord {
    /// In an area of the office.
    Sponsor(AreaId),
    /// It lies where the family does that it names, else where its sponsor does.
    Pledge,
    /// It lies where its measure or its pledge does, else where its sponsor does.
    Donation,
}

impl NewRecord {
    fn kind(self) -> &'static str {
        match self {
            NewRecord::Sponsor(_) => "sponsor",
            NewRecord::Pledge => "pledge",
            NewRecord::Donation => "donation",
        }
    }

    /// The area of the new record.
    fn area(self, driver: &Driver, f: &Fields) -> Result<AreaId, SaveError> {
        let beside = match self {
            NewRecord::Sponsor(area) => return Ok(area),
            NewRecord::Pledge => ["need", "recipient", "sponsor"],
            NewRecord::Donation => ["measure", "pledge", "sponsor"],
        };
        let named = beside.iter().find_map(|field| f.get(*field)?.as_str()?.parse::<Uuid>().ok());
        area_of(driver, named.ok_or(SaveError::Unknown)?)
    }
}

impl Data {
    /// Writes a new sponsor, pledge or donation; its id.
    pub(crate) async fn add_record(self, new: NewRecord, mut f: Fields) -> Result<Uuid, SaveError> {
        let driver = self.writer()?;
        f.retain(|_, value| !value.is_null());
        let area = new.area(&driver, &f)?;
        let e = entropy::uuid(clock::now_ms());
        self.save(vec![Op::Create { e, kind: new.kind().to_owned(), area, parent: None, f }]).await?;
        Ok(e)
    }

    /// Writes new sponsors, each by itself for the office; on this device all of them or none.
    pub(crate) async fn add_sponsors(self, area: AreaId, all: Vec<Fields>) -> Result<(), SaveError> {
        let one = |f| {
            let e = entropy::uuid(clock::now_ms());
            vec![Op::Create { e, kind: "sponsor".to_owned(), area, parent: None, f }]
        };
        let mut parts = all.into_iter().map(one);
        let Some(ops) = parts.next() else { return Ok(()) };
        let driver = self.writer()?;
        driver.save(Save { ops, behind: parts.collect(), ..Save::default() }).await?;
        self.hub().ask_persist();
        Ok(())
    }

    /// Writes what a form changed of a record: what somebody else changed meanwhile is not undone.
    pub(crate) async fn change_record(self, e: Uuid, before: Fields, after: Fields) -> Result<(), SaveError> {
        let nothing = Value::Null;
        let is_changed = |(field, value): &(String, Value)| before.get(field).unwrap_or(&nothing) != value;
        let changed = after.into_iter().filter(is_changed);
        let ops: Vec<Op> = changed.map(|(field, value)| set(e, &field, value)).collect();
        if ops.is_empty() { Ok(()) } else { self.save(ops).await }
    }

    /// Takes a record back that was entered by mistake; the reason stays on record.
    pub(crate) async fn take_back(self, e: Uuid, reason: String) -> Result<(), SaveError> {
        self.save(vec![delete(e, reason)]).await
    }
}
