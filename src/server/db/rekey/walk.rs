//! Sealed values wherever they stand in what is stored, and each sealed anew for its own place.
//!
//! A seal opens only where it was made for: at a record and a field. A record's own fields say both. A save, a proposal, a conflict and what an import
//! found name the record somewhere around the value; each id that stands there is tried, the nearest first.

use crypto::SUITE;
use domain::kinds::{FieldClass, kinds};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::{
    record::{Record, Stored},
    wire::SealedValue,
};
use uuid::Uuid;

use crate::keys::Keys;

/// A text inside a text, as deep as one is looked into.
const DEPTH_MAX: usize = 64;

/// Seals values anew, and counts.
pub(super) struct Walk<'k> {
    keys: &'k Keys,
    /// Names of fields that hold seals.
    fields: BTreeSet<&'static str>,
    /// Of conflicts and proposals: the record that they are about.
    about: BTreeMap<Uuid, Uuid>,
    /// Values that were sealed anew.
    pub(super) sealed: u64,
    /// Values of another key that none at hand opens.
    pub(super) unread: u64,
}

impl<'k> Walk<'k> {
    pub(super) fn new(keys: &'k Keys, about: BTreeMap<Uuid, Uuid>) -> Walk<'k> {
        let all = kinds().iter().flat_map(|kind| kind.fields);
        let fields = all.filter(|field| field.class == FieldClass::Sealed).map(|field| field.name);
        Walk { keys, fields: fields.collect(), about, sealed: 0, unread: 0 }
    }

    /// Seals the values of a record; whether there was one.
    pub(super) fn record(&mut self, record: &mut Record) -> bool {
        let texts = record.fields.values().filter_map(|field| match &field.value {
            Stored::Plain(Value::String(text)) => Uuid::try_parse(text).ok(),
            _ => None,
        });
        let around = self.with_subjects(std::iter::once(record.id).chain(texts));
        let mut changed = false;
        for (name, field) in &mut record.fields {
            changed |= match &mut field.value {
                Stored::Plain(value) => self.tree(value, name, &around, 0),
                Stored::Sealed(stored) => match self.anew(&stored.s, name, &around) {
                    Some((s, idx)) => {
                        (stored.s, stored.idx) = (s, idx);
                        true
                    }
                    None => false,
                },
            };
        }
        changed
    }

    /// Seals the values of a text of JSON about these records; the new text where there was one.
    pub(super) fn text(&mut self, text: &str, around: &[Uuid]) -> Option<String> {
        self.text_at(text, around, 0)
    }

    /// A value whose place is known.
    pub(super) fn value(&mut self, text: &str, place: Uuid, fields: &[&str]) -> Option<String> {
        let value: SealedValue = serde_json::from_str(text).ok()?;
        if value.kid == self.keys.kid() {
            return None;
        }
        let e = place.to_string();
        let Some((again, _)) = fields.iter().find_map(|field| self.keys.seal_again(&e, field, &value)) else {
            self.unread += 1;
            return None;
        };
        self.sealed += 1;
        serde_json::to_string(&again).ok()
    }

    fn text_at(&mut self, text: &str, around: &[Uuid], depth: usize) -> Option<String> {
        if depth > DEPTH_MAX || !text.contains("kid") {
            return None;
        }
        let mut value: Value = serde_json::from_str(text).ok()?;
        self.tree(&mut value, "", around, depth + 1).then(|| value.to_string())
    }

    fn tree(&mut self, value: &mut Value, name: &str, around: &[Uuid], depth: usize) -> bool {
        if depth > DEPTH_MAX {
            return false;
        }
        match value {
            Value::String(text) => match self.text_at(text, around, depth) {
                Some(again) => {
                    *text = again;
                    true
                }
                None => false,
            },
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |changed, item| self.tree(item, name, around, depth + 1) | changed),
            Value::Object(_) if is_seal(value) => self.seal(value, name, around),
            Value::Object(members) => {
                let texts = members.values().filter_map(Value::as_str);
                // The field is named beside the value, or the value stands under its name.
                let said = texts.clone().find(|text| self.fields.contains(text)).map(str::to_owned);
                let ids: Vec<Uuid> = texts.filter_map(|text| Uuid::try_parse(text).ok()).collect();
                let mut near = self.with_subjects(ids.into_iter());
                near.extend(around);
                members.iter_mut().fold(false, |changed, (key, item)| {
                    let name = said.as_deref().unwrap_or(key);
                    self.tree(item, name, &near, depth + 1) | changed
                })
            }
            _ => false,
        }
    }

