//! Region codes in words: the villages and townships that the device knows.

use crate::data::{Loaded, Topic, use_data};
use domain::order::Gather;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Fields of a file that hold a region code.
pub(crate) const CODE_FIELDS: [&str; 2] = ["live_code", "domicile_code"];

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
            let name = |area: &crate::data::AreaRow| {
                let above = areas.iter().find(|other| Some(other.id) == area.parent);
                let above = above.filter(|above| above.code.len() > COUNTY_DIGITS);
                format!("{}{}", above.map(|above| above.name.as_str()).unwrap_or_default(), area.name)
            };
            areas.iter().map(|area| (area.code.clone(), name(area))).gather()
        }))
    }

    /// The name of a place, with the township before the village; the code itself where the device does not know it.
    pub(crate) fn name(self, code: &str) -> String {
        self.0.with(|names| names.get(code).cloned()).unwrap_or_else(|| code.to_owned())
    }
}

/// A county's code has so many digits; a township's and a village's have more.
const COUNTY_DIGITS: usize = 6;
