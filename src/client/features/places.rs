//! Region codes in words: the villages and townships that the device knows.

use super::{answer_words, labels, people};
use crate::{
    data::{AreaRow, Loaded, Topic, use_data},
    locale::words::file as w,
};
use domain::order::Gather;
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields of a file that hold a region code, or the id of an area.
const CODE_FIELDS: [&str; 3] = ["live_code", "domicile_code", "area"];

/// The villages that the device knows, watched.
pub(crate) fn villages() -> Signal<Vec<AreaRow>> {
    let data = use_data();
    let areas = Loaded::new(move || {
        data.changed(Topic::Areas).track();
        async move { data.areas().await }
    });
    Signal::derive(move || {
        let areas = areas.get().unwrap_or_default();
        areas.into_iter().filter(|area: &AreaRow| area.code.len() >= VILLAGE_DIGITS).collect()
    })
}

/// What a region code means, watched.
#[derive(Clone, Copy)]
pub(crate) struct Places(Memo<BTreeMap<String, String>>);

impl Places {
    pub(crate) fn new() -> Places {
        let data = use_data();
        let areas = Loaded::new(move || {
            data.changed(Topic::Areas).track();
            async move { data.areas().await }
        });
        Places(Memo::new(move |_| {
            let areas = areas.get().unwrap_or_default();
            let name = |area: &AreaRow| {
                let above = areas.iter().find(|other| Some(other.id) == area.parent);
                let above = above.filter(|above| above.code.len() > COUNTY_DIGITS);
                format!("{}{}", above.map(|above| above.name.as_str()).unwrap_or_default(), area.name)
            };
            let keys = |area: &AreaRow| [area.code.clone(), area.id.to_string()];
            areas.iter().flat_map(|area| keys(area).map(|key| (key, name(area)))).gather()
        }))
    }

    /// A value of a file in words: places and people by their names, money in yuan.
    pub(crate) fn value(self, field: &str, value: &Value) -> String {
        if let ("income_year", Some(fen)) = (field, value.as_i64()) {
            return w::yuan(answer_words::yuan(fen));
        }
        if field == "responsible" {
            return value.as_str().map(people::name).unwrap_or_default();
        }
        match value.as_str().filter(|code| CODE_FIELDS.contains(&field) && !code.is_empty()) {
            Some(code) => self.name(code),
            None => labels::value(field, value),
        }
    }

    /// The name of a place, with the township before the village; the code itself where the device does not know it.
    pub(crate) fn name(self, code: &str) -> String {
        self.0.with(|names| names.get(code).cloned()).unwrap_or_else(|| code.to_owned())
    }
}

/// Digits of a village's code.
pub(crate) const VILLAGE_DIGITS: usize = 12;
/// A county's code has so many digits; a township's and a village's have more.
const COUNTY_DIGITS: usize = 6;