    fn seal(&mut self, value: &mut Value, name: &str, around: &[Uuid]) -> bool {
        let Ok(sealed) = serde_json::from_value::<SealedValue>(value.clone()) else { return false };
        let Some((again, _)) = self.anew(&sealed, name, around) else { return false };
        let Ok(again) = serde_json::to_value(&again) else { return false };
        // What a later version wrote beside these stays.
        if let (Some(members), Value::Object(new)) = (value.as_object_mut(), again) {
            members.extend(new);
        }
        true
    }

    /// The value sealed to the present key, with its index; nothing where it is, or where it does not open anywhere near.
    fn anew(&mut self, value: &SealedValue, name: &str, around: &[Uuid]) -> Option<(SealedValue, String)> {
        if value.kid == self.keys.kid() && value.alg == SUITE {
            return None;
        }
        let places = || around.iter().map(Uuid::to_string);
        let others = self.fields.iter().copied().filter(|field| *field != name);
        let again = std::iter::once(name)
            .chain(others)
            .find_map(|field| places().find_map(|e| self.keys.seal_again(&e, field, value)));
        match &again {
            Some(_) => self.sealed += 1,
            None => self.unread += 1,
        }
        again
    }

    /// These records, each with the one that it is about.
    fn with_subjects(&self, ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
        ids.flat_map(|id| [Some(id), self.about.get(&id).copied()]).flatten().collect()
    }
}

fn is_seal(value: &Value) -> bool {
    ["kid", "alg", "enc", "ct", "show"].iter().all(|name| value[*name].is_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;
    use serde_json::json;

    const NUMBER: &str = "339999194803120019";

    fn keys() -> (Keys, Keys) {
        let folder = Folder::new();
        let path = folder.path().join("server.key");
        let (old, _) = Keys::open_or_make(&path).unwrap();
        let (again, _) = Keys::open_or_make(&path).unwrap();
        (old, again.put_new_first(&path).unwrap())
    }

    #[test]
    fn a_value_is_found_at_whatever_depth_and_sealed_for_its_own_place() {
        let (old, new) = keys();
        let (e, other, conflict) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        let seal = |field: &str| json!(old.seal_field(&e.to_string(), field, NUMBER, "0019".to_owned()));
        let mut create = json!({"op": "create", "e": e, "f": {"id_no": seal("id_no"), "name": "李伟"}});
        create["f"]["id_no"]["later"] = json!(7);
        let save = json!({"ops": [
            create,
            {"op": "sealed", "e": e, "f": "account_no", "v": seal("account_no")},
            {"op": "resolve", "e": conflict, "take": "value", "v": seal("id_no")},
            {"op": "set", "e": other, "f": "remark", "v": json!({"of": e, "inner": seal("id_no")}).to_string()},
        ]});
        let mut walk = Walk::new(&new, BTreeMap::from([(conflict, e)]));
        let text = walk.text(&save.to_string(), &[]).unwrap();
        assert_eq!((walk.sealed, walk.unread), (4, 0));
        assert!(text.contains(new.kid()) && !text.contains(old.kid()));
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["ops"][0]["f"]["id_no"]["later"], 7, "what is not known stays");
        let value: SealedValue = serde_json::from_value(read["ops"][2]["v"].clone()).unwrap();
        assert_eq!(new.open_field(&e.to_string(), "id_no", &value).unwrap(), NUMBER);
        assert_eq!(walk.text(&text, &[]), None, "a second time there is nothing to do");
    }

    #[test]
    fn a_value_that_opens_nowhere_near_is_left_and_counted() {
        let (old, new) = keys();
        let far = old.seal_field(&Uuid::from_u128(9).to_string(), "id_no", NUMBER, "0019".to_owned());
        let save = json!({"ops": [{"op": "sealed", "e": Uuid::from_u128(1), "f": "id_no", "v": far}]});
        let mut walk = Walk::new(&new, BTreeMap::new());
        assert_eq!(walk.text(&save.to_string(), &[]), None);
        assert_eq!((walk.sealed, walk.unread), (0, 1));
        assert_eq!(walk.text("kid: no JSON", &[]), None);
    }
}
