//! What has been kept for long enough (PIPL §19, §47): which records, why, and what still holds others back. Nothing is deleted that nobody saw on a
//! report: a report has a digest, and only the same one is carried out.

mod apply;
mod rules;

pub(crate) use apply::{Report, apply, finish, report};
pub use rules::Facts;
pub(crate) use rules::{
    Due, Judgement, Root, SPONSOR, What, Why, due, is_open_request, judged_kinds, named_by, naming_kinds,
};

use serde::Serialize;
use serde_json::{Map, Value};

/// For how many months what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Keeping {
    /// After a visit was made, if it was reviewed.
    pub keep_visits: u32,
    /// After a need, a task or a case was closed.
    pub keep_needs: u32,
    /// Photos, after their visit.
    pub keep_photos: u32,
    /// The file, with all below it, of somebody who died, moved away or left the register.
    pub keep_files: u32,
    /// Who helps (name, contact, telephone), after the last dealing with him.
    pub keep_sponsors: u32,
}

/// Three years: so long PIPL §56 has the records of handling kept, and so long a measure may be asked after.
const MONTHS: u32 = 36;

impl Default for Keeping {
    fn default() -> Keeping {
        Keeping {
            keep_visits: MONTHS,
            keep_needs: MONTHS,
            keep_photos: MONTHS,
            keep_files: MONTHS,
            keep_sponsors: MONTHS,
        }
    }
}

impl Keeping {
    /// Every setting.
    pub const SETTINGS: [&'static str; 5] =
        ["keep_visits", "keep_needs", "keep_photos", "keep_files", "keep_sponsors"];
    /// The months that one takes: nothing goes within half a year, nothing stays for ever by mistake.
    pub const MONTHS: std::ops::RangeInclusive<u32> = 6..=1200;

    /// Changes one setting; its name and the months, or nothing where there is none of that name or it does not take the value.
    pub fn set(&mut self, name: &str, value: &str) -> Option<(&'static str, u32)> {
        let months = value.trim().parse().ok().filter(|months| Keeping::MONTHS.contains(months))?;
        let known = Keeping::SETTINGS.into_iter().find(|known| *known == name)?;
        match known {
            "keep_visits" => self.keep_visits = months,
            "keep_needs" => self.keep_needs = months,
            "keep_photos" => self.keep_photos = months,
            "keep_files" => self.keep_files = months,
            _ => self.keep_sponsors = months,
        }
        Some((known, months))
    }

    /// As members of an object.
    pub fn members(self) -> Map<String, Value> {
        let months =
            [self.keep_visits, self.keep_needs, self.keep_photos, self.keep_files, self.keep_sponsors];
        Keeping::SETTINGS
            .into_iter()
            .zip(months)
            .map(|(name, months)| (name.to_owned(), months.into()))
            .collect()
    }
}
