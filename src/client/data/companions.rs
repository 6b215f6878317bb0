//! 同行人: who came along to a visit, and the names by which a device knows colleagues without a line.

use super::{Data, OfficeError, OfficeRequest, SaveError, columns::completed_day};
use crate::{driver::Driver, platform::clock, vault_store::entry::Columns};
use domain::order::Gather;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many come along to one visit.
pub(crate) const COMPANIONS_MAX: usize = 6;
/// The sealed setting that holds the names of accounts.
const SETTING: &str = "people";

/// Names by account id.
pub(crate) type Names = BTreeMap<String, String>;

#[derive(Deserialize)]
struct People {
    rows: Vec<Person>,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    name: String,
}

impl Data {
    /// Keeps who came along, with the visit under way.
    pub(crate) async fn come_along(self, visit: Uuid, companions: Vec<String>) -> Result<(), SaveError> {
        self.change(visit, |body| body.companions = companions).await
    }

    /// The names of accounts as the office told them last.
    pub(crate) async fn names_kept(self) -> Names {
        let Some(driver) = self.open_driver() else { return Names::new() };
        let text = driver.store.setting(SETTING).await.ok().flatten().unwrap_or_default();
        domain::json::from_str(&text).unwrap_or_default()
    }

    /// The names of accounts as the office tells them now. The device keeps them for the village.
    pub(crate) async fn names_told(self) -> Result<Names, OfficeError> {
        let answer = self.office(OfficeRequest::get("lists/people")).await?;
        let told = answer.json::<People>()?.rows;
        let names: Names = told.into_iter().map(|person| (person.id, person.name)).gather();
        if let (Some(driver), Ok(text)) = (self.open_driver(), serde_json::to_string(&names)) {
            // What cannot be kept is asked for again another time.
            let _ = driver.store.put_setting(SETTING, &text).await;
        }
        Ok(names)
    }
}

/// Who came along at the last visit of the day: most likely they still do.
pub(super) fn of_the_day(driver: &Driver) -> Vec<String> {
    let today = clock::today_day();
    let drafts = driver.store.all_drafts().into_iter().filter(|(_, body)| !body.reopened);
    let begun = drafts.map(|(_, body)| (body.saved_at, body.companions));
    let own = driver.author().to_string();
    let index = driver.store.index();
    let done = index.all().filter_map(|(_, entry)| match &entry.columns {
        Some(Columns::Visit(visit)) if !entry.hidden && visit.visitors.first() == Some(&own) => {
            Some((visit.completed_at?, visit.visitors[1..].to_vec()))
        }
        _ => None,
    });
    last_of_day(begun.chain(done).filter(|(at, _)| completed_day(*at) == today))
}

fn last_of_day(visits: impl Iterator<Item = (i64, Vec<String>)>) -> Vec<String> {
    visits.max_by_key(|(at, _)| *at).map(|(_, companions)| companions).unwrap_or_default()
}

/// Who was at a visit, whoever made it first: he who did before, where it is corrected.
pub(super) fn visitors(before: &[String], author: &str, companions: &[String]) -> Vec<String> {
    let first = before.first().map_or(author, String::as_str);
    let others = companions.iter().filter(|one| one.as_str() != first);
    std::iter::once(first.to_owned()).chain(others.cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn who_came_along_last_comes_along_next() {
        let visits = [(1, names("王强")), (3, names("李四 周敏")), (2, Vec::new())];
        assert_eq!(last_of_day(visits.into_iter()), names("李四 周敏"));
        assert_eq!(last_of_day([(1, names("王强")), (2, Vec::new())].into_iter()), names(""));
        assert_eq!(last_of_day(std::iter::empty()), names(""));
    }

    #[test]
    fn whoever_made_the_visit_stays_its_first_visitor() {
        assert_eq!(visitors(&[], "a", &names("b 王强")), names("a b 王强"));
        assert_eq!(visitors(&names("b a"), "a", &names("a 王强")), names("b a 王强"));
        assert_eq!(visitors(&[], "a", &names("a")), names("a"));
    }
}
