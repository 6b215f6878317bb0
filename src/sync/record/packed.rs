//! A record as JSON at rest: what wrote a value is said once for all values of the same changeset.
//!
//! `{id, kind, area, parent?, rev, entered, placed, del?, w: [[fv, ops, t_eff, author]…], f: {name: [w, value] | [w, S, idx]}, c: [[rev, op]…], about?}`;
//! `placed` and the first item of a field are positions in `w`. Frozen by a snapshot.

use super::{Change, FieldState, Origin, Record, SealedStored, Stored, Tombstone};
use crate::{id::AreaId, rev::Rev, wire::SealedValue};
use domain::order::Gather;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, SeqAccess, Visitor},
    ser::SerializeTuple as _,
};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct Packed<W, C, A> {
    id: Uuid,
    kind: String,
    area: AreaId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<Uuid>,
    rev: Rev,
    entered: Rev,
    placed: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    del: Option<Tombstone>,
    w: Vec<W>,
    f: BTreeMap<String, C>,
    c: Vec<(Rev, Uuid)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<A>,
}

type Writing = (Rev, Vec<Uuid>, i64, Uuid);

/// One field: the position of its writing, and its value.
struct Cell(usize, Stored);

struct CellRef<'a>(usize, &'a Stored);

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut w: Vec<(Rev, &[Uuid], i64, Uuid)> = Vec::new();
        let placed = position(&mut w, self.entered, &self.placed);
        let fields = self.fields.iter();
        let f = fields
            .map(|(name, state)| {
                (name.clone(), CellRef(position(&mut w, state.fv, &state.origin), &state.value))
            })
            .gather();
        Packed {
            id: self.id,
            kind: self.kind.clone(),
            area: self.area,
            parent: self.parent,
            rev: self.rev,
            entered: self.entered,
            placed,
            del: self.del.clone(),
            w,
            f,
            c: self.changes.iter().map(|change| (change.rev, change.op)).collect(),
            about: (!self.about.is_empty()).then_some(&self.about),
        }
        .serialize(serializer)
    }
}

/// Where in `w` a writing stands; it is added when it is new.
fn position<'r>(w: &mut Vec<(Rev, &'r [Uuid], i64, Uuid)>, fv: Rev, origin: &'r Origin) -> usize {
    let writing = (fv, origin.ops.as_slice(), origin.t_eff, origin.author);
    w.iter().position(|known| *known == writing).unwrap_or_else(|| {
        w.push(writing);
        w.len() - 1
    })
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Record, D::Error> {
        let packed = Packed::<Writing, Cell, BTreeMap<Uuid, String>>::deserialize(deserializer)?;
        let writing = |at: usize| packed.w.get(at).ok_or_else(|| de::Error::custom("no such writing"));
        let origin =
            |(_, ops, t_eff, author): &Writing| Origin { ops: ops.clone(), t_eff: *t_eff, author: *author };
        let placed = origin(writing(packed.placed)?);
        let mut fields = BTreeMap::new();
        for (name, Cell(at, value)) in packed.f {
            let writing = writing(at)?;
            fields.insert(name, FieldState { value, fv: writing.0, origin: origin(writing) });
        }
        Ok(Record {
            id: packed.id,
            kind: packed.kind,
            area: packed.area,
            parent: packed.parent,
            rev: packed.rev,
            entered: packed.entered,
            placed,
            del: packed.del,
            fields,
            changes: packed.c.into_iter().map(|(rev, op)| Change { rev, op }).collect(),
            about: packed.about.unwrap_or_default(),
        })
    }
}

impl Serialize for CellRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let CellRef(at, value) = self;
        let mut cell = serializer.serialize_tuple(if matches!(value, Stored::Plain(_)) { 2 } else { 3 })?;
        cell.serialize_element(at)?;
        match value {
            Stored::Plain(value) => cell.serialize_element(value)?,
            Stored::Sealed(sealed) => {
                cell.serialize_element(&sealed.s)?;
                cell.serialize_element(&sealed.idx)?;
            }
        }
        cell.end()
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cell, D::Error> {
        struct CellVisitor;

        impl<'de> Visitor<'de> for CellVisitor {
            type Value = Cell;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a position, a value, and of a sealed value its index")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut cell: A) -> Result<Cell, A::Error> {
                let at = cell.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                let value: Value = cell.next_element()?.ok_or_else(|| de::Error::invalid_length(1, &self))?;
                let Some(idx) = cell.next_element()? else { return Ok(Cell(at, Stored::Plain(value))) };
                let s: SealedValue = domain::json::from_value(value).map_err(de::Error::custom)?;
                Ok(Cell(at, Stored::Sealed(SealedStored { s, idx })))
            }
        }

        deserializer.deserialize_seq(CellVisitor)
    }
}
