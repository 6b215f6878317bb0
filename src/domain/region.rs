//! Region codes and the area tree (domain.md §3.7). A code is a label; an area is known by its id.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::text::bare;

/// A code of 2, 4, 6, 9 or 12 digits, without the zeros that pad a higher level.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AreaCode(String);

/// How high an area stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Two digits.
    Province,
    /// Four digits.
    Prefecture,
    /// Six digits.
    County,
    /// Nine digits.
    Township,
    /// Twelve digits.
    Village,
}

/// The text is no region code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a region code of 6, 9 or 12 digits")]
pub struct NoAreaCode;

impl AreaCode {
    /// The digits that count: 6 of a county, 9 of a township, 12 of a village.
    pub fn prefix(&self) -> &str {
        &self.0
    }

    /// The code padded to 12 digits, as papers and templates write it.
    pub fn full(&self) -> String {
        format!("{:0<12}", self.0)
    }

    /// The level of the area.
    pub fn level(&self) -> Level {
        match self.0.len() {
            2 => Level::Province,
            4 => Level::Prefecture,
            6 => Level::County,
            9 => Level::Township,
            _ => Level::Village,
        }
    }

    /// Whether `other` is this area or lies in it.
    pub fn contains(&self, other: &AreaCode) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The code of the next level up; none above a province.
    pub fn parent(&self) -> Option<AreaCode> {
        let length = match self.level() {
            Level::Province => return None,
            Level::Prefecture => 2,
            Level::County => 4,
            Level::Township => 6,
            Level::Village => 9,
        };
        Some(AreaCode(self.0[..length].to_owned()))
    }
}

impl FromStr for AreaCode {
    type Err = NoAreaCode;

    fn from_str(text: &str) -> Result<AreaCode, NoAreaCode> {
        let digits = bare(text);
        let digits = digits.trim_start_matches('\'');
        if !matches!(digits.len(), 6 | 9 | 12) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NoAreaCode);
        }
        let mut end = digits.len();
        for (length, pad) in [(12, "000"), (9, "000"), (6, "00"), (4, "00")] {
            if end == length && digits[..end].ends_with(pad) {
                end -= pad.len();
            }
        }
        if digits.starts_with("00") { Err(NoAreaCode) } else { Ok(AreaCode(digits[..end].to_owned())) }
    }
}

impl TryFrom<String> for AreaCode {
    type Error = NoAreaCode;

    fn try_from(text: String) -> Result<AreaCode, NoAreaCode> {
        text.parse()
    }
}

/// What was written is read again: codes above a county have six digits at least.
impl From<AreaCode> for String {
    fn from(code: AreaCode) -> String {
        format!("{:0<6}", code.0)
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A node of the area tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its own id, which never changes.
    pub id: String,
    /// Its code of today; a new village may have none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<AreaCode>,
    /// Its name.
    pub name: String,
    /// The id of the area above; none at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// Areas by id, code and name.
#[derive(Clone, Debug, Default)]
pub struct AreaTree {
    nodes: BTreeMap<String, Area>,
}

impl AreaTree {
    /// A tree of these areas; of two with one id the later counts.
    pub fn new(areas: impl IntoIterator<Item = Area>) -> AreaTree {
        AreaTree { nodes: areas.into_iter().map(|area| (area.id.clone(), area)).collect() }
    }

    /// The area of an id.
    pub fn get(&self, id: &str) -> Option<&Area> {
        self.nodes.get(id)
    }

    /// All areas, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Area> {
        self.nodes.values()
    }

    /// The areas directly below.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Area> {
        self.nodes.values().filter(move |area| area.parent.as_deref() == Some(id))
    }

    /// Whether `id` is `top` or lies below it. A loop in the tree ends the walk.
    pub fn is_within(&self, id: &str, top: &str) -> bool {
        let mut at = Some(id);
        for _ in 0..=self.nodes.len() {
            match at {
                Some(here) if here == top => return true,
                Some(here) => at = self.get(here).and_then(|area| area.parent.as_deref()),
                None => return false,
            }
        }
        false
    }

    /// The area of a code of 6, 9 or 12 digits.
    pub fn by_code(&self, code: &AreaCode) -> Option<&Area> {
        self.nodes.values().find(|area| area.code.as_ref() == Some(code))
    }

