//! What a person decides about a list before it is written.

use super::state::Preview;
use domain::order::Gather;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What becomes of a village that the area tree lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VillageChoice {
    Create,
    /// The id of an area that exists.
    Map(String),
}

/// The decisions about unknown villages, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Villages(BTreeMap<String, VillageChoice>);

impl Villages {
    pub(crate) fn choose(&mut self, name: &str, choice: Option<VillageChoice>) {
        match choice {
            Some(choice) => self.0.insert(name.to_owned(), choice),
            None => self.0.remove(name),
        };
    }

    pub(crate) fn choice(&self, name: &str) -> Option<&VillageChoice> {
        self.0.get(name)
    }

    /// The villages that nobody decided about yet.
    pub(crate) fn open(&self, preview: &Preview) -> usize {
        preview.villages_unknown.iter().filter(|village| !self.0.contains_key(&village.name)).count()
    }

    /// The decisions as the office reads them.
    pub(super) fn decided(&self) -> Map<String, Value> {
        self.0
            .iter()
            .map(|(name, choice)| {
                let value = match choice {
                    VillageChoice::Create => serde_json::json!({ "create": true }),
                    VillageChoice::Map(area) => serde_json::json!({ "area": area }),
                };
                (name.clone(), value)
            })
            .gather()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::state::{ProposedHousehold, tests::preview},
        *,
    };
    use serde_json::json;

    #[test]
    fn a_commit_waits_for_every_unknown_village() {
        let preview = preview();
        let mut villages = Villages::default();
        assert_eq!(villages.open(&preview), 1);
        villages.choose("新村", Some(VillageChoice::Create));
        assert_eq!(villages.open(&preview), 0);
        assert_eq!(preview.decided(&villages, &[])["villages"], json!({"新村": {"create": true}}));
        villages.choose("新村", Some(VillageChoice::Map("a1".to_owned())));
        assert_eq!(preview.decided(&villages, &[])["villages"], json!({"新村": {"area": "a1"}}));
        villages.choose("新村", None);
        assert_eq!(villages.open(&preview), 1);
    }

    #[test]
    fn only_confirmed_households_go_with_a_commit() {
        let of = |rows: &[u32]| ProposedHousehold {
            village: "红旗村".to_owned(),
            addr: "3组12号".to_owned(),
            rows: rows.to_vec(),
            names: Vec::new(),
        };
        let preview = Preview { households: vec![of(&[4, 9]), of(&[5, 6])], ..preview() };
        let decided = |households: &[String]| preview.decided(&Villages::default(), households);
        assert_eq!(decided(&[])["households"], json!([]));
        assert_eq!(decided(&["5".to_owned()])["households"], json!([[5, 6]]));
    }
}