    /// The one area of this name within `top`: 红旗, 红旗村 and 红旗村委会 are one. Of several that fit, only an
    /// exact name is taken.
    pub fn by_name(&self, name: &str, top: &str) -> Option<&Area> {
        let key = name_key(name);
        let mut hits = self
            .nodes
            .values()
            .filter(|area| area.id != top && name_key(&area.name) == key && self.is_within(&area.id, top));
        let first = hits.next()?;
        let rest: Vec<&Area> = hits.collect();
        if rest.is_empty() {
            return Some(first);
        }
        let exact = bare(name);
        rest.into_iter().chain([first]).find(|area| bare(&area.name) == exact)
    }
}

/// A village's name without what lists add or leave out at its end.
pub fn name_key(name: &str) -> String {
    let mut key: String = bare(name).chars().filter(|c| !"()*:".contains(*c)).collect();
    for ending in ["村民委员会", "居民委员会", "村委会", "居委会", "行政村", "社区", "村"]
    {
        let whole = key.as_str() == ending;
        if let Some(rest) = key.strip_suffix(ending).filter(|_| !whole) {
            key = rest.to_owned();
            break;
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::{Area, AreaCode, AreaTree, Level};

    fn code(text: &str) -> AreaCode {
        text.parse().unwrap()
    }

    fn area(id: &str, text: &str, name: &str, parent: Option<&str>) -> Area {
        Area { id: id.into(), code: text.parse().ok(), name: name.into(), parent: parent.map(Into::into) }
    }

    fn tree() -> AreaTree {
        AreaTree::new([
            area("c", "339999", "示范县", None),
            area("t", "339999100", "双桥镇", Some("c")),
            area("u", "339999101", "柳河镇", Some("c")),
            area("v1", "339999100201", "红旗村", Some("t")),
            area("v2", "", "桃花社区", Some("t")),
            area("v3", "339999101201", "红旗村", Some("u")),
            area("loop", "", "圈", Some("loop")),
        ])
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "33999", "3399991002", "33999910020a", "000000", "-39999", "339999100201000"] {
            assert!(text.parse::<AreaCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn codes_of_6_9_and_12_digits_find_their_level() {
        for (text, prefix, level) in [
            ("339999", "339999", Level::County),
            ("339999000000", "339999", Level::County),
            ("339999100000", "339999100", Level::Township),
            ("339999100", "339999100", Level::Township),
            (" 339999100201 ", "339999100201", Level::Village),
            ("330000000000", "33", Level::Province),
            ("330100", "3301", Level::Prefecture),
        ] {
            assert_eq!((code(text).prefix(), code(text).level()), (prefix, level), "{text}");
        }
        assert_eq!(code("339999100").full(), "339999100000");
        assert_eq!(code("339999100201").parent(), Some(code("339999100")));
    }

    #[test]
    fn an_area_contains_what_its_code_begins() {
        assert!(code("339999100").contains(&code("339999100201")));
        assert!(code("339999").contains(&code("339999000000")));
        assert!(!code("339999100").contains(&code("339998100201")));
        assert!(!code("339999100201").contains(&code("339999100")));
    }

    #[test]
    fn villages_are_found_by_code_and_by_name_within_their_township() {
        let tree = tree();
        assert_eq!(tree.by_code(&code("339999100201")).map(|a| a.id.as_str()), Some("v1"));
        assert_eq!(tree.by_name("红旗村委会", "t").map(|a| a.id.as_str()), Some("v1"));
        assert_eq!(tree.by_name(" 桃花 ", "t").map(|a| a.id.as_str()), Some("v2"));
        assert_eq!(tree.by_name("双桥", "t"), None);
        assert!(tree.is_within("v3", "c") && !tree.is_within("v3", "t") && !tree.is_within("loop", "c"));
        assert_eq!(tree.children("t").count(), 2);
    }

    #[test]
    fn a_code_of_any_level_that_was_written_is_read_again() {
        for text in ["330000", "339900", "999900000000", "339999", "339999100", "339999100201"] {
            let code: AreaCode = text.parse().unwrap();
            assert_eq!(AreaCode::try_from(String::from(code.clone())), Ok(code), "{text}");
        }
    }
}
